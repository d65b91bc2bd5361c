import Testing

@testable import DNS

/// A query over UDP with EDNS and all of its answer but the order of records.
struct Case: Sendable, CustomTestStringConvertible {
    var query: String
    var code: ResponseCode = .noError
    var answer: [String] = []
    var authority: [String] = []
    var additional: [String] = []
    var isAuthoritative = true

    var testDescription: String { query }

    static func noData(_ query: String, _ zone: Zone = Sample.registry) -> Case {
        Case(query: query, authority: [negativeSOA(zone)])
    }

    static func nameError(_ query: String, _ zone: Zone = Sample.registry) -> Case {
        Case(query: query, code: .nameError, authority: [negativeSOA(zone)])
    }

    /// The SOA with the TTL of RFC 2308.
    static func negativeSOA(_ zone: Zone) -> String {
        zone.apex == Sample.file.apex ? Sample.fileSOA.replacing(" 3600 SOA", with: " 300 SOA") : Sample.registrySOA
    }
}

/// Asks by both paths and compares with the case.
func check(
    _ expected: Case, of table: AnswerTable = Sample.shared, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    var paths = BothPaths(table)
    let query = QueryText(expected.query, payloadSize: 1232)
    for seed in 0..<4 {
        let (full, fast, _) = paths.replies(to: query.octets(), seed: UInt64(seed))
        #expect(full == fast, sourceLocation: sourceLocation)
        let reply = try #require(full.flatMap(ReplyText.init), sourceLocation: sourceLocation)
        let name = PlainText.name(query.name).description
        #expect(reply.question == "\(name) \(query.type)", sourceLocation: sourceLocation)
        #expect(reply.code == Int(expected.code.rawValue), sourceLocation: sourceLocation)
        #expect(reply.answer.sorted() == expected.answer.sorted(), sourceLocation: sourceLocation)
        // The SOA's owner is written as the question spells it.
        #expect(
            reply.authority.map(withLowercaseOwner).sorted() == expected.authority.sorted(),
            sourceLocation: sourceLocation)
        #expect(reply.additional.sorted() == expected.additional.sorted(), sourceLocation: sourceLocation)
        #expect(reply.isAuthoritative == expected.isAuthoritative, sourceLocation: sourceLocation)
        #expect(reply.option?.payloadSize == 1232, sourceLocation: sourceLocation)
        #expect(reply.identifier == query.identifier, sourceLocation: sourceLocation)
    }
}

private func withLowercaseOwner(_ line: String) -> String {
    let owner = line.prefix { $0 != " " }
    return owner.lowercased() + line.dropFirst(owner.count)
}

@Suite struct `Names of the registry zone` {
    static let webSRV = [
        "1 SRV 1 1 8001 0a000001.addr.dc1.consul.", "1 SRV 1 1 8002 0a000001.addr.dc1.consul.",
        "1 SRV 1 1 8003 server-number-two.node.dc1.consul.",
    ]
    static let webTargets = [
        "0a000001.addr.dc1.consul. 1 A 10.0.0.1", "server-number-two.node.dc1.consul. 1 A 10.0.0.2",
        "server-number-two.node.dc1.consul. 1 AAAA fd00::2",
    ]
    static let primarySRV = "1 SRV 1 1 8001 0a000001.addr.dc1.consul."

    @Test(arguments: [
        "web.service.consul.", "web.service.dc1.consul.", "WEB.Service.dC1.CONSUL.", "_web._tcp.service.consul.",
        "_web._tcp.service.dc1.consul.", "_WEB._TCP.service.consul.",
    ])
    func `a service answers SRV with the addresses of its targets, under every spelling`(name: String) throws {
        try check(
            Case(query: "\(name) SRV", answer: Self.webSRV.map { "\(name) \($0)" }, additional: Self.webTargets))
        try check(Case(query: "\(name) A", answer: ["\(name) 1 A 10.0.0.1", "\(name) 1 A 10.0.0.2"]))
        try check(.noData("\(name) AAAA"))
    }

    @Test(arguments: [
        "primary.web.service.consul.", "_web._primary.service.consul.", "_Web._PRIMARY.service.dc1.consul.",
    ])
    func `a tag narrows a service, under every spelling`(name: String) throws {
        try check(
            Case(query: "\(name) SRV", answer: ["\(name) \(Self.primarySRV)"], additional: [Self.webTargets[0]]))
    }

