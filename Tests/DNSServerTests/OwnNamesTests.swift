import DNS
import Foundation
import Registry
import TestSupport
import Testing

@testable import DNSServer

@Suite struct `Names that this server answers for itself` {
    private static let zones = [
        "z.example.zone": """
        $TTL 60
        @ SOA ns host 1 2 3 4 5
        @ NS ns
        ns A 192.0.2.53
        www A 192.0.2.80
        www AAAA 2001:db8::80
        alias CNAME www
        _http._tcp SRV 1 2 80 web.service.consul.
        mail MX 10 mx.y.example.
        both MX 10 www
        both MX 20 0a000009.addr.consul.
        app HTTPS 1 web.service.lab.example.
        elsewhere MX 10 mx.example.net.
        into-lab CNAME web.service.lab.example.
        to-reverse CNAME 11.0.0.10.in-addr.arpa.
        """,
        "y.example.zone": "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.54\nmx A 192.0.2.25\n",
    ]

    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.instance("web", address: "10.0.0.11", port: 81),
            Example.instance("via-lab", address: "web.service.lab.example"),
            Example.instance("via-lab-twice", address: "via-lab.service.lab.example"),
            Example.instance("lab-loop-1", address: "lab-loop-2.service.lab.example"),
            Example.instance("lab-loop-2", address: "lab-loop-1.service.lab.example"),
            Example.instance("via-web", address: "web.service.consul", port: 1),
            Example.instance("via-zone", address: "alias.z.example", port: 2),
            Example.instance("sf", address: "_sf._tcp.consul", port: 3),
            Example.instance("sf2", address: "_SF2._tcp.service.dc1.consul", port: 4),
            Example.instance("sf3", address: "sf3.service.lab.example", port: 5),
            Example.instance("mapped", address: "::ffff:10.1.1.1", port: 6),
        ]
    }

    private func with(_ body: @Sendable @escaping (RunningServer) async throws -> Void) async throws {
        // Whoever asks a recursor for any of them gets a wrong answer.
        let upstream = try await FakeRecursor { _ in .code(3, []) }
        try await RunningServer.with(
            Self.catalog(), zones: Self.zones, alternativeDomain: try DomainName(text: "lab.example."),
            recursors: [upstream.server], body: body)
        #expect(upstream.asked.isEmpty)
    }

    @Test(arguments: ["+notcp", "+tcp"])
    func `are followed as aliases, and nobody else is asked`(_ transport: String) async throws {
        try await with { running in
            let expected: [(String, String, [String])] = [
                ("via-lab.service.consul", "A", ["A 10.0.0.11"]),
                ("via-lab-twice.service.consul", "A", ["A 10.0.0.11"]),
                ("via-lab.service.lab.example", "A", ["A 10.0.0.11"]),
                ("into-lab.z.example", "A", ["CNAME web.service.lab.example.", "A 10.0.0.11"]),
                ("to-reverse.z.example", "PTR", ["CNAME 11.0.0.10.in-addr.arpa.", "PTR web.service.dc1.consul."]),
            ]
            for (name, type, answer) in expected {
                let reply = try await running.dig(name, type, transport)
                #expect(reply.status == "NOERROR")
                let data = reply.answer.map { $0.split(separator: " ").dropFirst(3).joined(separator: " ") }
                #expect(data.sorted() == answer.sorted(), "\(name): \(reply)")
            }
            let loop = try await running.dig("lab-loop-1.service.consul", "A", transport)
            #expect(loop.status == "NOERROR" && loop.answer.isEmpty)
            #expect(loop.extendedError.contains("aliases lead back here"))
        }
    }

    @Test func `lead an instance that is named after itself to its node, in any spelling`() async throws {
        try await with { running in
            for (name, port) in [("sf", 3), ("sf2", 4), ("sf3", 5)] {
                let reply = try await running.dig("\(name).service.consul", "SRV")
                #expect(reply.answer == ["\(name).service.consul. 1 IN SRV 1 1 \(port) server01.node.dc1.consul."])
                let address = try await running.dig("\(name).service.consul", "A")
                #expect(address.answer == ["\(name).service.consul. 1 IN A 10.0.0.1"])
            }
        }
    }

    /// RFC 2782, RFC 1035 3.3.9, RFC 9460 4.1.
    @Test(arguments: ["+notcp", "+tcp"])
    func `bring their addresses along where records point at them`(_ transport: String) async throws {
        try await with { running in
            let expected: [(String, String, [String])] = [
                ("via-web.service.consul", "SRV", ["web.service.consul. 1 IN A 10.0.0.11"]),
                ("via-lab.service.consul", "SRV", ["web.service.lab.example. 1 IN A 10.0.0.11"]),
                (
                    "via-zone.service.consul", "SRV",
                    [
                        "alias.z.example. 60 IN CNAME www.z.example.", "www.z.example. 60 IN A 192.0.2.80",
                        "www.z.example. 60 IN AAAA 2001:db8::80",
                    ]
                ),
                ("_http._tcp.z.example", "SRV", ["web.service.consul. 1 IN A 10.0.0.11"]),
                ("mail.z.example", "MX", ["mx.y.example. 60 IN A 192.0.2.25"]),
                (
                    "both.z.example", "MX",
                    [
                        "0a000009.addr.consul. 1 IN A 10.0.0.9", "www.z.example. 60 IN A 192.0.2.80",
                        "www.z.example. 60 IN AAAA 2001:db8::80",
                    ]
                ),
                ("app.z.example", "HTTPS", ["web.service.lab.example. 1 IN A 10.0.0.11"]),
                ("elsewhere.z.example", "MX", []),
            ]
            for (name, type, additional) in expected {
                let reply = try await running.dig(name, type, transport)
                #expect(reply.answer.count == (name.hasPrefix("both") ? 2 : 1), "\(name): \(reply)")
                #expect(reply.additional == additional, "\(name): \(reply)")
            }
        }
    }

    @Test func `are those of IPv4 where an address is mapped into IPv6`() async throws {
        try await with { running in
            let reply = try await running.dig("mapped.service.consul", "A")
            #expect(reply.answer == ["mapped.service.consul. 1 IN A 10.1.1.1"])
            let none = try await running.dig("mapped.service.consul", "AAAA")
            #expect(none.answer.isEmpty && none.status == "NOERROR")
            let pointer = try await running.dig("-x", "10.1.1.1")
            #expect(pointer.answer == ["1.1.1.10.in-addr.arpa. 1 IN PTR mapped.service.dc1.consul."])
        }
    }
}

