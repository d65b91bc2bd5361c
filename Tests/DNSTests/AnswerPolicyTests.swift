import Testing

@testable import DNS

private func policy(_ change: (inout AnswerPolicy) -> Void) -> AnswerPolicy {
    var policy = AnswerPolicy()
    change(&policy)
    return policy
}

@Suite struct `The longest reply over UDP` {
    @Test(arguments: [512, 1232, 1400, 4096], [nil, 512, 900, 1232, 4096, 65535] as [UInt16?])
    func `is the least of what the client takes and what is set, and the latter is told`(
        largest: Int, asked: UInt16?
    ) throws {
        var paths = BothPaths(Sample.table(policy { $0.largestPayload = largest }))
        for name in ["many.service.consul. A", "ten.service.consul. SRV", "forty.service.consul. A"] {
            let (full, fast, _) = paths.replies(to: QueryText(name, payloadSize: asked).octets())
            #expect(full == fast)
            let reply = try #require(full.flatMap(ReplyText.init))
            let limit = min(max(Int(asked ?? 512), 512), largest)
            #expect(reply.length <= limit)
            if reply.isTruncated { #expect(reply.length + 44 > limit) }
            if asked != nil { #expect(reply.option?.payloadSize == largest) }
        }
    }
}

@Suite struct `What does not fit` {
    @Test func `is another part each time, so that every record is handed out`() throws {
        var paths = BothPaths(Sample.shared)
        var seen: Set<String> = []
        for seed in 0..<100 as Range<UInt64> {
            let (full, fast, _) = paths.replies(to: QueryText("forty.service.consul. A").octets(), seed: seed)
            #expect(full == fast)
            let reply = try #require(full.flatMap(ReplyText.init))
            #expect(reply.isTruncated && reply.answer.count == 29)
            seen.formUnion(reply.answer)
        }
        #expect(seen.count == 40)
    }

    @Test func `is cut between records over TCP too, with room for the OPT record`() throws {
        let table = Sample.table()
        let lines = (1...5000).map { "huge.service.consul. 1 SRV 1 1 \($0) n\($0).node.dc1.consul." }
        table.publish(Sample.names(lines.joined(separator: "\n")))
        var query = QueryText("huge.service.consul. SRV", payloadSize: 1232)
        query.options = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        let octets = try #require(table.answer(query.octets(), Arrival(over: .tcp, from: .v4(1))))
        let reply = try #require(ReplyText(octets))
        #expect((65_490...65_535).contains(octets.count))
        #expect(reply.isTruncated && reply.option(10) != nil)
        #expect(Set(reply.answer).count == reply.answer.count && reply.answer.count > 1000)
    }
}

@Suite struct `A limit on the records of an answer` {
    private static let table = Sample.table(policy { $0.answerLimit = 4 })

    private func replies(_ name: String, seed: UInt64 = 1) throws -> [ReplyText] {
        var paths = BothPaths(Self.table)
        let query = QueryText(name, payloadSize: 1232).octets()
        let (full, fast, _) = paths.replies(to: query, seed: seed)
        #expect(full == fast)
        let overTCP = Self.table.answer(query, over: .tcp)
        return try [full, overTCP].map { try #require($0.flatMap(ReplyText.init)) }
    }

    @Test(arguments: ["forty.service.consul. A", "ten.service.consul. SRV", "many.service.consul. A"])
    func `means the same over UDP and TCP, and is no truncation`(name: String) throws {
        for reply in try replies(name) {
            #expect(Set(reply.answer).count == 4)
            #expect(!reply.isTruncated)
            #expect(reply.additional.count == (name.hasSuffix("SRV") ? 4 : 0))
        }
    }

    @Test func `hands out every record in time`() throws {
        var seen: Set<String> = []
        for seed in 0..<150 as Range<UInt64> {
            for reply in try replies("forty.service.consul. A", seed: seed) { seen.formUnion(reply.answer) }
        }
        #expect(seen.count == 40)
    }

    @Test func `leaves smaller answers and zone files as they are`() throws {
        let table = Sample.table(policy { $0.answerLimit = 1 })
        table.publish(Sample.names("two.example. 60 A 192.0.2.1\ntwo.example. 60 A 192.0.2.2"))
        var paths = BothPaths(table)
        for (name, count) in [("two.example. A", 2), ("server01.node.consul. A", 1), ("web.service.consul. A", 1)] {
            let (full, fast, _) = paths.replies(to: QueryText(name).octets())
            #expect(full == fast)
            #expect(full.flatMap(ReplyText.init)?.answer.count == count)
        }
    }
}
