import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `dig asks for what is registered` {
    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.node("n2", "2001:db8::2"),
            Example.instance("web", "web-1", tags: ["v1", "Primary"], address: "10.0.0.11", port: 8081),
            Example.instance("web", "web-2", tags: ["v2"], port: 8082),
            Example.instance("web", "web-3", on: "n2", tags: ["v2"], port: 8083),
            Example.instance("down", health: [.critical]), Example.instance("six", on: "n2"),
            Example.instance("outside", address: "www.example.net", port: 443),
        ]
    }

    @Test(arguments: [
        "web.service.consul", "web.service.dc1.consul", "_web._tcp.service.consul", "_web._tcp.service.dc1.consul",
    ])
    func `SRV has every instance, and its address`(name: String) async throws {
        let reply = try await RunningServer.with(Self.catalog()) { try await $0.dig(name, "SRV") }
        #expect(reply.status == "NOERROR")
        #expect(reply.flags.isSuperset(of: ["qr", "aa", "rd"]))
        #expect(
            reply.answer == [
                "\(name). 1 IN SRV 1 1 8081 0a00000b.addr.dc1.consul.",
                "\(name). 1 IN SRV 1 1 8082 server01.node.dc1.consul.",
                "\(name). 1 IN SRV 1 1 8083 n2.node.dc1.consul.",
            ])
        #expect(
            reply.additional == [
                "0a00000b.addr.dc1.consul. 1 IN A 10.0.0.11", "n2.node.dc1.consul. 1 IN AAAA 2001:db8::2",
                "server01.node.dc1.consul. 1 IN A 10.0.0.1",
            ])
    }

    struct Question: Sendable, CustomTestStringConvertible {
        var name: String
        var type: String
        var answer: [String]
        var testDescription: String { "\(name) \(type)" }
    }

    static let questions = [
        Question(name: "web.service.consul", type: "A", answer: ["A 10.0.0.1", "A 10.0.0.11"]),
        Question(name: "web.service.consul", type: "AAAA", answer: ["AAAA 2001:db8::2"]),
        Question(name: "v2.web.service.consul", type: "A", answer: ["A 10.0.0.1"]),
        Question(name: "primary.web.service.dc1.consul", type: "A", answer: ["A 10.0.0.11"]),
        Question(name: "_web._v1.service.consul", type: "SRV", answer: ["SRV 1 1 8081 0a00000b.addr.dc1.consul."]),
        Question(name: "_web._PRIMARY.service.consul", type: "A", answer: ["A 10.0.0.11"]),
        Question(name: "server01.node.consul", type: "A", answer: ["A 10.0.0.1"]),
        Question(name: "n2.node.dc1.consul", type: "AAAA", answer: ["AAAA 2001:db8::2"]),
        Question(name: "0a00000b.addr.consul", type: "A", answer: ["A 10.0.0.11"]),
        Question(name: "0A00000B.addr.dc1.consul", type: "A", answer: ["A 10.0.0.11"]),
        Question(
            name: "20010db8000000000000000000000002.addr.consul", type: "AAAA", answer: ["AAAA 2001:db8::2"]),
        Question(name: "outside.service.consul", type: "A", answer: ["CNAME www.example.net."]),
        Question(name: "outside.service.consul", type: "SRV", answer: ["SRV 1 1 443 www.example.net."]),
        Question(name: "consul", type: "NS", answer: ["NS server01.node.dc1.consul."]),
        Question(name: "ns.consul", type: "A", answer: ["A 10.0.0.1"]),
    ]

    @Test func `in every form that Consul answers`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            for question in Self.questions {
                let reply = try await running.dig(question.name, question.type)
                #expect(reply.status == "NOERROR", "\(question)")
                #expect(reply.answer == question.answer.map { "\(question.name). 1 IN \($0)" }, "\(question)")
                #expect(reply.flags.contains("aa"), "\(question)")
            }
        }
    }

    @Test func `the apex has a start of authority, and a name server with its address`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            let soa = try await running.dig("consul", "SOA")
            let serial = running.registry.snapshot.index + 1
            #expect(soa.answer == ["consul. 1 IN SOA ns.consul. hostmaster.consul. \(serial) 3600 600 86400 1"])
            let ns = try await running.dig("consul", "NS")
            #expect(ns.additional == ["server01.node.dc1.consul. 1 IN A 10.0.0.1"])
        }
    }

    @Test(arguments: [
        ("web.service.consul", "TXT"), ("six.service.consul", "A"), ("service.consul", "A"), ("node.consul", "SRV"),
        ("consul", "A"), ("dc1.consul", "A"), ("service.dc1.consul", "A"), ("_tcp.service.consul", "A"),
        ("_v1.service.consul", "SRV"), ("addr.consul", "A"), ("n2.node.consul", "A"), ("7f000001.addr.consul", "AAAA"),
        ("down.service.consul", "A"), ("_down._tcp.service.consul", "SRV"),
    ])
    func `a name without that type is no data`(name: String, type: String) async throws {
        let reply = try await RunningServer.with(Self.catalog()) { try await $0.dig(name, type) }
        #expect(reply.status == "NOERROR")
        #expect(reply.answer == [])
        #expect(reply.authority.first?.hasPrefix("consul. 1 IN SOA ns.consul. hostmaster.consul. ") == true)
    }

    @Test(arguments: [
        "nothing.service.consul", "v9.web.service.consul", "v1.down.service.consul", "web.service.dc2.consul",
        "_web._udp.service.consul", "n9.node.consul", "xyz.addr.consul", "0a00000.addr.consul", "nothing.consul",
    ])
    func `a name that nobody has is a name error`(name: String) async throws {
        let reply = try await RunningServer.with(Self.catalog()) { try await $0.dig(name, "A") }
        #expect(reply.status == "NXDOMAIN")
        #expect(reply.authority.first?.hasPrefix("consul. 1 IN SOA ns.consul. hostmaster.consul. ") == true)
        #expect(reply.flags.contains("aa"))
    }

    @Test func `a name of somebody else's is refused`() async throws {
        let reply = try await RunningServer.with(Self.catalog()) { try await $0.dig("www.example.net", "A") }
        #expect(reply.status == "REFUSED")
        #expect(!reply.flags.contains("aa"))
        #expect(reply.authority == [])
    }

    @Test func `a registration is in DNS when it is acknowledged, and gone when it is taken back`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await running.registry.submit([Example.instance("late", tags: ["t"])])
            #expect(try await running.dig("t.late.service.consul", "A").answer.count == 1)
            try await running.registry.submit([.removeInstance(InstanceKey(node: NodeName("server01"), id: "late"))])
            #expect(try await running.dig("late.service.consul", "A").status == "NXDOMAIN")
            #expect(try await running.dig("t.late.service.consul", "A").status == "NXDOMAIN")
        }
    }

    @Test func `the case of the question comes back as it was`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            for transport in ["+notcp", "+tcp"] {
                let reply = try await running.dig("wEB.SeRvice.coNSUl", "AAAA", transport)
                #expect(reply.question == "wEB.SeRvice.coNSUl. IN AAAA")
                #expect(reply.answer == ["wEB.SeRvice.coNSUl. 1 IN AAAA 2001:db8::2"])
            }
        }
    }

    @Test func `what is published can be asked about`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            let name = try DomainName(text: "web.service.dc1.consul")
            #expect(running.server.records(at: name)?.sets.first { $0.type == .srv }?.rdata.count == 3)
            #expect(try running.server.records(at: DomainName(text: "nothing.service.consul")) == nil)
        }
    }

    @Test func `it answers on IPv6 as well, on the same port`() async throws {
        let listen: [IPAddress] = [.v4(0x7f00_0001), .v6(high: 0, low: 1)]
        try await RunningServer.with(Self.catalog(), listen: listen) { running in
            for (address, transport) in [
                ("127.0.0.1", "+tcp"), ("::1", "+tcp"), ("127.0.0.1", "+notcp"), ("::1", "+notcp"),
            ] {
                let reply = try await running.dig("v1.web.service.consul", "A", transport, address: address)
                #expect(reply.answer == ["v1.web.service.consul. 1 IN A 10.0.0.11"], "\(address) \(transport)")
            }
        }
    }
}

