import Testing

@testable import DNS

@Suite struct `Extended errors say why there is no answer (RFC 8914)` {
    private func reply(_ text: String, payloadSize: UInt16? = 1232, recordClass: UInt16 = 1) throws -> ReplyText {
        var query = QueryText(text, payloadSize: payloadSize)
        query.recordClass = recordClass
        var paths = BothPaths(Sample.shared)
        let (full, fast, _) = paths.replies(to: query.octets())
        #expect(full == fast)
        return try #require(full.flatMap(ReplyText.init))
    }

    @Test(arguments: [
        ("nothing.service.consul. A", 3, "0 no service, tag or node of this name is registered"),
        ("x.node.dc1.consul. AAAA", 3, "0 no service, tag or node of this name is registered"),
        ("nothing.example. A", 3, "0 the zone has no such name"),
        ("0a00000x.addr.consul. A", 3, "0 not an address: 8 or 32 hexadecimal digits are"),
        ("web.service.consul. TXT", 0, "0 the name exists, but not with records of this type"),
        ("web.example. AAAA", 0, "0 the name exists, but not with records of this type"),
        ("a.wild.example. MX", 0, "0 the name exists, but not with records of this type"),
        ("0a000001.addr.consul. AAAA", 0, "0 the name exists, but not with records of this type"),
        ("www.example. AAAA", 0, "0 the name exists, but not with records of this type"),
        ("service.consul. A", 0, "0 there are no records at this name, only at names below it"),
        ("deep.example. A", 0, "0 there are no records at this name, only at names below it"),
        ("service.consul. ANY", 0, "0 there are no records at this name, only at names below it"),
        ("dangling.example. A", 3, "0 the zone has no such name"),
        ("loop1.example. A", 0, "0 aliases lead back here, or through more names than are followed"),
        ("www.example.org. A", 5, "20 this server answers for consul., example. alone"),
        ("example. AXFR", 5, "18 zones are not transferred to this client"),
        ("www.example. IXFR", 5, "18 zones are not transferred to this client"),
        ("example. MAILA", 4, "21 this query type is obsolete (RFC 973)"),
    ])
    func `an empty answer and a refusal have one`(query: String, code: Int, error: String) throws {
        let reply = try reply(query)
        #expect(reply.code == code)
        #expect(reply.extendedError == error)
    }

    @Test(arguments: [
        ("nothing.service.consul. A", 2, "14 nothing of this name yet, but not all services are known yet"),
        (
            "_x._tcp.nothing.service.dc1.consul. SRV", 2,
            "14 nothing of this name yet, but not all services are known yet"
        ),
        ("nothing.example. A", 3, "0 the zone has no such name"),
        ("0a00000x.addr.consul. A", 3, "0 not an address: 8 or 32 hexadecimal digits are"),
        ("service.consul. A", 0, "0 there are no records at this name, only at names below it"),
    ])
    func `while names are awaited, a missing one of the registry is a failure`(
        query: String, code: Int, error: String
    ) throws {
        let table = Sample.table()
        for (awaiting, code, authorities) in [(true, code, code == 2 ? 0 : 1), (false, code == 2 ? 3 : code, 1)] {
            table.isAwaitingNames = awaiting
            var paths = BothPaths(table)
            let (full, fast, _) = paths.replies(to: QueryText(query, payloadSize: 1232).octets())
            #expect(full == fast)
            let reply = try #require(full.flatMap(ReplyText.init))
            #expect(reply.code == code)
            #expect(reply.authority.count == authorities)
            // Who cannot tell has no authority.
            #expect(reply.isAuthoritative == (reply.code != 2))
            if awaiting { #expect(reply.extendedError == error) }
        }
    }

    @Test func `another class has one`() throws {
        let reply = try reply("web.service.consul. A", recordClass: 4)
        #expect(reply.code == 5)
        #expect(reply.extendedError == "21 of other classes than IN, CH is answered at most, if it is set up")
    }

    @Test(arguments: ["web.service.consul. A", "web.service.consul. SRV", "host.sub.example. A", "out.example. A"])
    func `an answer and a referral have none`(query: String) throws { #expect(try reply(query).options.isEmpty) }

    @Test(arguments: ["nothing.consul. A", "service.consul. A", "example.org. A", "example. AXFR"])
    func `a client without EDNS gets none`(query: String) throws {
        let reply = try reply(query, payloadSize: nil)
        #expect(reply.option == nil)
        #expect(reply.additional.isEmpty)
    }

    @Test func `one that does not fit is left out, and nothing else`() throws {
        let label = { (count: Int) in String(repeating: "x", count: count) }
        let hostmaster = "\(label(60)).\(label(60)).\(label(60)).consul."
        var zone = Sample.registry
        zone.soa = PlainText.sets("consul. 1 SOA ns.consul. \(hostmaster) 7 3600 600 86400 1")[0]
        var paths = BothPaths(AnswerTable(zones: [zone]))
        var counts: [Bool: Int] = [:]
        for length in 1...60 {
            let name = "\(label(length)).\(label(60)).\(label(60)).\(label(50)).consul."
            let (full, fast, wasPlain) = paths.replies(to: QueryText("\(name) A", payloadSize: 512).octets())
            #expect(full == fast && wasPlain)
            let reply = try #require(full.flatMap(ReplyText.init))
            #expect(reply.authority.count == 1 && !reply.isTruncated && reply.length <= 512)
            let error = ExtendedError.notRegistered.option.count
            let size = reply.length + (reply.extendedError == nil ? error : 0)
            #expect((reply.extendedError != nil) == (size <= 512))
            counts[reply.extendedError != nil, default: 0] += 1
        }
        #expect(counts.count == 2)
    }

    @Test func `only a few zones are named`() {
        let zones = ["consul.", "a.", "b.", "c.", "d."].map { name in
            Zone(apex: PlainText.name(name), source: .masterFile, soa: Sample.registry.soa)
        }
        #expect(ExtendedError.notAuthoritative(zones).text == "this server answers for a., b., c. and 2 more alone")
        #expect(ExtendedError.notAuthoritative([]).text == "no zone of this server has this name")
    }
}