    @Test(arguments: [
        "consul.", "dc1.consul.", "service.consul.", "service.dc1.consul.", "node.consul.", "node.dc1.consul.",
        "addr.consul.", "addr.dc1.consul.", "_tcp.service.consul.", "_tcp.service.dc1.consul.",
        "_primary.service.consul.",
    ])
    func `a name that has names below it is no data, not name error`(name: String) throws {
        try check(.noData("\(name) A"))
        try check(.noData("\(name) TXT"))
    }

    @Test(arguments: [
        "nothing.service.consul.", "nothing.consul.", "nothing.dc1.consul.", "web.service.dc2.consul.", "dc2.consul.",
        "x.web.service.consul.", "_web._udp.service.consul.", "_nothing._tcp.service.consul.", "a.b.c.d.consul.",
        "secondary.web.service.consul.", "dc1.dc1.consul.", "_.service.consul.", "__web.service.consul.",
    ])
    func `a name that is not there is a name error`(name: String) throws {
        try check(.nameError("\(name) A"))
        try check(.nameError("\(name) SRV"))
    }

    @Test func `the apex has its SOA and NS records`() throws {
        try check(Case(query: "consul. SOA", answer: [Sample.registrySOA]))
        try check(
            Case(query: "consul. NS", answer: ["consul. 1 NS ns.consul."], additional: ["ns.consul. 1 A 10.0.0.1"]))
    }

    @Test(arguments: [
        ("0a000001.addr.consul.", "A", "10.0.0.1"), ("0A0000fF.addr.dc1.consul.", "A", "10.0.0.255"),
        ("fd000000000000000000000000000002.addr.dc1.consul.", "AAAA", "fd00::2"),
    ])
    func `an addr name is its own address`(name: String, type: String, address: String) throws {
        try check(Case(query: "\(name) \(type)", answer: ["\(name) 1 \(type) \(address)"]))
        try check(Case(query: "\(name) ANY", answer: ["\(name) 1 \(type) \(address)"]))
        try check(.noData("\(name) \(type == "A" ? "AAAA" : "A")"))
        try check(.noData("\(name) SRV"))
    }

    @Test(arguments: [
        "0a00001.addr.consul.", "0a0000011.addr.consul.", "0a00000g.addr.consul.", "x.0a000001.addr.consul.",
        "0a000001.addr.dc2.consul.", "fd00.addr.dc1.consul.",
    ])
    func `an addr name that is no address is a name error`(name: String) throws {
        try check(.nameError("\(name) A"))
    }

    @Test func `an alias out of our zones is answered as it is`() throws {
        try check(
            Case(
                query: "elsewhere.service.consul. A",
                answer: ["elsewhere.service.consul. 1 CNAME www.example.org."]))
    }

    @Test func `an alias into another of our zones is followed`() throws {
        try check(
            Case(
                query: "inside.service.consul. A",
                answer: ["inside.service.consul. 1 CNAME web.example.", "web.example. 60 A 192.0.2.80"]))
    }

    @Test func `any type gives every set`() throws {
        try check(
            Case(
                query: "primary.web.service.consul. ANY",
                answer: ["primary.web.service.consul. 1 A 10.0.0.1", "primary.web.service.consul. \(Self.primarySRV)"]))
        try check(.noData("service.consul. ANY"))
    }
}

@Suite struct `Names of a master file` {
    @Test(arguments: [
        Case(query: "web.example. A", answer: ["web.example. 60 A 192.0.2.80"]),
        Case(query: "example. SOA", answer: [Sample.fileSOA]),
        Case(
            query: "example. NS", answer: ["example. 3600 NS ns1.example."],
            additional: ["ns1.example. 3600 A 192.0.2.1"]),
        Case(
            query: "example. MX", answer: ["example. 3600 MX 10 mail.example."],
            additional: ["mail.example. 3600 A 192.0.2.25"]),
        Case(query: "txt.a.deep.example. TXT", answer: ["txt.a.deep.example. 60 TXT hello world"]),
        .noData("web.example. AAAA", Sample.file), .noData("deep.example. A", Sample.file),
        .noData("a.deep.example. TXT", Sample.file), .noData("example. A", Sample.file),
        .nameError("nothing.example. A", Sample.file), .nameError("x.web.example. A", Sample.file),
        .nameError("b.deep.example. A", Sample.file), .nameError("service.example. A", Sample.file),
    ])
    func `data, no data, name error`(expected: Case) throws { try check(expected) }

