extension FullAnswer {
    /// Answers a name of the alternative domain as the zone answers the name that it stands for, with every name of the
    /// zone in the reply translated.
    ///
    /// What would be too long a name in the zone does not exist, and no SOA is there to say for how long.
    mutating func answerAlternative(
        _ domain: AlternativeDomain, _ name: borrowing WrittenName, _ reader: inout AnswerReader
    ) {
        flags.insert(.authoritative)
        let spelled = name.spelled(in: message.octets)
        guard let original = domain.original(spelled) else {
            option?.error = .notRegistered
            return code = .nameError
        }
        var inner = FullAnswer(self, asking: original)
        inner.answerName(&reader)
        code = inner.code
        flags.formUnion(inner.flags)
        option?.error = inner.option?.error
        // Where it will stand is not needed to find out about it.
        outside = inner.outside.map { ($0.name, MessageWriter.pointerReach) }
        let reply = inner.message.finish(flags: [], code: .noError, option: nil)
        append(recordsOf: reply, domain, compressingWith: spelled, at: name.position)
    }

    /// Appends the translated records of a reply as far as they fit.
    private mutating func append(
        recordsOf reply: [UInt8], _ domain: AlternativeDomain, compressingWith name: DomainName, at position: Int
    ) {
        var reader = ForeignMessageReader(reply)
        guard let header = reader.header(), reader.question() != nil else { return }
        var compression = NameCompression()
        compression.note(name, at: position)
        let sections: [(MessageWriter.Section, UInt16)] = [
            (.answer, header.answerCount), (.authority, header.authorityCount), (.additional, header.additionalCount),
        ]
        for (section, count) in sections {
            for record in reader.records(count) ?? [] {
                let octets = domain.translated(record).encoded(
                    at: message.octets.count, &compression, compressesData: false)
                guard message.append(octets, to: section) else {
                    return section == .additional ? () : truncate()
                }
            }
        }
    }
}

extension AlternativeDomain {
    fileprivate func translated(_ record: ForeignRecord) -> ForeignRecord {
        var record = record
        record.owner = translated(record.owner)
        if case .names(let before, let names, let after) = record.data {
            record.data = .names(before: before, names.map(translated), after: after)
        }
        return record
    }
}