@Suite struct `A reverse zone of a file` {
    private static let zone = """
        $TTL 60
        @ SOA ns.z.example. host.z.example. 1 2 3 4 5
        @ NS ns.z.example.
        12.0.0 PTR own.z.example.
        13.0.0 TXT "no pointer"
        14.0.0 CNAME 12.0.0
        *.9 PTR star.z.example.
        """

    @Test func `lacks nothing that the registry knows, and has the last word on its own names`() async throws {
        let changes = try (10...14).map { try Example.instance("s\($0)", address: "10.0.0.\($0)") }
        let wild = try Example.instance("wild", address: "10.9.0.1")
        try await RunningServer.with(
            [Example.node()] + changes + [wild], zones: ["10.in-addr.arpa.zone": Self.zone]
        ) { running in
            func pointers(_ address: String) async throws -> [String] {
                try await running.dig("-x", address).answer.compactMap {
                    $0.split(separator: " ").last.map(String.init)
                }
            }
            #expect(try await pointers("10.0.0.10") == ["s10.service.dc1.consul."])
            #expect(try await pointers("10.0.0.1") == ["server01.node.dc1.consul."])
            #expect(try await pointers("10.0.0.12") == ["own.z.example."])
            #expect(try await pointers("10.0.0.13") == ["s13.service.dc1.consul."])
            #expect(try await pointers("10.0.0.14").sorted() == ["12.0.0.10.in-addr.arpa.", "own.z.example."])
            #expect(try await pointers("10.9.0.1") == ["wild.service.dc1.consul."])
            #expect(try await pointers("10.9.0.2") == ["star.z.example."])
            let missing = try await running.dig("-x", "10.0.0.99")
            #expect(missing.status == "NXDOMAIN" && missing.authority.count == 1)
            let noData = try await running.dig("10.0.0.10.in-addr.arpa", "A")
            #expect(noData.status == "NOERROR" && noData.authority.count == 1 && noData.flags.contains("aa"))
        }
    }

    @Test(arguments: ["+notcp", "+tcp"])
    func `has the names above the registry's, as long as those are there (RFC 8020)`(_ transport: String) async throws {
        let zones = [
            "10.in-addr.arpa.zone": Self.zone, "0.2.ip6.arpa.zone": "@ SOA ns.z.example. h.z.example. 1 2 3 4 5\n",
        ]
        let node = try NodeName("server01")
        let changes = try [
            Example.node("server01", "10.7.0.1"), Example.instance("a", address: "10.1.2.3"),
            Example.instance("b", address: "10.1.2.3"), Example.instance("six", address: "2000::6"),
            Example.instance("out", address: "192.0.2.1"),
        ]
        try await RunningServer.with(changes, zones: zones) { running in
            func status(_ name: String, _ type: String = "PTR") async throws -> String {
                let reply = try await running.dig(name, type, transport)
                #expect(reply.answer.isEmpty)
                #expect(reply.authority.count == (reply.status == "REFUSED" ? 0 : 1))
                return reply.status
            }
            let v6 = (1...29).map { String(repeating: "0.", count: $0) + "2.ip6.arpa" }
            for name in ["2.1.10.in-addr.arpa", "1.10.in-addr.arpa", "7.10.IN-ADDR.arpa", "0.7.10.in-addr.arpa"] {
                for type in ["PTR", "A", "NS"] { #expect(try await status(name, type) == "NOERROR", "\(name) \(type)") }
            }
            for name in v6 { #expect(try await status(name) == "NOERROR", "\(name)") }
            for name in ["3.1.10.in-addr.arpa", "8.10.in-addr.arpa", "9.2.1.10.in-addr.arpa", "x.1.10.in-addr.arpa"] {
                #expect(try await status(name) == "NXDOMAIN", "\(name)")
            }
            // Above no zone of a file.
            #expect(try await status("2.0.192.in-addr.arpa") == "REFUSED")
            let noReason = try await running.dig("13.0.0.10.in-addr.arpa", "PTR", transport)
            #expect(noReason.extendedError.contains("not with records of this type"))

            try await running.registry.submit([.removeInstance(InstanceKey(node: node, id: "a"))])
            #expect(try await status("2.1.10.in-addr.arpa") == "NOERROR")
            try await running.registry.submit([.removeInstance(InstanceKey(node: node, id: "b"))])
            #expect(try await status("2.1.10.in-addr.arpa") == "NXDOMAIN")
            #expect(try await status("7.10.in-addr.arpa") == "NOERROR")
            try FileManager.default.removeItem(at: running.zones.appending(path: "10.in-addr.arpa.zone"))
            running.server.reloadZones()
            #expect(try await status("7.10.in-addr.arpa") == "REFUSED")
        }
    }
}
