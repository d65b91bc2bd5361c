import Testing

@testable import DNS

@Suite struct `A note at a name without data` {
    private static let owner = PlainText.name("web.service.consul.")

    private func table(_ note: String?) -> AnswerTable {
        let table = AnswerTable(zones: [Sample.registry])
        table.publish(OwnerRecords(owner: Self.owner, note: note))
        return table
    }

    @Test(arguments: [nil, "1 instance, critical: web-1 \"HTTP 500\"", "é", String(repeating: "x", count: 200)])
    func `is kept as it is, under every spelling`(note: String?) {
        let table = table(note)
        for name in ["web.service.consul.", "_web._tcp.service.dc1.consul."] {
            #expect(table.records(at: PlainText.name(name))?.note == note)
        }
    }

    @Test(arguments: [("x", 200), ("é", 100), ("€", 66), ("👍🏽", 25)])
    func `is cut between characters`(character: String, count: Int) {
        let note = table(String(repeating: character, count: 300)).records(at: Self.owner)?.note
        #expect(note == String(repeating: character, count: count))
    }

    @Test func `stays where zones change, and goes with what has data`() {
        let table = table("why")
        table.setZones([Sample.registry, Sample.file])
        #expect(table.records(at: Self.owner)?.note == "why")
        table.publish(Sample.names("web.service.consul. 1 A 10.0.0.1"))
        #expect(table.records(at: Self.owner)?.note == nil)
    }

    @Test(arguments: [nil, 1232] as [UInt16?])
    func `is told to who can read it, and changes nothing for others`(payloadSize: UInt16?) throws {
        var paths = BothPaths(table("why"))
        let query = QueryText("web.service.consul. A", payloadSize: payloadSize)
        let (full, fast, wasPlain) = paths.replies(to: query.octets())
        #expect(full == fast)
        #expect(wasPlain)
        let reply = try #require(fast.flatMap(ReplyText.init))
        #expect(reply.extendedError == (payloadSize == nil ? nil : "0 why"))
        #expect(reply.code == 0 && reply.answer.isEmpty && reply.authority == [Sample.registrySOA])
    }
}
