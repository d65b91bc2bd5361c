/// What a recursor says about a name outside our zones: read from its message once, to be written into replies.
package struct ForeignAnswer: Equatable, Sendable {
    /// ``ResponseCode/noError``, with or without data, or ``ResponseCode/nameError``.
    let code: ResponseCode
    let answer: [ForeignRecord]
    /// The SOA record of a negative answer.
    let authority: [ForeignRecord]
    /// True if a record has outlived its TTL, and is given because no fresh one could be had (RFC 8767).
    package let isStale: Bool

    /// What a stale record gets for its TTL, in seconds (RFC 8767 4).
    private static let staleTimeToLive: UInt32 = 30

    /// Reads a recursor's message.
    ///
    /// - Parameter staleMark: the TTL, longer than any true one, that marks records as stale.
    /// - Returns: `nil` for a failure, and for octets that are no reply to the question.
    package init?(reading message: [UInt8], name: DomainName, type: RecordType, staleMark: UInt32) {
        var reader = ForeignMessageReader(message)
        guard let header = reader.header(), header.flags.contains(.response), !header.flags.contains(.truncated),
            header.questionCount == 1, let code = ResponseCode(rawValue: header.flags.rawValue & 0xf),
            code == .noError || code == .nameError, reader.question() == ForeignMessageReader.Question(name, type),
            let answer = reader.records(header.answerCount), let authority = reader.records(header.authorityCount)
        else { return nil }
        self.code = code
        isStale = (answer + authority).contains { $0.timeToLive == staleMark }
        let fresh = { (record: ForeignRecord) in
            var record = record
            if record.timeToLive == staleMark { record.timeToLive = Self.staleTimeToLive }
            return record
        }
        self.answer = answer.map(fresh)
        self.authority = authority.map(fresh)
    }
}
