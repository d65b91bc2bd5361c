import Testing

@testable import DNS

@Suite struct `Header and EDNS` {
    private func reply(to query: [UInt8], over transport: Transport = .udp) throws -> ReplyText {
        let table = Sample.shared
        var paths = BothPaths(table)
        if case .udp = transport {
            let (full, fast, _) = paths.replies(to: query)
            #expect(full == fast)
        }
        return try #require(table.answer(query, over: transport).flatMap(ReplyText.init))
    }

    @Test(
        arguments: [
            (0x0000, 0x8400), (0x0100, 0x8500), (0x0010, 0x8410), (0x0110, 0x8510),
            // AA, RA, Z, AD and RCODE mean nothing in a query and are not copied.
            (0x0400, 0x8400), (0x0080, 0x8400), (0x0040, 0x8400), (0x0020, 0x8400), (0x000f, 0x8400), (0x0200, 0x8400),
        ] as [(UInt16, UInt16)])
    func `RD and CD are copied, all other flags are ours`(asked: UInt16, answered: UInt16) throws {
        #expect(try reply(to: QueryText("web.service.consul. A", flags: asked).octets()).flags == answered)
        #expect(try reply(to: QueryText("service.consul. A", flags: asked).octets()).flags == answered)
    }

    @Test func `the question keeps its spelling`() throws {
        let reply = try reply(to: QueryText("wEb.SeRvIcE.CoNsUl. A").octets())
        #expect(reply.question == "wEb.SeRvIcE.CoNsUl. A")
        #expect(reply.answer.allSatisfy { $0.hasPrefix("wEb.SeRvIcE.CoNsUl. ") })
        #expect(reply.answer.count == 2)
    }

    @Test(arguments: ["web.service.consul. SRV", "nothing.consul. A", "service.consul. A", "example.org. A"])
    func `OPT is answered with our own size, and only if asked`(query: String) throws {
        var query = QueryText(query, payloadSize: 4096)
        for dnssecOK in [false, true] {
            query.dnssecOK = dnssecOK
            let option = try #require(try reply(to: query.octets()).option)
            #expect(option.payloadSize == 1232)
            #expect(option.dnssecOK == dnssecOK)
            #expect(option.version == 0)
        }
        query.payloadSize = nil
        #expect(try reply(to: query.octets()).option == nil)
    }

    @Test(arguments: [(3, 0), (11, 0), (11, 2), (12, 100), (15, 0), (65001, 3)])
    func `options that are nothing to us are ignored, none is echoed`(code: Int, length: Int) throws {
        var query = QueryText("web.service.consul. A", payloadSize: 1232)
        query.options = [UInt8(code >> 8), UInt8(code & 255), 0, UInt8(length)] + [UInt8](repeating: 1, count: length)
        let reply = try reply(to: query.octets())
        #expect(reply.code == 0)
        #expect(reply.answer.count == 2)
        #expect(reply.length == query.octets().count - query.options.count + 2 * 16)
    }

    @Test func `a record that is not OPT is ignored in the additional section`() throws {
        var query = QueryText("web.service.consul. A")
        query.payloadSize = nil
        let record: [UInt8] = [0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 2, 1, 65]
        #expect(try reply(to: query.octets(counts: [1, 0, 0, 1], trailer: record)).code == 0)
    }

    @Test(arguments: [1, 2, 255]) func `an EDNS version we do not know is BADVERS`(version: UInt8) throws {
        var query = QueryText("web.service.consul. A", payloadSize: 1232)
        query.version = version
        let reply = try reply(to: query.octets())
        #expect(reply.code == 16)
        #expect(reply.option?.version == 0)
        #expect(reply.counts == [1, 0, 0, 1])
    }

    @Test(arguments: [0, 3, 4, 254, 255]) func `a class that is not IN is refused`(recordClass: UInt16) throws {
        var query = QueryText("web.service.consul. A")
        query.recordClass = recordClass
        let reply = try reply(to: query.octets())
        #expect(reply.code == 5)
        #expect(reply.flags & 0x0400 == 0)
    }

