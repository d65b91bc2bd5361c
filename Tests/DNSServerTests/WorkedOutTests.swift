import DNS
import Registry
import Testing

@testable import DNSServer

/// One question to a server and what dig shows of the reply; records without owner, TTL and class.
struct Asked: Sendable, CustomTestStringConvertible {
    var name: String
    var type: String
    var status = "NOERROR"
    var answer: [String] = []

    var testDescription: String { "\(name) \(type)" }

    init(_ name: String, _ type: String, _ answer: String...) {
        self.name = name
        self.type = type
        self.answer = answer
    }

    init(_ name: String, _ type: String, status: String) {
        self.name = name
        self.type = type
        self.status = status
    }

    /// Asks all of `questions`, over UDP.
    static func check(
        _ questions: [Asked], _ running: RunningServer, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for question in questions {
            let reply = try await running.dig(question.name, question.type)
            #expect(reply.status == question.status, "\(question)", sourceLocation: sourceLocation)
            #expect(
                reply.answer == question.answer.map { "\(question.name). 1 IN \($0)" }.sorted(),
                "\(question): \(reply)",
                sourceLocation: sourceLocation)
            #expect(reply.flags.contains("aa") == (question.status != "REFUSED"), sourceLocation: sourceLocation)
        }
    }
}

@Suite struct `dig asks in the alternative domain` {
    @Test(arguments: ["+notcp", "+tcp"])
    func `and gets all of it there`(_ transport: String) async throws {
        let changes = [try Example.node(), try Example.instance("web", "web-1", address: "10.0.0.11")]
        try await RunningServer.with(
            changes, zones: ["lab.test.zone": "@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n"],
            alternativeDomain: try DomainName(text: "lab.test.")
        ) { running in
            let service = try await running.dig("web.service.lab.test", "SRV", transport)
            #expect(service.flags == ["qr", "aa", "rd"])
            #expect(service.answer == ["web.service.lab.test. 1 IN SRV 1 1 80 0a00000b.addr.dc1.lab.test."])
            #expect(service.additional == ["0a00000b.addr.dc1.lab.test. 1 IN A 10.0.0.11"])
            let address = try await running.dig("0a00000b.addr.dc1.lab.test", "A", transport)
            #expect(address.answer == service.additional)
            let apex = try await running.dig("lab.test", "SOA", transport)
            #expect(apex.answer.count == 1 && apex.answer[0].contains("SOA ns.lab.test. hostmaster.lab.test. "))
            let missing = try await running.dig("nothing.service.lab.test", "A", transport)
            #expect(missing.status == "NXDOMAIN")
            #expect(missing.authority.allSatisfy { $0.hasPrefix("lab.test. ") } && missing.authority.count == 1)
            let browsing = try await running.dig("_services._dns-sd._udp.lab.test", "PTR", transport)
            #expect(browsing.answer == ["_services._dns-sd._udp.lab.test. 1 IN PTR _web._tcp.lab.test."])
        }
    }
}

