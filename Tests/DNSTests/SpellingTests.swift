import Testing

@testable import DNS

@Suite struct `Spellings that ask for a protocol (RFC 2782)` {
    /// A service whose instances speak several protocols, and one whose tag "udp" says nothing of them.
    private static let table: AnswerTable = {
        let known = [
            "_dns._tcp.service.consul. 1 SRV 1 1 5353 a.test.", "_dns._udp.service.consul. 1 SRV 1 1 53 b.test.",
        ].map { Sample.names($0) }
        let table = AnswerTable(zones: [Sample.registry]) { name, _ in
            known.first { $0.owner == name }.map(WorkedOutAnswer.init)
        }
        for name in ["dns", "udp.dns", "udp.api"] {
            var records = Sample.names("\(name).service.consul. 1 SRV 1 1 1 c.test.")
            records.unpublished = .protocols
            table.publish(records)
        }
        table.publish(Sample.names("web.service.consul. 1 SRV 1 1 2 c.test."))
        return table
    }()

    @Test(arguments: [
        Case(query: "dns.service.consul. SRV", answer: ["dns.service.consul. 1 SRV 1 1 1 c.test."]),
        Case(query: "udp.dns.service.dc1.consul. SRV", answer: ["udp.dns.service.dc1.consul. 1 SRV 1 1 1 c.test."]),
        Case(query: "_dns._tcp.service.consul. SRV", answer: ["_dns._tcp.service.consul. 1 SRV 1 1 5353 a.test."]),
        Case(query: "_DNS._TCP.dc1.consul. SRV", answer: ["_DNS._TCP.dc1.consul. 1 SRV 1 1 5353 a.test."]),
        Case(query: "_dns._udp.consul. SRV", answer: ["_dns._udp.consul. 1 SRV 1 1 53 b.test."]),
        .noData("_dns._udp.consul. A"), .nameError("_api._udp.service.consul. SRV"),
        Case(query: "_web._tcp.consul. SRV", answer: ["_web._tcp.consul. 1 SRV 1 1 2 c.test."]),
    ])
    func `are answered by both paths alike`(expected: Case) throws { try check(expected, of: Self.table) }

    @Test(arguments: [
        ("dns.service.consul. A", true), ("_dns._tcp.consul. A", false), ("_web._tcp.consul. A", true),
        ("udp.dns.service.consul. A", true),
        // Targets of which nothing is known here are looked for.
        ("web.service.consul. SRV", false),
    ])
    func `keep nobody else from the fast path`(query: String, isPlain: Bool) {
        var paths = BothPaths(Self.table)
        // What was asked before must not matter.
        _ = paths.replies(to: QueryText("_dns._tcp.consul. SRV").octets())
        #expect(paths.replies(to: QueryText(query).octets()).wasPlain == isPlain)
    }

    @Test func `are looked up for diagnosis too`() {
        #expect(Self.table.records(at: PlainText.name("_dns._tcp.consul."))?.sets.first?.rdata.first?[5] == 0xe9)
        #expect(Self.table.records(at: PlainText.name("_api._udp.consul.")) == nil)
        #expect(Self.table.records(at: PlainText.name("udp.api.service.consul.")) != nil)
    }
}

@Suite struct `Names of nodes with several labels` {
    private static let table: AnswerTable = {
        let table = AnswerTable(zones: [Sample.registry])
        for name in ["a.b", "b.c.d", "c.d", "x.dc1", "dc1"] {
            table.publish(Sample.names("\(name).node.consul. 1 A 10.0.0.1"))
        }
        return table
    }()

    @Test(arguments: [
        Case(query: "a.b.node.consul. A", answer: ["a.b.node.consul. 1 A 10.0.0.1"]),
        Case(query: "A.b.node.dc1.consul. A", answer: ["A.b.node.dc1.consul. 1 A 10.0.0.1"]),
        Case(query: "c.d.node.consul. A", answer: ["c.d.node.consul. 1 A 10.0.0.1"]),
        Case(query: "b.c.d.node.dc1.consul. A", answer: ["b.c.d.node.dc1.consul. 1 A 10.0.0.1"]),
        Case(query: "x.dc1.node.consul. A", answer: ["x.dc1.node.consul. 1 A 10.0.0.1"]),
        Case(query: "x.dc1.node.dc1.consul. A", answer: ["x.dc1.node.dc1.consul. 1 A 10.0.0.1"]),
        Case(query: "dc1.node.consul. A", answer: ["dc1.node.consul. 1 A 10.0.0.1"]),
        .noData("b.node.consul. A"), .noData("d.node.dc1.consul. AAAA"), .noData("a.b.node.consul. SRV"),
        .nameError("x.node.dc1.consul. A"), .nameError("a.b.dc1.node.consul. A"), .nameError("z.b.node.consul. A"),
    ])
    func `are looked up by both paths alike`(expected: Case) throws { try check(expected, of: Self.table) }
}
