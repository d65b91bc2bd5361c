/// The operations that a message may ask for (IANA registry "DNS OpCodes").
enum Opcode {
    static let query: UInt8 = 0
    static let notify: UInt8 = 4
    static let update: UInt8 = 5
}

// Operations that are understood, and refused. IQUERY, STATUS and all others are not implemented.

extension FullAnswer {
    /// NOTIFY is for secondaries (RFC 1996): whoever sends it here takes us for one.
    static func refuseNotify(
        _ query: Query, _ message: [UInt8], _ arrival: Arrival, _ reader: inout AnswerReader
    ) -> [UInt8] {
        refuseOperation(query, message, arrival, .notify, &reader)
    }

    /// Records change through the registry and the zone files alone; an UPDATE (RFC 2136) changes nothing.
    static func refuseUpdate(
        _ query: Query, _ message: [UInt8], _ arrival: Arrival, _ reader: inout AnswerReader
    ) -> [UInt8] {
        refuseOperation(query, message, arrival, .update, &reader)
    }

    /// Refused for a zone of ours; for others' we are not the ones to ask (RFC 2136 3.1.1).
    private static func refuseOperation(
        _ query: Query, _ message: [UInt8], _ arrival: Arrival, _ error: ExtendedError, _ reader: inout AnswerReader
    ) -> [UInt8] {
        let flags = query.header.flags.opcodeBits
        guard query.isWellFormed, let question = query.question else {
            return MessageWriter(opening: message[..<Header.length], limit: 0).finish(
                flags: flags, code: .formatError, option: nil)
        }
        let opening = message[..<(Header.length + question.length)]
        let zone = WrittenName(at: Header.length, in: message, reader)
        let isOurs = Placement(zone.key, reader)?.apex.start == 0 || zone.key.name == reader.alternative?.alternative
        var option = option(query, arrival, &reader).option
        option?.error = isOurs ? error : reader.notAuthoritative
        let limit = EDNS.payloadLimit(query.edns, reader.policy) - (option?.length ?? 0)
        return MessageWriter(opening: opening, limit: limit).finish(
            flags: flags, code: isOurs ? .refused : .notAuthoritative, option: option)
    }
}

extension ExtendedError {
    fileprivate static let notify = ExtendedError(.prohibited, "this server is the primary of the zone")
    fileprivate static let update = ExtendedError(.prohibited, "records change through the registry and the zone files")
}
