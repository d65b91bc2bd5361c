// DNAME (RFC 6672): the names below one are those below another.

extension FullAnswer {
    /// Answers a name below the owner of a DNAME record: with that record, and with what it says of this name as a CNAME
    /// record of the same TTL (RFC 6672 3.1).
    ///
    /// - Returns: the name to go on with.
    mutating func answerRedirected(
        _ name: borrowing WrittenName, _ owner: Placement.Ancestor, _ reader: borrowing AnswerReader
    ) -> WrittenName? {
        guard let redirection = owner.record.set(.dname), redirection.count > 0 else { return nil }
        let entry = redirection.entry(0)
        let ownerPosition = name.position(of: owner)
        if redirections.insert(name.key.slice(owner.start..<name.key.length)).inserted,
            message.append(entry, of: owner.record, owner: ownerPosition, to: .answer) == nil
        {
            truncate()
            return nil
        }
        let suffix = owner.record.octets(entry.offset + AnswerRecord.dataOffset..<entry.offset + entry.length)
        let target: DomainName
        do {
            target = try DomainName(wire: message.octets[name.position..<ownerPosition] + suffix)
        } catch {
            // RFC 6672 2.2: too long a name to be one.
            refuse(.redirectedTooFar, .nameTooLong)
            return nil
        }
        guard
            let alias = message.append(
                type: .cname, timeToLive: redirection.timeToLive, data: target.wire, owner: name.position)
        else {
            truncate()
            return nil
        }
        // Whoever asks for the alias itself has it now.
        guard question.type != .cname, question.type != .any else { return nil }
        return WrittenName(at: alias + AnswerRecord.dataOffset, in: message.octets, reader)
    }
}
