/// A request for a zone's contents (RFC 5936 2.1, RFC 1995 3).
package struct TransferRequest: Sendable {
    package enum Kind: Hashable, Sendable {
        /// AXFR: all of it.
        case whole
        /// IXFR: what has changed since the zone had this serial.
        case changes(since: UInt32)
    }

    /// The apex, in the spelling of the request.
    package let zone: DomainName
    package let kind: Kind
    /// Header and question of every message of the answer, the record counts all 0.
    package let opening: [UInt8]
    /// The OPT record of every message of the answer; `nil` where the request has none.
    package let option: [UInt8]?

    /// Whether a message's question may be for a transfer, at little cost: nearly all are not.
    package static func isAsked(by message: [UInt8]) -> Bool {
        guard message.count > Header.length, let end = DomainName.end(ofNameIn: message[Header.length...]),
            end + 2 <= message.count
        else { return false }
        let type = RecordType(rawValue: UInt16(message[end]) << 8 | UInt16(message[end + 1]))
        return type == .axfr || type == .ixfr
    }

    /// - Returns: `nil` for any other message, and for one that is malformed.
    package init?(_ message: [UInt8]) {
        guard let query = try? Query(reading: message), query.isWellFormed, let question = query.question,
            !query.header.flags.contains(.response), query.header.flags.opcode == 0,
            question.recordClass == Question.internet, query.edns?.version ?? 0 == 0
        else { return nil }
        let end = Header.length + question.nameLength
        guard let zone = try? DomainName(wire: message[Header.length..<end]) else { return nil }
        switch question.type {
        case .axfr: kind = .whole
        case .ixfr:
            guard let serial = Self.serial(in: message) else { return nil }
            kind = .changes(since: serial)
        default: return nil
        }
        self.zone = zone
        let flags = query.header.flags.intersection(.copied).union([.response, .authoritative])
        var opening = Array(message[..<2])
        for word in [flags.rawValue, 1, 0, 0, 0] { opening.append(bigEndian: word) }
        self.opening = opening + message[Header.length..<Header.length + question.length]
        option = query.edns.map { edns in
            let size = AnswerPolicy().largestPayload
            return [0, 0, 41, UInt8(size >> 8), UInt8(size & 255), 0, 0, edns.dnssecOK ? 0x80 : 0, 0, 0, 0]
        }
    }

    /// SERVFAIL: nothing is wrong with the request, which may be made again.
    package var serverFailure: [UInt8] {
        var message = opening + (option ?? [])
        message[2] &= ~0x04
        message[3] = message[3] & 0xf0 | UInt8(ResponseCode.serverFailure.rawValue)
        message[11] = option == nil ? 0 : 1
        return message
    }

    /// The serial of the SOA record in the authority section: its data ends in five numbers of four octets.
    private static func serial(in message: [UInt8]) -> UInt32? {
        var reader = MessageReader(message)
        guard let header = try? reader.header(), header.authorityCount == 1, (try? reader.question()) != nil,
            let record = try? reader.record(), record.type == .soa, record.data.count >= 22
        else { return nil }
        return record.data.suffix(20).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
