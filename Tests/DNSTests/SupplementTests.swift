import Testing

@testable import DNS

@Suite struct `What is worked out when it is asked for` {
    /// A table that publishes a service, and knows more of it.
    private static let table: AnswerTable = {
        let known =
            [
                "web.service.consul. 1 TXT a=b", "x.web.service.consul. 1 A 10.0.0.7",
                "tag.web.service.consul. 1 TXT c=d",
                "y.tag.web.service.consul. 1 A 10.0.0.8", "1.0.0.10.in-addr.arpa. 1 PTR server01.node.dc1.consul.",
            ].map { Sample.names($0) } + [
                OwnerRecords(owner: PlainText.name("above.tag.web.service.consul.")),
                OwnerRecords(owner: PlainText.name("down.tag.web.service.consul."), note: "1 instance, critical"),
            ]
        let table = AnswerTable(zones: [Sample.registry, Sample.file]) { name, _ in
            known.first { $0.owner == name }.map(WorkedOutAnswer.init)
        }
        var web = Sample.names("web.service.consul. 1 A 10.0.0.1")
        web.unpublished = .types
        table.publish(web)
        var tag = Sample.names("tag.web.service.consul. 1 A 10.0.0.1")
        tag.unpublished = [.types, .names]
        table.publish(tag)
        table.publish(Sample.names("plain.service.consul. 1 A 10.0.0.1"))
        return table
    }()

    @Test(arguments: [
        Case(query: "web.service.consul. TXT", answer: ["web.service.consul. 1 TXT a=b"]),
        Case(query: "_web._tcp.consul. TXT", answer: ["_web._tcp.consul. 1 TXT a=b"]),
        Case(query: "WEB.service.dc1.consul. A", answer: ["WEB.service.dc1.consul. 1 A 10.0.0.1"]),
        .noData("web.service.consul. PTR"), .noData("web.service.consul. AAAA"), .noData("web.service.consul. MX"),
        // Names below are asked for only where the record says that there may be any.
        .nameError("x.web.service.consul. A"), .nameError("x.plain.service.consul. A"),
        Case(query: "y.tag.web.service.consul. A", answer: ["y.tag.web.service.consul. 1 A 10.0.0.8"]),
        .noData("y.tag.web.service.consul. AAAA"), .nameError("z.tag.web.service.consul. A"),
        Case(
            query: "1.0.0.10.in-addr.arpa. PTR", answer: ["1.0.0.10.in-addr.arpa. 1 PTR server01.node.dc1.consul."]),
        Case(
            query: "1.0.0.10.IN-ADDR.arpa. ANY", answer: ["1.0.0.10.IN-ADDR.arpa. 1 PTR server01.node.dc1.consul."]),
        // No zone's SOA says how long that holds.
        Case(query: "1.0.0.10.in-addr.arpa. A"),
        Case(query: "2.0.0.10.in-addr.arpa. PTR", code: .refused, isAuthoritative: false),
        Case(query: "0.0.10.in-addr.arpa. PTR", code: .refused, isAuthoritative: false),
    ])
    func `is answered by both paths alike`(expected: Case) throws { try check(expected, of: Self.table) }

    @Test(arguments: [
        ("web.service.consul. AAAA", true), ("web.service.consul. TXT", false), ("x.web.service.consul. A", true),
        ("y.tag.web.service.consul. A", false), ("tag.web.service.consul. A", true),
    ])
    func `keeps nobody else from the fast path`(query: String, isPlain: Bool) {
        var paths = BothPaths(Self.table)
        #expect(paths.replies(to: QueryText(query).octets()).wasPlain == isPlain)
    }

