/// What a secondary is sent when a zone has changed (RFC 1996 3.7): the question for its SOA, with the new one as a hint.
package enum NotifyMessage {
    /// - Parameter soa: the zone's, which has one record.
    package static func octets(_ soa: RRSet, identifier: UInt16) -> [UInt8] {
        var opening: [UInt8] = []
        for word in [identifier, 0, 0, 0, 0, 0] { opening.append(bigEndian: word) }
        opening += soa.owner.wire
        for word in [RecordType.soa.rawValue, Question.internet] { opening.append(bigEndian: word) }
        var message = MessageWriter(opening: opening[...], limit: Int(UInt16.max))
        for data in soa.rdata {
            _ = message.append(type: .soa, timeToLive: soa.timeToLive, data: data, owner: Header.length)
        }
        let opcode = Header.Flags(rawValue: UInt16(Opcode.notify) << 11)
        return message.finishRequest(flags: [opcode, .authoritative])
    }
}