    @Test(arguments: [1, 2, 3] + Array(6...15))
    func `an opcode that is not QUERY, NOTIFY or UPDATE is not implemented`(opcode: UInt16) throws {
        let reply = try reply(to: QueryText("web.service.consul. A", flags: opcode << 11 | 0x0100).octets())
        #expect(reply.code == 4)
        #expect(reply.flags & 0x7ff0 == opcode << 11)
        #expect(reply.length == 12)
    }

    @Test(arguments: ["OPT", "TSIG", "TKEY"]) func `types that are never data are a format error`(type: String) throws {
        #expect(try reply(to: QueryText("web.service.consul. \(type)").octets()).code == 1)
    }

    @Test(arguments: ["TYPE0", "TYPE103", "TYPE128", "TYPE666", "TYPE65535"])
    func `a type we have never heard of is no data`(type: String) throws {
        let reply = try reply(to: QueryText("web.service.consul. \(type)").octets())
        #expect(reply.code == 0)
        #expect(reply.authority.count == 1)
    }
}

@Suite struct `Size of replies` {
    private func reply(_ name: String, payloadSize: UInt16?) throws -> ReplyText {
        var paths = BothPaths(Sample.shared)
        let (full, fast, _) = paths.replies(to: QueryText(name, payloadSize: payloadSize).octets())
        #expect(full == fast)
        return try #require(full.flatMap(ReplyText.init))
    }

    @Test(
        arguments: [
            (nil, 512), (0, 512), (511, 512), (513, 513), (600, 600), (800, 800), (1232, 1232), (1233, 1232),
            (65535, 1232),
        ] as [(UInt16?, Int)])
    func `UDP replies keep to the asker's size and to ours`(payloadSize: UInt16?, limit: Int) throws {
        for name in ["forty.service.consul. A", "ten.service.consul. SRV", "many.service.consul. A"] {
            let reply = try reply(name, payloadSize: payloadSize)
            #expect(reply.length <= limit)
            #expect(reply.option != nil || payloadSize == nil)
            // Nothing was left out that would have fitted.
            if reply.isTruncated { #expect(reply.length + 44 > limit) }
        }
    }

    @Test func `addresses of targets give way before answers do`() throws {
        let reply = try reply("ten.service.consul. SRV", payloadSize: 600)
        #expect(!reply.isTruncated)
        #expect(reply.answer.count == 10)
        #expect((1..<10).contains(reply.additional.count))
    }

    @Test func `what does not fit sets TC and leaves a random part of whole records`() throws {
        let reply = try reply("forty.service.consul. A", payloadSize: nil)
        #expect(reply.isTruncated)
        #expect(reply.answer.count == (512 - 12 - 22 - 4) / 16)
        #expect(Set(reply.answer).count == reply.answer.count)
    }

    @Test func `TCP gives everything`() throws {
        let query = QueryText("many.service.consul. A").octets()
        let reply = try #require(Sample.shared.answer(query, over: .tcp).flatMap(ReplyText.init))
        #expect(!reply.isTruncated)
        #expect(Set(reply.answer).count == 3000)
    }

    @Test func `a TCP reply that would not fit a length prefix is cut`() throws {
        let table = Sample.table()
        let lines = (1...5000).map { "huge.service.consul. 1 A 10.\($0 >> 8).\($0 & 255).1" }
        table.publish(Sample.names(lines.joined(separator: "\n")))
        let query = QueryText("huge.service.consul. A").octets()
        let reply = try #require(table.answer(query, over: .tcp).flatMap(ReplyText.init))
        #expect(reply.isTruncated)
        #expect(reply.answer.count == (65535 - query.count) / 16)
    }

    @Test func `targets beyond the reach of a pointer get no addresses`() throws {
        let table = Sample.table()
        let numbers = 1...1000
        table.publish(
            Sample.names(
                numbers.map { "wide.service.consul. 1 SRV 1 1 \($0) t\($0).node.dc1.consul." }.joined(separator: "\n"),
                additional: numbers.map { "t\($0).node.dc1.consul. 1 A 10.0.\($0 >> 8).\($0 & 255)" }
                    .joined(separator: "\n")))
        let query = QueryText("wide.service.consul. SRV").octets()
        let reply = try #require(table.answer(query, over: .tcp).flatMap(ReplyText.init))
        #expect(!reply.isTruncated)
        #expect(reply.answer.count == 1000)
        #expect((300..<500).contains(reply.additional.count))
    }
}
