@testable import DNS

/// Any message under a good signature, whole or with one octet altered: a good one is answered under a signature that its
/// sender can check, a bad one never. The first octets say which key signs, and what is altered.
enum SignedTarget {
    static func run(_ octets: [UInt8]) {
        guard octets.count >= prefix + Header.length, octets.count < 4096 else { return }
        let message = Array(octets[prefix...])
        // One more record has to be counted.
        guard message[10] & message[11] != 0xff else { return }
        let key = FuzzedRegistry.keys[Int(octets[0]) % FuzzedRegistry.keys.count]
        var (request, mac) = TSIGSigner.request(message, key)
        let position = (Int(octets[1]) << 8 | Int(octets[2])) % request.count
        request[position] ^= octets[3]
        // What was signed is under another ID.
        let isAltered = octets[3] != 0 && (2..<message.count).contains(position)
        for transport in [Transport.udp, .tcp] {
            let arrival = Arrival(over: transport, from: .v4(0x7f00_0001))
            guard let reply = FuzzedRegistry.table.answer(request, arrival) else { continue }
            precondition(reply.count >= Header.length && reply[..<2] == request[..<2], "another ID")
            precondition(transport == .tcp || reply.count <= FuzzedRegistry.table.policy.largestPayload, "too long")
            let isGood = SignedMessage(reply)?.answers(mac, key) == true
            precondition(!isAltered || !isGood, "a good answer to what was altered")
            precondition(octets[3] != 0 || isGood || !isWhole(request, message), "no good answer to what was not")
        }
    }

    private static let prefix = 4

    /// Whether the signature is the last record of a message that can be read so far.
    private static func isWhole(_ request: [UInt8], _ message: [UInt8]) -> Bool {
        SignedMessage(request)?.unsigned == message
    }
}
