import NIOCore
import Testing

extension EndToEnd {
    @Suite struct `Malformed and hostile DNS messages` {
        @Test(arguments: HostileMessage.all)
        func `each has its response code or is dropped`(message: HostileMessage) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    try await Datagrams.open(to: berth.ports.dns) { socket in
                        try await socket.send(message.octets)
                        // One socket, one worker: the answer to the control question can't overtake another.
                        try await socket.send(controlQuestion(id: 0xC0DE))
                        let first = try #require(await socket.next(within: .seconds(10)))
                        switch message.outcome {
                        case .silence:
                            #expect(first.prefix(2) == [0xC0, 0xDE], "it was answered: \(first)")
                        case .code(let code):
                            #expect(first.prefix(2) == message.octets.prefix(2), "it was dropped")
                            #expect(first.count >= 12 && first[2] & 0x80 != 0 && first[3] & 0x0F == code, "\(first)")
                            let second = try #require(await socket.next(within: .seconds(10)))
                            #expect(second.prefix(2) == [0xC0, 0xDE])
                        }
                    }
                }
            }
        }

        @Test func `two seconds of noise over UDP and TCP leave every control question answered`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let body = #"{"name": "web", "address": "10.0.0.7", "port": 80}"#
                    #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
                    var random = SplitMix64(seed: 0x5EED)
                    let end = ContinuousClock.now + .seconds(2)
                    var controls: UInt16 = 0
                    while ContinuousClock.now < end {
                        let noise = (0..<64).map { _ in Noise.message(&random) }
                        controls += 1
                        let id = controls
                        let answered = try await Datagrams.open(to: berth.ports.dns) { socket in
                            for octets in noise { try await socket.send(octets) }
                            try await socket.send(controlQuestion(id: id))
                            while let answer = await socket.next(within: .seconds(10)) {
                                if answer.count > 40, answer.prefix(2) == [UInt8(id >> 8), UInt8(id & 0xFF)] {
                                    return true
                                }
                            }
                            return false
                        }
                        #expect(answered, "control question \(id) has no answer")
                        // It may hang up on such a client at any octet.
                        try? await withTCPConnection(to: berth.ports.dns) { connection in
                            try await connection.write(ByteBuffer(bytes: noise[0]))
                            try await connection.write(ByteBuffer(bytes: [0, UInt8(noise[1].count & 0xFF)] + noise[1]))
                        }
                    }
                    #expect(controls > 1)
                    for option in ["+notcp", "+tcp"] {
                        let answer = try await berth.dig("web.service.consul", "SRV", option)
                        #expect(answer.endpoints == ["10.0.0.7:80"], "\(answer.text)")
                    }
                }
            }
        }

        @Test func `an EDNS version that nobody knows is BADVERS`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let answer = try await berth.dig("web.service.consul", "SRV", "+edns=1", "+noednsnegotiation")
                    #expect(answer.status == "BADVERS")
                }
            }
        }
    }
}

/// `web.service.consul SRV` as a plain query.
private func controlQuestion(id: UInt16) -> [UInt8] {
    [UInt8(id >> 8), UInt8(id & 0xFF), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question
}

private let question: [UInt8] =
    [3] + Array("web".utf8) + [7] + Array("service".utf8) + [6] + Array("consul".utf8) + [0, 0, 33, 0, 1]

/// A message that no honest client sends, and what is due to it.
struct HostileMessage: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable { case silence, code(UInt8) }

    let testDescription: String
    let octets: [UInt8]
    let outcome: Outcome

    private static let formatError = Outcome.code(1)
    private static let notImplemented = Outcome.code(4)
    private static let notAuthoritative = Outcome.code(9)

    /// The header fields that differ from those of a plain query, and all that follows the header.
    private init(
        _ description: String, flags: [UInt8] = [1, 0], counts: [UInt8] = [1, 0, 0, 0], _ rest: [UInt8],
        _ outcome: Outcome
    ) {
        testDescription = description
        octets = [0xBA, 0xD0] + flags + counts.flatMap { [0, $0] } + rest
        self.outcome = outcome
    }

    private init(_ description: String, octets: [UInt8], _ outcome: Outcome) {
        testDescription = description
        self.octets = octets
        self.outcome = outcome
    }

    private static let type: [UInt8] = [0, 1, 0, 1]
    private static let option: [UInt8] = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]
    private static let longLabels = Array(
        [[UInt8]](repeating: [63] + [UInt8](repeating: 0x61, count: 63), count: 5).joined())

    static let all = [
        HostileMessage("empty", octets: [], .silence),
        HostileMessage("one octet", octets: [0xBA], .silence),
        HostileMessage("a header cut short", octets: [0xBA, 0xD0, 1, 0, 0, 1, 0, 0, 0, 0, 0], .silence),
        HostileMessage("a response", flags: [0x81, 0], question, .silence),
        HostileMessage("a response without a question", flags: [0x80, 0], counts: [0, 0, 0, 0], [], .silence),
        HostileMessage("no question", counts: [0, 0, 0, 0], [], formatError),
        HostileMessage("two questions", counts: [2, 0, 0, 0], question + question, formatError),
        HostileMessage("a question promised and not there", [], formatError),
        HostileMessage("a label cut short", [7, 0x73, 0x65], formatError),
        HostileMessage("a name without an end", [3, 0x77, 0x65, 0x62], formatError),
        HostileMessage("a type cut short", Array(question.dropLast(3)), formatError),
        HostileMessage("a pointer to itself", [0xC0, 12] + type, formatError),
        HostileMessage("a pointer past the end", [0xC0, 200] + type, formatError),
        HostileMessage("a pointer into the header", [0xC0, 0] + type, formatError),
        HostileMessage("two pointers in a circle", [1, 0x61, 0xC0, 16, 0xC0, 12] + type, formatError),
        HostileMessage("a reserved label type", [0x80, 0x61, 0] + type, formatError),
        HostileMessage("a name over 255 octets", longLabels + [0] + type, formatError),
        HostileMessage("two OPT records", counts: [1, 0, 0, 2], question + option + option, formatError),
        HostileMessage("an OPT record cut short", counts: [1, 0, 0, 1], question + option.dropLast(4), formatError),
        HostileMessage(
            "an OPT record whose options are cut short", counts: [1, 0, 0, 1],
            question + option.dropLast() + [4, 0, 10, 0, 200], formatError),
        HostileMessage("STATUS", flags: [0x10, 0], question, notImplemented),
        HostileMessage("NOTIFY for a zone of others", flags: [0x20, 0], question, notAuthoritative),
        HostileMessage("UPDATE of a zone of others", flags: [0x28, 0], question, notAuthoritative),
        HostileMessage("UPDATE without a zone", flags: [0x28, 0], counts: [0, 0, 0, 0], [], formatError),
        HostileMessage("an operation code without a meaning", flags: [0x78, 0], question, notImplemented),
    ]
}

/// Octets at random, and questions with octets changed at random.
private enum Noise {
    static func message(_ random: inout SplitMix64) -> [UInt8] {
        if Bool.random(using: &random) {
            return (0..<Int.random(in: 0...600, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        }
        var octets = controlQuestion(id: 0xFFFF)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            octets[.random(in: 2..<octets.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        return Array(octets.prefix(.random(in: 12...octets.count, using: &random)))
    }
}

/// The same noise in every run.
private struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