@Suite struct `dig asks for two hundred instances` {
    private static func catalog() throws -> [CatalogChange] {
        try [Example.node()]
            + (1...200).map { try Example.instance("many", "i\($0)", address: "10.1.0.\($0)", port: UInt16($0)) }
    }

    @Test func `a datagram carries what fits and says so, TCP carries all`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            let plain = try await running.dig("many.service.consul", "SRV", "+noedns", "+ignore")
            #expect(plain.flags.contains("tc"))
            #expect(plain.edns == "")
            let extended = try await running.dig("many.service.consul", "SRV", "+bufsize=1232", "+ignore")
            #expect(extended.flags.contains("tc"))
            #expect(extended.edns.hasSuffix("udp: 1232"), "\(extended.edns)")
            // More than the server sends in a datagram, whatever the client would take.
            let greedy = try await running.dig("many.service.consul", "SRV", "+bufsize=65000", "+ignore")
            #expect(greedy.flags.contains("tc"))

            // Without +ignore dig does as resolvers do and asks again over TCP.
            let whole = try await running.dig("many.service.consul", "SRV")
            #expect(!whole.flags.contains("tc"))
            #expect(whole.answer.count == 200)
            #expect(whole.additional.count == 200)
            #expect(Set(whole.answer).count == 200)
        }
    }
}
