import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `A service in the registry's zone` {
    @Test func `has a SRV record and an address for each instance`() throws {
        let catalog = try CompiledCatalog([
            Example.node(), Example.node("n2", "2001:db8::2"), Example.instance("web", port: 8080),
            Example.instance("web", on: "n2", port: 8081),
        ])
        #expect(
            try catalog.answer("web.service.consul") == [
                "A 10.0.0.1", "AAAA 2001:db8::2", "SRV 1 1 8080 server01.node.dc1.consul.",
                "SRV 1 1 8081 n2.node.dc1.consul.",
            ])
        #expect(
            try catalog.additional("web.service.consul") == [
                "n2.node.dc1.consul. AAAA 2001:db8::2", "server01.node.dc1.consul. A 10.0.0.1",
            ])
    }

    @Test func `names its targets by their addresses where instances have their own`() throws {
        let catalog = try CompiledCatalog([
            Example.node(), Example.instance("web", "a", address: "127.0.0.2", port: 1),
            Example.instance("web", "b", address: "fe80::1", port: 2),
            Example.instance("web", "c", address: "www.example.net", port: 3),
        ])
        let v6 = "fe800000000000000000000000000001.addr.dc1.consul."
        #expect(
            try catalog.answer("web.service.consul") == [
                "A 127.0.0.2", "AAAA fe80::1", "SRV 1 1 1 7f000002.addr.dc1.consul.", "SRV 1 1 2 \(v6)",
                "SRV 1 1 3 www.example.net.",
            ])
        #expect(
            try catalog.additional("web.service.consul") == [
                "7f000002.addr.dc1.consul. A 127.0.0.2", "\(v6) AAAA fe80::1",
            ])
    }

    @Test func `is an alias of the first host name where it has nothing but host names`() throws {
        let catalog = try CompiledCatalog([
            Example.node(), Example.instance("web", "a", address: "a.example.net"),
            Example.instance("web", "b", address: "b.example.net"),
        ])
        #expect(
            try catalog.answer("web.service.consul") == [
                "CNAME a.example.net.", "SRV 1 1 80 a.example.net.", "SRV 1 1 80 b.example.net.",
            ])
        #expect(try catalog.additional("web.service.consul") == [])
    }

    @Test func `has each address and each endpoint once`() throws {
        let catalog = try CompiledCatalog([
            Example.node(), Example.instance("web", "a", port: 1), Example.instance("web", "b", port: 2),
            Example.instance("web", "c", port: 2, weights: Weights(passing: 9)),
            Example.instance("web", "d", address: "10.0.0.1", port: 2),
        ])
        #expect(
            try catalog.answer("web.service.consul") == [
                "A 10.0.0.1", "SRV 1 1 1 server01.node.dc1.consul.", "SRV 1 1 2 0a000001.addr.dc1.consul.",
                "SRV 1 1 2 server01.node.dc1.consul.",
            ])
        #expect(try catalog.additional("web.service.consul")?.count == 2)
    }

    @Test func `leaves out what is critical and weighs what is not well`() throws {
        let weights = Weights(passing: 10, warning: 2)
        let catalog = try CompiledCatalog([
            Example.node(), Example.instance("web", "a", port: 1, weights: weights, health: [.passing]),
            Example.instance("web", "b", port: 2, weights: weights, health: [.passing, .warning]),
            Example.instance("web", "c", port: 3, weights: weights, health: [.critical, .passing]),
        ])
        #expect(
            try catalog.answer("web.service.consul")?.filter { $0.hasPrefix("SRV") } == [
                "SRV 1 10 1 server01.node.dc1.consul.", "SRV 1 2 2 server01.node.dc1.consul.",
            ])
    }

    @Test func `has no data, and says why, while no instance is healthy`() throws {
        var catalog = try CompiledCatalog([
            Example.node(), Example.instance("web", tags: ["v1"], health: [.passing]),
        ])
        let check = CheckKey(node: try NodeName("server01"), id: "web-0")
        try catalog.apply(.setStatus(check, .critical, output: "down"))
        for name in ["web.service.consul", "v1.web.service.consul"] {
            #expect(try catalog.answer(name) == [])
            #expect(try catalog.note(name) == "1 instance, critical: web \"down\"")
        }
        try catalog.apply(.setStatus(check, .warning, output: "slow"))
        for name in ["web.service.consul", "v1.web.service.consul"] {
            #expect(try catalog.answer(name)?.count == 2)
            #expect(try catalog.note(name) == nil)
        }
        try catalog.apply(.removeInstance(InstanceKey(node: NodeName("server01"), id: "web")))
        #expect(try catalog.answer("web.service.consul") == nil)
        #expect(try catalog.answer("v1.web.service.consul") == nil)
    }

    @Test func `has a name for each tag, with that tag's instances`() throws {
        let catalog = try CompiledCatalog([
            Example.node(), Example.instance("web", "a", tags: ["Primary", "v1.2"], port: 1),
            Example.instance("web", "b", tags: ["primary", "PRIMARY"], port: 2),
        ])
        #expect(
            try catalog.answer("primary.web.service.consul") == [
                "A 10.0.0.1", "SRV 1 1 1 server01.node.dc1.consul.", "SRV 1 1 2 server01.node.dc1.consul.",
            ])
        #expect(
            try catalog.answer("v1.2.web.service.consul") == ["A 10.0.0.1", "SRV 1 1 1 server01.node.dc1.consul."])
    }

    @Test(arguments: ["", "two words", "a..b", ".a", "a.", String(repeating: "x", count: 64), "tab\there"])
    func `has no name for a tag that cannot be asked for`(tag: String) throws {
        let catalog = try CompiledCatalog([Example.node(), Example.instance("web", tags: [tag, "good"])])
        #expect(
            Set(catalog.names.keys.map(\.description)) == [
                "web.service.consul.", "good.web.service.consul.", "server01.node.consul.",
            ])
    }

    @Test func `has no name for a tag too long for a name, and keeps its own`() throws {
        let label = String(repeating: "x", count: 60)
        let tag = [label, label, label, label].joined(separator: ".")
        let catalog = try CompiledCatalog([Example.node(), Example.instance("web", tags: [tag])])
        #expect(catalog.names.count == 2)
    }

    @Test func `loses the names of tags that nobody has any more`() throws {
        var catalog = try CompiledCatalog([Example.node(), Example.instance("web", tags: ["a", "b"])])
        let publications = try catalog.apply(Example.instance("web", tags: ["B", "c"]))
        #expect(
            try Set(publications) == [
                .publish(#require(catalog.names[DomainName(text: "c.web.service.consul")])),
                .remove(DomainName(text: "a.web.service.consul")),
            ])
    }

    @Test func `is not published again when nothing of it changes in DNS`() throws {
        var catalog = try CompiledCatalog([Example.node(), Example.instance("web", health: [.passing])])
        let check = CheckKey(node: try NodeName("server01"), id: "web-0")
        #expect(try catalog.apply(.setStatus(check, .passing, output: "still well")) == [])
    }

    @Test func `moves with its node`() throws {
        var catalog = try CompiledCatalog([Example.node(), Example.instance("web")])
        try catalog.apply(Example.node("server01", "10.9.9.9"))
        #expect(try catalog.answer("web.service.consul")?.first == "A 10.9.9.9")
        #expect(try catalog.answer("server01.node.consul") == ["A 10.9.9.9"])
        try catalog.apply(.removeNode(try NodeName("server01")))
        #expect(catalog.names.isEmpty)
    }
}

