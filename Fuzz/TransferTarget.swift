import NIOCore

@testable import DNS
@testable import DNSServer

/// Any stream from a secondary: each message in it has its answer, and a zone that is asked for comes as it should (RFC 5936
/// 2.2). The first octet says whether the messages are signed on their way, and by which key.
enum TransferTarget {
    private static let answering: TCPAnswering = {
        var secondaries = Secondaries(keys: FuzzedRegistry.keys)
        secondaries.allowed = [IPPrefix(peer, length: 32)].compactMap(\.self).map { TransferRule(addresses: $0) }
        let table = FuzzedRegistry.table
        return TransferResponder(secondaries, FuzzedRegistry.transfers, logger: FuzzedRegistry.logger)
            .answering(else: table.answering(nil))
    }()
    private static let peer = IPAddress.v4(0x7f00_0001)

    static func run(_ octets: [UInt8]) {
        guard let choice = octets.first else { return }
        let keys = FuzzedRegistry.keys
        let key = choice & 0x80 == 0 ? nil : keys[Int(choice & 0x7f) % keys.count]
        var framing = MessageFraming()
        framing.append(ByteBuffer(bytes: octets.dropFirst()))
        while framing.hasFrame, case .message(let message) = framing.next() { answer(message, key) }
    }

    private static func answer(_ message: [UInt8], _ key: TSIGKey?) {
        var query = message
        // One more record has to be counted.
        if let key, message[10] & message[11] != 0xff { query = TSIGSigner.request(message, key).message }
        switch answering(query, peer, { _ in fatalError("nobody else is asked") }) {
        case .silence: break
        case .later: fatalError("nobody else is asked")
        case .reply(let reply): check(reply, to: query)
        case .transfer(let messages): check(messages, to: query, isSigned: key != nil)
        }
    }

    private static func check(_ reply: [UInt8], to query: [UInt8]) {
        precondition((Header.length...Int(UInt16.max)).contains(reply.count), "a reply of \(reply.count) octets")
        precondition(reply[..<2] == query[..<2] && reply[2] & 0x80 != 0, "another ID, or no reply")
    }

    /// What begins and ends with the zone's SOA record is whole.
    private static func check(_ messages: TransferMessages, to query: [UInt8], isSigned: Bool) {
        var messages = messages
        var types: [RecordType] = []
        while let message = messages.next() {
            check(message, to: query)
            precondition(isSigned == (SignedMessage(message) != nil), "a signature too few, or too many")
            do {
                types += try answerTypes(of: message)
            } catch {
                fatalError("a message that cannot be read: \(error)")
            }
        }
        precondition(types.first == .soa && types.last == .soa, "a transfer that is not whole")
    }

    private static func answerTypes(of message: [UInt8]) throws(WireError) -> [RecordType] {
        var reader = MessageReader(message)
        let header = try reader.header()
        _ = try reader.question()
        var types: [RecordType] = []
        for _ in 0..<header.answerCount { types.append(try reader.record().type) }
        precondition(!types.isEmpty && header.authorityCount == 0, "a message without a record of the zone")
        for _ in 0..<header.additionalCount { _ = try reader.record() }
        precondition(reader.isAtEnd, "octets behind the message")
        return types
    }
}