    @Test(arguments: [
        Case(
            query: "www.example. A", answer: ["www.example. 60 CNAME web.example.", "web.example. 60 A 192.0.2.80"]),
        Case(
            query: "www2.example. A",
            answer: [
                "www2.example. 60 CNAME www.example.", "www.example. 60 CNAME web.example.",
                "web.example. 60 A 192.0.2.80",
            ]),
        Case(query: "www.example. CNAME", answer: ["www.example. 60 CNAME web.example."]),
        Case(query: "www.example. ANY", answer: ["www.example. 60 CNAME web.example."]),
        Case(query: "out.example. A", answer: ["out.example. 60 CNAME www.example.org."]),
        Case(
            query: "www.example. AAAA", answer: ["www.example. 60 CNAME web.example."],
            authority: [Case.negativeSOA(Sample.file)]),
        Case(
            query: "dangling.example. A", code: .nameError, answer: ["dangling.example. 60 CNAME nothing.example."],
            authority: [Case.negativeSOA(Sample.file)]),
        Case(
            query: "loop1.example. A",
            answer: ["loop1.example. 60 CNAME loop2.example.", "loop2.example. 60 CNAME loop1.example."]),
        Case(
            query: "into-sub.example. A", answer: ["into-sub.example. 60 CNAME host.sub.example."],
            authority: ["sub.example. 600 NS ns.sub.example.", "sub.example. 600 NS ns.other.test."],
            additional: ["ns.sub.example. 600 A 192.0.2.53"]),
    ])
    func `aliases`(expected: Case) throws { try check(expected) }

    @Test(arguments: [
        Case(query: "a.wild.example. A", answer: ["a.wild.example. 60 A 192.0.2.99"]),
        Case(query: "a.b.wild.example. TXT", answer: ["a.b.wild.example. 60 TXT star"]),
        Case(query: "*.wild.example. A", answer: ["*.wild.example. 60 A 192.0.2.99"]),
        Case(
            query: "any.alias.example. A",
            answer: ["any.alias.example. 60 CNAME web.example.", "web.example. 60 A 192.0.2.80"]),
        .noData("a.wild.example. MX", Sample.file), .noData("wild.example. A", Sample.file),
        // What exists is not covered, nor is what lies below it (RFC 4592 2.2.1).
        .noData("known.wild.example. A", Sample.file), .nameError("x.known.wild.example. A", Sample.file),
        .noData("ent.wild.example. A", Sample.file), .nameError("x.ent.wild.example. A", Sample.file),
    ])
    func `wildcards`(expected: Case) throws { try check(expected) }

    @Test(arguments: ["sub.example.", "host.sub.example.", "ns.sub.example.", "a.b.c.sub.example."])
    func `a delegated name is referred, glue and all`(name: String) throws {
        for type in ["A", "NS", "TXT", "ANY"] {
            try check(
                Case(
                    query: "\(name) \(type)",
                    authority: ["sub.example. 600 NS ns.sub.example.", "sub.example. 600 NS ns.other.test."],
                    additional: ["ns.sub.example. 600 A 192.0.2.53"], isAuthoritative: false))
        }
    }

    @Test func `the parent answers for DS at a cut`() throws { try check(.noData("sub.example. DS", Sample.file)) }
}

@Suite struct `Names of no zone` {
    @Test(arguments: ["example.org.", ".", "consul.org.", "xconsul.", "com.", "xexample."])
    func `are refused`(name: String) throws {
        for type in ["A", "SOA", "NS", "ANY", "SRV"] {
            try check(Case(query: "\(name) \(type)", code: .refused, isAuthoritative: false))
        }
    }

    @Test func `changes of a zone are asked for over UDP to learn its serial`() throws {
        let soa = "example. 3600 SOA ns1.example. admin.example. 42 7200 900 604800 300"
        try check(Case(query: "example. IXFR", answer: [soa]))
    }

    @Test func `whole zones are in no single message`() throws {
        try check(Case(query: "example. AXFR", code: .refused, isAuthoritative: false))
        for name in ["www.example. IXFR", "example.org. IXFR"] {
            try check(Case(query: name, code: .refused, isAuthoritative: false))
        }
    }
}
