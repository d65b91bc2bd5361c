import DNS
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `Nodes whose names have dots` {
    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(),
            Example.node("Foo.bar", "10.0.0.2", tagged: ["lan_ipv6": "2001:db8::2"], meta: ["rack": "r1"]),
            Example.node("a", "10.0.0.3"), Example.node("b.a", "10.0.0.4"), Example.node("x.dc1", "10.0.0.5"),
            Example.node("dc1", "10.0.0.6"), Example.node("c.node", "10.0.0.7"),
            Example.node("alias.bar", "www.example.net"),
            Example.instance("web", on: "foo.bar", tags: ["v1"]),
            Example.instance("db", on: "b.a", address: "10.0.0.9"),
        ]
    }

    @Test func `are asked for label by label, with and without the datacenter`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("foo.bar.node.consul", "A", "A 10.0.0.2"),
                    Asked("foo.bar.node.dc1.consul", "AAAA", "AAAA 2001:db8::2"),
                    Asked("foo.bar.node.consul", "TXT", #"TXT "rack=r1""#),
                    Asked("foo.bar.node.consul", "SRV"),
                    Asked("a.node.consul", "A", "A 10.0.0.3"), Asked("b.a.node.consul", "A", "A 10.0.0.4"),
                    Asked("b.a.node.dc1.consul", "A", "A 10.0.0.4"),
                    Asked("alias.bar.node.consul", "CNAME", "CNAME www.example.net."),
                    Asked("c.node.node.consul", "A", "A 10.0.0.7"),
                    Asked("c.node.consul", "A", status: "NXDOMAIN"),
                    Asked("x.foo.bar.node.consul", "A", status: "NXDOMAIN"),
                    Asked("foo.baz.node.consul", "A", status: "NXDOMAIN"),
                ], running)
        }
    }

    /// The label before the domain alone names the datacenter: left of `node` it is a label like any other.
    @Test func `are never taken for names with a datacenter`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("x.dc1.node.consul", "A", "A 10.0.0.5"), Asked("x.dc1.node.dc1.consul", "A", "A 10.0.0.5"),
                    Asked("dc1.node.consul", "A", "A 10.0.0.6"), Asked("dc1.node.dc1.consul", "A", "A 10.0.0.6"),
                    Asked("x.node.dc1.consul", "A", status: "NXDOMAIN"),
                    Asked("x.node.consul", "A", status: "NXDOMAIN"),
                    // The node "a" in the datacenter, not a node "a.dc1".
                    Asked("a.node.dc1.consul", "A", "A 10.0.0.3"), Asked("a.dc1.node.consul", "A", status: "NXDOMAIN"),
                ], running)
        }
    }

    @Test(arguments: ["bar.node.consul", "bar.node.dc1.consul", "BAR.node.consul"])
    func `have parents that exist (RFC 8020)`(_ name: String) async throws {
        try await RunningServer.with(Self.catalog()) { running in
            let reply = try await running.dig(name, "A")
            #expect(reply.status == "NOERROR" && reply.answer.isEmpty && reply.authority.count == 1)
            #expect(reply.extendedError.contains("names below"))
            try await running.registry.submit(["foo.bar", "alias.bar"].map { .removeNode(try NodeName($0)) })
            #expect(try await running.dig(name, "A").status == "NXDOMAIN")
        }
    }

    @Test func `are targets of services and of reverse names`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            for name in ["web", "v1.web", "_web._tcp"] {
                let reply = try await running.dig("\(name).service.consul", "SRV")
                #expect(reply.answer == ["\(name).service.consul. 1 IN SRV 1 1 80 foo.bar.node.dc1.consul."])
                #expect(
                    reply.additional == [
                        "foo.bar.node.dc1.consul. 1 IN A 10.0.0.2",
                        "foo.bar.node.dc1.consul. 1 IN AAAA 2001:db8::2",
                    ])
            }
            try await Asked.check(
                [
                    Asked("db.service.consul", "SRV", "SRV 1 1 80 0a000009.addr.dc1.consul."),
                    Asked("2.0.0.10.in-addr.arpa", "PTR", "PTR Foo.bar.node.dc1.consul."),
                ], running)
        }
    }

    @Test func `are transferred, with the datacenter too`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let records = try await Transfer(of: "consul", "AXFR", at: running.port).records
            for line in [
                "Foo.bar.node.consul. 1 IN A 10.0.0.2", "Foo.bar.node.dc1.consul. 1 IN A 10.0.0.2",
                #"Foo.bar.node.consul. 1 IN TXT "rack=r1""#, "b.a.node.consul. 1 IN A 10.0.0.4",
                "x.dc1.node.dc1.consul. 1 IN A 10.0.0.5", "alias.bar.node.dc1.consul. 1 IN CNAME www.example.net.",
            ] {
                #expect(records.contains(line), "\(line)")
            }
        }
    }

    @Test func `that are too long for the domain leave their instances to the address's name`() async throws {
        let long = [String](repeating: String(repeating: "n", count: 60), count: 4).joined(separator: ".")
        let changes = try [Example.node(), Example.node(long, "10.0.0.8"), Example.instance("far", on: long)]
        try await RunningServer.with(changes) { running in
            try await Asked.check(
                [
                    Asked("far.service.consul", "SRV", "SRV 1 1 80 0a000008.addr.dc1.consul."),
                    Asked("far.service.consul", "A", "A 10.0.0.8"),
                ], running)
        }
        var agent = try Example.agent()
        agent.node = try NodeName(long)
        #expect(throws: NameError.self) { try RegistryZone(agent: agent) }
    }
}