@Suite struct `A node in the registry's zone` {
    @Test(arguments: [
        ("10.0.0.1", "A 10.0.0.1"), ("2001:db8::1", "AAAA 2001:db8::1"),
        ("host.example.net", "CNAME host.example.net."),
    ])
    func `has its address`(address: String, record: String) throws {
        let catalog = try CompiledCatalog([Example.node("n1", address)])
        #expect(try catalog.answer("n1.node.consul") == [record])
    }
}

@Suite struct `The registry's zone` {
    @Test func `has a serial that grows with the catalog`() throws {
        let zone = try RegistryZone(agent: Example.agent())
        let serials = [0, 1, 500, UInt64(UInt32.max)].map { index in
            zone.zone(at: index).soa.rdata[0].suffix(20).prefix(4).reduce(0) { $0 << 8 | UInt64($1) }
        }
        #expect(serials == [1, 2, 501, 0])
    }

    @Test func `lets the missing be remembered for a second`() throws {
        let soa = try RegistryZone(agent: Example.agent()).zone(at: 0).soa
        #expect(soa.timeToLive == 1)
        #expect(soa.rdata[0].suffix(4) == [0, 0, 0, 1])
    }

    @Test func `has a name server, the name of its main server, and branches before anything is registered`() throws {
        let furniture = try RegistryZone(agent: Example.agent()).furniture
        #expect(
            furniture.map(\.owner.description) == [
                "consul.", "ns.consul.", "service.consul.", "node.consul.", "query.consul.", "_tcp.consul.",
                "_udp.consul.",
                "_dns-sd._udp.consul.",
            ])
        #expect(furniture[0].sets.flatMap(Presentation.lines) == ["NS server01.node.dc1.consul."])
        #expect(furniture[0].additional.flatMap(Presentation.lines) == ["A 10.0.0.1"])
        #expect(furniture[1].sets.flatMap(Presentation.lines) == ["A 10.0.0.1"])
        #expect(furniture[2].sets.isEmpty && furniture[3].sets.isEmpty)
    }

    @Test func `does not fit under a domain that leaves no room for names`() throws {
        let label = String(repeating: "d", count: 60)
        #expect(throws: NameError.self) { try RegistryZone(agent: Example.agent(domain: "\(label).\(label).\(label)")) }
        var agent = try Example.agent()
        agent.datacenter = ""
        #expect(throws: NameError.self) { try RegistryZone(agent: agent) }
    }
}
