/// A query as far as it could be read. Faults are values here: a malformed query is still answered, with FORMERR.
struct Query {
    var header: Header
    /// `nil` if there is not exactly one, or it could not be read. A well-formed query without one asks for a cookie.
    var question: Question?
    /// The OPT record; stays known if a fault comes after it.
    var edns: EDNS?
    /// Everything was read to the last octet, and is what a query may hold.
    var isWellFormed = false

    /// - Throws: ``WireError`` for less than a header.
    init(reading message: [UInt8]) throws(WireError) {
        var reader = MessageReader(message)
        header = try reader.header()
        isWellFormed = (try? readSections(&reader)) ?? false
    }

    private mutating func readSections(_ reader: inout MessageReader) throws(WireError) -> Bool {
        // More than one question is a format error (RFC 9619).
        guard header.questionCount <= 1 else { return false }
        if header.questionCount == 1 { question = try reader.question() }
        // Only an IXFR query has an authority section (RFC 1995 3), and none has an answer section. What NOTIFY and UPDATE
        // have in these sections (RFC 1996 3.7, RFC 2136 2) does not matter, as it is taken from nobody.
        guard
            header.flags.opcode != Opcode.query
                || header.answerCount == 0 && (header.authorityCount == 0 || question?.type == .ixfr)
        else { return false }
        for _ in 0..<(Int(header.answerCount) + Int(header.authorityCount)) { _ = try reader.record() }
        for _ in 0..<header.additionalCount {
            let record = try reader.record()
            if record.type == .opt {
                guard take(record) else { return false }
            }
            // A right one is the last record, and taken off before (RFC 8945 5.1).
            if record.type == .tsig { return false }
        }
        // Without a question there is nothing to ask for but a cookie (RFC 7873 5.4).
        return reader.isAtEnd && (question != nil || edns?.options.cookie != nil)
    }

    /// Takes an OPT record. At most one, owned by the root (RFC 6891 6.1.1, 6.1.2), with whole options.
    private mutating func take(_ option: MessageReader.Record) -> Bool {
        guard edns == nil, option.ownerIsRoot else { return false }
        var edns = EDNS(
            payloadSize: option.recordClass, version: UInt8(truncatingIfNeeded: option.timeToLive >> 16),
            dnssecOK: option.timeToLive & 0x8000 != 0)
        let options = edns.version == 0 ? EDNSOptions(reading: option.data) : EDNSOptions()
        if let options { edns.options = options }
        self.edns = edns
        return options != nil
    }
}
