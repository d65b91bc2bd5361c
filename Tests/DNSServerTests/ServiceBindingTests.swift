import DNS
import Logging
import Registry
import Testing

@testable import DNSServer

@Suite struct `SVCB and HTTPS records (RFC 9460)` {
    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.node("n2", "2001:db8::2"),
            Example.instance(
                "web", "a", tags: ["v1"], address: "10.0.0.11", port: 8443, meta: ["https-alpn": "h3, h2"]),
            Example.instance("web", "b", on: "n2", port: 443, meta: ["https-alpn": "h2", "https-priority": "2"]),
            Example.instance("web", "c", port: 80),
            Example.instance("dot", port: 853, meta: ["svcb-alpn": "dot", "https-alpn": ""]),
            Example.instance("out", address: "www.example.net", port: 443, meta: ["https-alpn": "h2"]),
            Example.instance("ill", port: 1, meta: ["https-alpn": "h2"], health: [.critical]),
        ]
    }

    @Test func `are what an instance's meta asks for, with its target, port and address`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            for name in ["web.service.consul", "_web._tcp.service.consul", "web.service.dc1.consul"] {
                for transport in ["+notcp", "+tcp"] {
                    let reply = try await running.dig(name, "HTTPS", transport)
                    #expect(
                        reply.answer == [
                            "\(name). 1 IN HTTPS 1 0a00000b.addr.dc1.consul. alpn=\"h3,h2\" port=8443 ipv4hint=10.0.0.11",
                            "\(name). 1 IN HTTPS 2 n2.node.dc1.consul. alpn=\"h2\" port=443 ipv6hint=2001:db8::2",
                        ])
                    #expect(
                        reply.additional == [
                            "0a00000b.addr.dc1.consul. 1 IN A 10.0.0.11",
                            "n2.node.dc1.consul. 1 IN AAAA 2001:db8::2",
                        ])
                }
            }
            try await Asked.check(
                [
                    Asked(
                        "v1.web.service.consul", "TYPE65",
                        "HTTPS 1 0a00000b.addr.dc1.consul. alpn=\"h3,h2\" port=8443 ipv4hint=10.0.0.11"),
                    Asked(
                        "v1.v1.web.service.consul", "HTTPS",
                        "HTTPS 1 0a00000b.addr.dc1.consul. alpn=\"h3,h2\" port=8443 ipv4hint=10.0.0.11"),
                    Asked(
                        "dot.service.consul", "HTTPS", "HTTPS 1 server01.node.dc1.consul. port=853 ipv4hint=10.0.0.1"),
                    Asked(
                        "dot.service.consul", "SVCB",
                        "SVCB 1 server01.node.dc1.consul. alpn=\"dot\" port=853 ipv4hint=10.0.0.1"),
                    Asked("out.service.consul", "HTTPS", "HTTPS 1 www.example.net. alpn=\"h2\" port=443"),
                ], running)
        }
    }

    @Test func `name their targets in the domain that was asked`() async throws {
        let lab = try DomainName(text: "lab.")
        try await RunningServer.with(Self.catalog(), alternativeDomain: lab) { running in
            let reply = try await running.dig("v1.web.service.lab", "HTTPS")
            #expect(
                reply.answer == [
                    "v1.web.service.lab. 1 IN HTTPS 1 0a00000b.addr.dc1.lab. alpn=\"h3,h2\" port=8443 ipv4hint=10.0.0.11"
                ])
            #expect(reply.additional == ["0a00000b.addr.dc1.lab. 1 IN A 10.0.0.11"])
        }
    }

    @Test(arguments: ["web.service.consul SVCB", "ill.service.consul HTTPS", "server01.node.consul HTTPS"])
    func `are no data, which says why, where no instance asks for them`(_ question: String) async throws {
        let words = question.split(separator: " ").map(String.init)
        try await RunningServer.with(Self.catalog()) { running in
            let reply = try await running.dig(words[0], words[1])
            #expect(reply.status == "NOERROR" && reply.answer.isEmpty)
            #expect(reply.authority.first?.hasPrefix("consul. 1 IN SOA ") == true)
            #expect(!reply.extendedError.isEmpty)
        }
    }

    @Test func `come and go with the meta`() throws {
        var catalog = try CompiledCatalog([Example.node(), Example.instance("web", meta: ["https-alpn": "h2"])])
        #expect(try catalog.answer("web.service.consul")?.contains("TYPE65") == true)
        try catalog.apply(Example.instance("web", meta: ["https-alpn": "h2", "https-priority": "0"]))
        #expect(try catalog.answer("web.service.consul") == ["A 10.0.0.1", "SRV 1 1 80 server01.node.dc1.consul."])
        try catalog.apply(Example.instance("web", meta: ["svcb-alpn": "h2"]))
        #expect(try catalog.answer("web.service.consul")?.contains("TYPE64") == true)
        #expect(catalog.names == catalog.fromScratch)
    }

    @Test func `keep the addresses of their targets when the zone has a new serial`() throws {
        var state = CatalogState()
        let publisher = AnswerPublisher(try RegistryZone(agent: Example.agent()), logger: LogRecorder().logger)
        for change in try Self.catalog() {
            let old = state.snapshot
            let delta = try state.apply(change, at: old.index + 1)
            publisher.catalogDidChange(from: old, to: state.snapshot, delta: delta)
        }
        let name = try DomainName(text: "web.service.consul")
        let before = publisher.table.records(at: name)
        #expect(before?.additional.count == 3)
        publisher.replaceZoneFiles([])
        #expect(publisher.table.records(at: name) == before)
    }

    @Test(
        arguments: [
            (["https-alpn": "h2", "https-priority": "0"], "https-priority must be a number from 1 to 65535"),
            (["https-alpn": "h2", "https-priority": "65536"], "https-priority must be a number from 1 to 65535"),
            (["https-alpn": "h2", "https-priority": "high"], "https-priority must be a number from 1 to 65535"),
            (["https-priority": "1"], "https-priority says nothing without https-alpn"),
            (["https-alpn": "h2,,h3"], "https-alpn must be protocols such as h2, parted by commas"),
            (["https-alpn": "h 2"], "https-alpn must be protocols such as h2, parted by commas"),
            (["https-alpn": "\u{e4}"], "https-alpn must be protocols such as h2, parted by commas"),
            (["https-alpn": "h2,h2"], "https-alpn must name each protocol once"),
            (["https-alpn": String(repeating: "x", count: 256)], "https-alpn must have at most 255 octets"),
            (["svcb-alpn": ","], "svcb-alpn must be protocols such as h2, parted by commas"),
        ] as [([String: String], String)])
    func `that nothing can be made of are left out, and told of once`(
        _ meta: [String: String], _ reason: String
    ) async throws {
        let recorder = LogRecorder()
        let changes = try [
            Example.node(), Example.instance("web", tags: ["t"], meta: meta, health: [.passing]),
        ]
        try await RunningServer.with(changes, logger: recorder.logger) { running in
            let check = CheckKey(node: try NodeName("server01"), id: "web-0")
            try await running.registry.submit([.setStatus(check, .warning, output: "")])
            try await running.registry.submit([changes[1], Example.instance("web", "other", port: 9)])
            try await Asked.check(
                [
                    Asked("web.service.consul", "HTTPS"), Asked("web.service.consul", "SVCB"),
                    Asked("t.web.service.consul", "SRV", "SRV 1 1 80 server01.node.dc1.consul."),
                ], running)
        }
        let warnings = recorder.records.filter { $0.level == .warning }
        #expect(warnings.count == 1)
        #expect(warnings.first?.metadata["service"] == "web")
        #expect(warnings.first?.metadata["instance"] == "web")
        #expect(warnings.first?.metadata["reason"]?.hasPrefix(reason) == true)
    }
}