@Suite struct `dig asks for the names of addresses` {
    private static let catalog: [CatalogChange] = {
        do {
            return try [
                Example.node(), Example.node("n2", "2001:db8::2"), Example.node("n3", "10.0.0.3"),
                Example.node("n4", "10.0.0.3"), Example.instance("web", "web-1", address: "10.0.0.11"),
                Example.instance("web", "web-2", address: "10.0.0.11", health: [.critical]),
                Example.instance("api", "api-1", address: "10.0.0.11"),
                Example.instance("db", address: "10.0.0.3"), Example.instance("six", address: "2001:db8::6"),
                Example.instance("out", address: "www.example.net"),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    @Test func `a node's before services', whatever their health, and nobody else's (RFC 1035 3.5)`() async throws {
        let v6 = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        try await RunningServer.with(Self.catalog) { running in
            try await Asked.check(
                [
                    Asked("1.0.0.10.in-addr.arpa", "PTR", "PTR server01.node.dc1.consul."),
                    Asked("3.0.0.10.in-addr.arpa", "PTR", "PTR n3.node.dc1.consul.", "PTR n4.node.dc1.consul."),
                    Asked(
                        "11.0.0.10.in-addr.arpa", "PTR", "PTR api.service.dc1.consul.", "PTR web.service.dc1.consul."),
                    Asked("2.\(v6)", "PTR", "PTR n2.node.dc1.consul."),
                    Asked("6.\(v6)", "PTR", "PTR six.service.dc1.consul."),
                    Asked("1.0.0.10.in-addr.arpa", "A"),
                    Asked("9.0.0.10.in-addr.arpa", "PTR", status: "REFUSED"),
                    Asked("0.0.10.in-addr.arpa", "SOA", status: "REFUSED"),
                ], running)
        }
    }

    @Test func `as they are now`() async throws {
        try await RunningServer.with(Self.catalog) { running in
            let node = try NodeName("server01")
            try await running.registry.submit([
                Example.node("server01", "10.0.0.9"), .removeInstance(InstanceKey(node: node, id: "api-1")),
                .removeInstance(InstanceKey(node: node, id: "web-2")),
            ])
            try await Asked.check(
                [
                    Asked("9.0.0.10.in-addr.arpa", "PTR", "PTR server01.node.dc1.consul."),
                    Asked("1.0.0.10.in-addr.arpa", "PTR", status: "REFUSED"),
                    Asked("11.0.0.10.in-addr.arpa", "PTR", "PTR web.service.dc1.consul."),
                ], running)
        }
    }

    @Test func `of a zone file, which is asked first`() async throws {
        let zone = """
            $ORIGIN 0.0.10.in-addr.arpa.
            $TTL 60
            @  SOA ns.example. hostmaster.example. 1 3600 600 86400 60
               NS  ns.example.
            7  PTR seven.example.
            """
        try await RunningServer.with(Self.catalog, zones: ["0.0.10.in-addr.arpa.zone": zone]) { running in
            let own = try await running.dig("-x", "10.0.0.7")
            #expect(own.answer == ["7.0.0.10.in-addr.arpa. 60 IN PTR seven.example."])
            let other = try await running.dig("-x", "10.0.0.11")
            let owner = "11.0.0.10.in-addr.arpa. 1 IN PTR"
            #expect(other.answer == ["\(owner) api.service.dc1.consul.", "\(owner) web.service.dc1.consul."])
            let none = try await running.dig("-x", "10.0.0.99")
            #expect(none.status == "NXDOMAIN")
        }
    }
}

@Suite struct `dig asks for several tags` {
    @Test func `and gets what has all of them, whatever their order`() async throws {
        let catalog = try [
            Example.node(), Example.instance("web", "a", tags: ["x", "Y.z"], port: 1),
            Example.instance("web", "b", tags: ["x"], port: 2), Example.instance("web", "c", tags: ["w"], port: 3),
            Example.instance("web", "d", tags: ["u", "v"], port: 4, health: [.critical]),
        ]
        let a = "SRV 1 1 1 server01.node.dc1.consul."
        try await RunningServer.with(catalog) { running in
            try await Asked.check(
                [
                    Asked("x.y.z.web.service.consul", "SRV", a), Asked("y.z.x.web.service.dc1.consul", "SRV", a),
                    Asked("Y.Z.X.web.service.consul", "A", "A 10.0.0.1"),
                    Asked("x.x.web.service.consul", "SRV", a, "SRV 1 1 2 server01.node.dc1.consul."),
                    // Exists because y.z.x does (RFC 8020).
                    Asked("z.x.web.service.consul", "SRV"), Asked("z.web.service.consul", "SRV"),
                    Asked("x.w.web.service.consul", "SRV", status: "NXDOMAIN"),
                    Asked("y.x.web.service.consul", "SRV", status: "NXDOMAIN"),
                    Asked("q.x.web.service.consul", "SRV", status: "NXDOMAIN"),
                    Asked("u.v.web.service.consul", "SRV"), Asked("v.u.web.service.consul", "A"),
                ], running)
            let reply = try await running.dig("x.y.z.web.service.consul", "SRV")
            #expect(reply.additional == ["server01.node.dc1.consul. 1 IN A 10.0.0.1"])
        }
    }
}

@Suite struct `dig asks for text` {
    private static func catalog() throws -> [CatalogChange] {
        var changes = try [
            Example.instance("web", "a", tags: ["v1"], port: 1), Example.instance("web", "b", port: 2),
            Example.instance("web", "c", port: 3), Example.instance("out", address: "www.example.net"),
        ]
        let metas = [["version": "1.2", "zone": "eu west"], ["version": "1.3"], [:], ["k": "v"]]
        for (index, meta) in metas.enumerated() {
            guard case .putInstance(var instance, let checks) = changes[index] else { continue }
            instance.meta = meta
            changes[index] = .putInstance(instance, checks: checks)
        }
        let node = Node(
            name: try NodeName("server01"), id: "", address: try Address("10.0.0.1"),
            meta: ["rack": "r1", "a=b`": " c ", "RFC1035-note": "bare", "long": String(repeating: "x", count: 300)])
        return [.putNode(node)] + changes
    }

    @Test func `and gets the attributes of nodes (RFC 1464) and instances (RFC 6763)`() async throws {
        let long = "TXT \"long=\(String(repeating: "x", count: 250))\" \"\(String(repeating: "x", count: 50))\""
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked(
                        "server01.node.consul", "TXT", "TXT \"a`=b``= c \"", "TXT \"bare\"", long, "TXT \"rack=r1\""),
                    Asked(
                        "web.service.consul", "TXT", "TXT \"version=1.2\" \"zone=eu west\"", "TXT \"version=1.3\""),
                    Asked("v1.web.service.consul", "TXT", "TXT \"version=1.2\" \"zone=eu west\""),
                    Asked("out.service.consul", "TXT", "CNAME www.example.net."),
                ], running)
        }
    }
}

