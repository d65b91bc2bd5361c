import Testing

@testable import DNS

@Suite struct `The alternative domain` {
    private static func table(_ alternative: String) -> AnswerTable {
        var zone = Sample.registry
        zone.alternative = PlainText.name(alternative)
        let table = AnswerTable(zones: [zone, Sample.file]) { name, _ in
            name == PlainText.name("_services._dns-sd._udp.consul.")
                ? WorkedOutAnswer(Sample.names("_services._dns-sd._udp.consul. 1 PTR _web._tcp.consul.")) : nil
        }
        for records in Sample.registryRecords + Sample.fileRecords { table.publish(records) }
        table.publish(
            OwnerRecords(owner: PlainText.name("down.service.consul."), note: "1 instance, critical"))
        table.publish(
            OwnerRecords(owner: PlainText.name("_dns-sd._udp.consul."), unpublished: .names))
        return table
    }

    private static let shared = table("lab.test.")

    @Test(arguments: [
        "consul. SOA", "consul. NS", "consul. A", "ns.consul. A", "web.service.consul. SRV", "web.service.consul. A",
        "WEB.service.dc1.consul. A", "_web._tcp.service.consul. SRV", "_web._primary.consul. SRV",
        "web.service.consul. AAAA", "web.service.consul. ANY", "six.service.consul. AAAA", "forty.service.consul. A",
        "service.consul. A", "dc1.consul. A", "nothing.service.consul. A", "0a000001.addr.consul. A",
        "0a000001.addr.consul. AAAA", "zz.addr.consul. A", "elsewhere.service.consul. A", "inside.service.consul. A",
        "server01.node.consul. A", "down.service.consul. A", "_services._dns-sd._udp.consul. PTR", "consul. AXFR",
    ])
    func `answers as the domain does, in its own words`(query: String) throws {
        var paths = BothPaths(Self.shared)
        let original = try #require(
            paths.replies(to: QueryText(query, payloadSize: 4096).octets()).full.flatMap(ReplyText.init))
        let alternative = QueryText(query.replacing("consul.", with: "lab.test."), payloadSize: 4096)
        let (full, fast, _) = paths.replies(to: alternative.octets())
        #expect(full == fast)
        let reply = try #require(full.flatMap(ReplyText.init))
        let translated = { (lines: [String]) in lines.map { $0.replacing("consul.", with: "lab.test.") }.sorted() }
        #expect(reply.code == original.code)
        #expect(reply.isAuthoritative == original.isAuthoritative)
        #expect(reply.isTruncated == original.isTruncated)
        #expect(reply.answer.sorted() == translated(original.answer))
        #expect(reply.authority.sorted() == translated(original.authority))
        #expect(reply.additional.sorted() == translated(original.additional))
        #expect(reply.extendedError == original.extendedError)
    }

    @Test(arguments: [
        ("web.service.lab.test. A", true), ("_web._tcp.lab.test. A", true), ("web.service.lab.test. SRV", false),
    ])
    func `gives addresses on the fast path`(query: String, isPlain: Bool) {
        var paths = BothPaths(Self.shared)
        #expect(paths.replies(to: QueryText(query).octets()).wasPlain == isPlain)
    }

    @Test(arguments: ["web.service.alab.test. A", "web.service.test. A", "test. SOA"])
    func `is not what only looks like it`(query: String) throws {
        try check(Case(query: query, code: .refused, isAuthoritative: false), of: Self.shared)
    }

    @Test(arguments: ["many.service.lab.test. A", "ten.service.lab.test. SRV"])
    func `cuts what does not fit`(query: String) throws {
        var paths = BothPaths(Self.shared)
        let (full, fast, _) = paths.replies(to: QueryText(query).octets())
        #expect(full == fast)
        let reply = try #require(full.flatMap(ReplyText.init))
        #expect(reply.length <= 512 && reply.answer.count > 5)
        #expect(reply.isTruncated == query.hasPrefix("many"))
    }

    @Test func `has no name that the domain could not have`() throws {
        let table = Self.table("t.")
        let label = String(repeating: "x", count: 62)
        try check(.init(query: "\(label).\(label).\(label).\(label).t. A", code: .nameError), of: table)
    }

    @Test func `leads to others as the domain does`() throws {
        var query = QueryText("elsewhere.service.lab.test. A", payloadSize: 1232)
        query.flags = 0x0100
        guard case .foreign(let question) = Self.shared.outcome(of: query.octets(), Arrival(over: .udp)) else {
            Issue.record("nobody else is asked")
            return
        }
        #expect(question.name == PlainText.name("www.example.org."))
        let reply = try #require(ReplyText(question.ownReply))
        #expect(reply.answer == ["elsewhere.service.lab.test. 1 CNAME www.example.org."])
    }
}
