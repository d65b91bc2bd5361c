import Testing

@testable import DNS

@Suite struct `Operations other than QUERY` {
    private static func ask(
        _ opcode: UInt16, _ zone: String, edns: Bool = true, counts: [UInt16]? = nil, trailer: [UInt8] = []
    ) throws -> ReplyText {
        let query = QueryText("\(zone) SOA", payloadSize: edns ? 1232 : nil, flags: opcode << 11)
        let octets = query.octets(counts: counts, trailer: trailer)
        var paths = BothPaths(Sample.shared)
        let (full, fast, _) = paths.replies(to: octets)
        #expect(full == fast)
        let reply = try #require(full.flatMap(ReplyText.init))
        #expect(reply.flags & 0xfff0 == 0x8000 | opcode << 11)
        #expect(reply.identifier == query.identifier)
        #expect(reply.answer.isEmpty && reply.authority.isEmpty && reply.additional.isEmpty)
        return reply
    }

    @Test(arguments: [
        (4 as UInt16, "18 this server is the primary of the zone"),
        (5, "18 records change through the registry and the zone files"),
    ])
    func `NOTIFY and UPDATE are refused for a zone of ours, and are not ours to take for others`(
        opcode: UInt16, error: String
    ) throws {
        for zone in ["consul.", "Example."] {
            let reply = try Self.ask(opcode, zone)
            #expect(reply.code == 5)
            #expect(reply.extendedError == error)
            #expect(reply.question?.hasSuffix(" SOA") == true)
            #expect(try Self.ask(opcode, zone, edns: false).option == nil)
        }
        for zone in ["example.org.", "service.consul.", "web.example.", "."] {
            let reply = try Self.ask(opcode, zone)
            #expect(reply.code == 9)
            #expect(reply.extendedError == "20 this server answers for consul., example. alone")
        }
    }

    @Test func `what they bring along does not matter, but must be whole`() throws {
        let record: [UInt8] = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 10, 0, 0, 1]
        for opcode in [4, 5] as [UInt16] {
            #expect(try Self.ask(opcode, "consul.", edns: false, counts: [1, 1, 0, 0], trailer: record).code == 5)
            let three = record + record + record
            #expect(try Self.ask(opcode, "consul.", edns: false, counts: [1, 1, 1, 1], trailer: three).code == 5)
            #expect(try Self.ask(opcode, "consul.", edns: false, counts: [1, 1, 1, 0], trailer: record).code == 1)
            #expect(try Self.ask(opcode, "consul.", edns: false, counts: [1, 65535, 65535, 65535]).code == 1)
            #expect(try Self.ask(opcode, "consul.", edns: false, counts: [1, 0, 0, 0], trailer: [0]).code == 1)
        }
    }

    @Test func `nothing is changed by an UPDATE`() throws {
        let table = Sample.table()
        let record: [UInt8] = PlainText.name("new.service.consul.").wire + [0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 10, 0, 0, 1]
        let query = QueryText("consul. SOA", flags: 5 << 11).octets(counts: [1, 0, 1, 0], trailer: record)
        #expect(table.answer(query, over: .tcp)?[3] == 5)
        #expect(table.records(at: PlainText.name("new.service.consul.")) == nil)
    }
}