    @Test(arguments: [
        ("web.service.consul. PTR", "0 the name exists, but not with records of this type"),
        ("tag.web.service.consul. MX", "0 the name exists, but not with records of this type"),
        ("y.tag.web.service.consul. TXT", "0 the name exists, but not with records of this type"),
        ("above.tag.web.service.consul. A", "0 there are no records at this name, only at names below it"),
        ("down.tag.web.service.consul. A", "0 1 instance, critical"),
        ("z.tag.web.service.consul. A", "0 no service, tag or node of this name is registered"),
        ("1.0.0.10.in-addr.arpa. A", "0 the name exists, but not with records of this type"),
    ])
    func `says why an answer is empty (RFC 8914)`(query: String, error: String) throws {
        var paths = BothPaths(Self.table)
        let (full, fast, _) = paths.replies(to: QueryText(query, payloadSize: 1232).octets())
        #expect(full == fast)
        #expect(try #require(full.flatMap(ReplyText.init)).extendedError == error)
    }

    @Test func `is still known when zones change`() throws {
        let table = AnswerTable(zones: [Sample.registry])
        let name = PlainText.name("web.service.consul.")
        table.publish(OwnerRecords(owner: name, unpublished: [.types, .names]))
        table.setZones([Sample.registry, Sample.file])
        #expect(table.records(at: name)?.unpublished == [.types, .names])
    }
}

@Suite struct `The form of RFC 2782 without service` {
    @Test(arguments: ["_web._tcp.consul.", "_WEB._TCP.dc1.consul.", "_web._tcp.dc1.consul."])
    func `means the same service`(name: String) throws {
        try check(Case(query: "\(name) A", answer: ["\(name) 1 A 10.0.0.1", "\(name) 1 A 10.0.0.2"]))
        try check(.noData("\(name) AAAA"))
    }

    @Test(arguments: ["_web._primary.consul.", "_web._primary.dc1.consul."])
    func `means the same tag`(name: String) throws {
        try check(Case(query: "\(name) A", answer: ["\(name) 1 A 10.0.0.1"]))
    }

    @Test(arguments: ["_tcp.consul.", "_tcp.dc1.consul.", "_primary.consul."])
    func `has parents that exist`(name: String) throws { try check(.noData("\(name) A")) }

    @Test(arguments: ["_nothing._tcp.consul.", "_web._udp.consul.", "_web._tcp.dc2.consul.", "x._web._tcp.consul."])
    func `means nothing where there is nothing`(name: String) throws { try check(.nameError("\(name) A")) }

    @Test func `is never longer than a name`() throws {
        let label = "_" + String(repeating: "x", count: 62)
        for last in 50...62 {
            let apex = "\(label.dropFirst()).\(String(repeating: "d", count: last))."
            var zone = Sample.registry
            zone.apex = PlainText.name(apex)
            zone.soa.owner = zone.apex
            let table = AnswerTable(zones: [zone])
            var paths = BothPaths(table)
            let (full, fast, _) = paths.replies(to: QueryText("\(label).\(label).\(apex) A").octets())
            #expect(full == fast && full != nil)
        }
    }
}

@Suite struct `A reverse name` {
    @Test(arguments: [
        ("1.0.0.10.in-addr.arpa.", "10.0.0.1"), ("4.3.2.255.IN-ADDR.ARPA.", "255.2.3.4"),
        ("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6.arpa.", "2001:db8::567:89ab"),
    ])
    func `stands for an address (RFC 1035 3.5, RFC 3596 2.5)`(name: String, address: String) {
        #expect(IPAddress(reverse: PlainText.name(name)) == IPAddress(address))
        #expect(IPAddress(address)?.reverseName == PlainText.name(name))
    }

    @Test(arguments: [
        "0.0.10.in-addr.arpa.", "5.1.0.0.10.in-addr.arpa.", "256.0.0.10.in-addr.arpa.", "01.0.0.10.in-addr.arpa.",
        "+1.0.0.10.in-addr.arpa.", "x.0.0.10.in-addr.arpa.", "in-addr.arpa.", "arpa.", ".", "1.0.0.10.in-addr.example.",
        "1.0.0.10.ip6.arpa.", "ba.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
        "g.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
    ])
    func `of another form stands for none`(name: String) {
        #expect(IPAddress(reverse: PlainText.name(name)) == nil)
    }
}