@Suite struct `A browser of services (RFC 6763)` {
    private static func catalog() throws -> [CatalogChange] {
        var web = try Example.instance("web", "web-1", address: "10.0.0.11", port: 8081)
        if case .putInstance(var instance, let checks) = web {
            instance.meta = ["path": "/x"]
            web = .putInstance(instance, checks: checks)
        }
        return try [
            Example.node(), web, Example.instance("web", "server01:web.2:80", port: 8082),
            Example.instance("web", "web-3", health: [.critical]), Example.instance("__odd", "odd"),
            Example.instance("db", "db", health: [.critical]),
        ]
    }

    @Test func `finds everything without being told names`() async throws {
        let first = "web-1._web._tcp.consul"
        let second = "server01:web\\.2:80._web._tcp.consul"
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("b._dns-sd._udp.consul", "PTR", "PTR consul."),
                    Asked("_services._dns-sd._udp.consul", "PTR", "PTR _web._tcp.consul.", "PTR _db._tcp.consul."),
                    Asked("_web._tcp.consul", "PTR", "PTR \(first).", "PTR \(second)."),
                    Asked(first, "SRV", "SRV 1 1 8081 0a00000b.addr.dc1.consul."),
                    Asked(first, "TXT", "TXT \"path=/x\""),
                    Asked(second, "SRV", "SRV 1 1 8082 server01.node.dc1.consul."), Asked(second, "TXT", "TXT \"\""),
                    Asked("WEB-1._web._tcp.dc1.consul", "SRV", "SRV 1 1 8081 0a00000b.addr.dc1.consul."),
                    Asked("web-1._web._tcp.consul", "A"), Asked("web-3._web._tcp.consul", "SRV"),
                    Asked("_db._tcp.consul", "PTR"), Asked("_dns-sd._udp.consul", "PTR"), Asked("_udp.consul", "PTR"),
                    Asked("web-9._web._tcp.consul", "SRV", status: "NXDOMAIN"),
                    Asked("x._dns-sd._udp.consul", "PTR", status: "NXDOMAIN"),
                    Asked("_none._tcp.consul", "PTR", status: "NXDOMAIN"),
                ], running)
            let reply = try await running.dig(first, "SRV")
            #expect(reply.additional == ["0a00000b.addr.dc1.consul. 1 IN A 10.0.0.11"])
        }
    }
}
