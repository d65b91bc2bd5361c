// Services whose instances have host names for addresses.

extension FullAnswer {
    /// Answers for the addresses of a service with those of the host name that stands in for them, if that is a name of ours.
    ///
    /// Not with the alias: that stands beside SRV records, which is against RFC 1034 3.6.2, so a resolver that has it in
    /// its cache answers SRV by it. A TTL of 0 is no help: unbound keeps that for the rest of the second.
    ///
    /// - Returns: false, and nothing is answered, if others have to be asked.
    mutating func answerInPlace(
        of alias: AnswerSet, _ name: borrowing WrittenName, _ placement: Placement, _ reader: inout AnswerReader
    ) -> Bool {
        let (offset, length) = alias.entry(0)
        let data = alias.record.octets(offset + AnswerRecord.dataOffset..<offset + length)
        guard let target = try? DomainName(wire: data) else { return false }
        var inner = FullAnswer(self, asking: target)
        inner.answerName(&reader)
        workedOut = inner.workedOut
        guard inner.outside == nil else { return false }
        if inner.code == .serverFailure {
            refuse(.namesAwaited, .serverFailure)
            return true
        }
        var found = ForeignMessageReader(inner.message.finish(flags: [], code: .noError, option: nil))
        guard let header = found.header(), found.question() != nil, let answer = found.records(header.answerCount),
            let authority = found.records(header.authorityCount), !authority.contains(where: { $0.type == .ns })
        else { return false }
        let addresses = answer.filter { $0.type == question.type }
        guard !addresses.isEmpty else {
            answerNoData(name, placement, alias.record, reader)
            option?.error = inner.option?.error
            return true
        }
        for address in addresses {
            guard case .plain(let octets) = address.data,
                message.append(
                    type: address.type, timeToLive: min(address.timeToLive, alias.timeToLive), data: octets,
                    owner: name.position) != nil
            else {
                truncate()
                return true
            }
        }
        return true
    }
}
