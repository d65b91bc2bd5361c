import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `Names of prepared queries` {
    private static func query(
        _ id: String, _ name: String, _ service: String = "web", template: String? = nil, ttl: Int? = nil,
        _ change: (inout PreparedQuery.Search) -> Void = { _ in }
    ) throws -> CatalogChange {
        var search = PreparedQuery.Search(service: service)
        change(&search)
        return .query(
            .put(
                PreparedQuery(
                    id: id, name: name, template: try template.map { try QueryTemplate(expression: $0) },
                    search: search,
                    timeToLive: ttl.map { .init(text: "\($0)s", duration: .seconds($0)) })))
    }

    private static let id = "0b0f9a4e-5b6e-4d2c-9d2c-0d6ad6f0a777"

    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.node("n2", "10.0.0.2"),
            Example.instance("web", "web-1", tags: ["blue"], address: "10.1.0.1", port: 8001, health: [.passing]),
            Example.instance("web", "web-2", on: "n2", tags: ["green"], port: 8002, health: [.warning]),
            Example.instance("web", "web-3", tags: ["red"], address: "10.1.0.3", port: 8003, health: [.critical]),
            query(id, "plain"), query("q2", "my.dotted", ttl: 7) { $0.tags = ["blue"] },
            query("q3", "dead") { $0.tags = ["red"] }, query("q4", "none", "nothing"),
            query("q5", "passing") { $0.onlyPassing = true },
            query("q6", "warned") { ($0.onlyPassing, $0.tags) = (true, ["green"]) },
            query("q7", "revived") { ($0.tags, $0.ignoredChecks) = (["red"], ["web-3-0"]) },
            query("q8", "near") { $0.near = "n2" },
            query("q9", "geo-", "${match(1)}", template: "^geo-(.*)-(.*)$", ttl: 0) { $0.tags = ["${match(2)}"] },
        ]
    }

    private static let a1 = "A 10.1.0.1"
    private static let a2 = "A 10.0.0.2"
    private static let srv1 = "SRV 1 1 8001 0a010001.addr.dc1.consul."
    private static let srv2 = "SRV 1 1 8002 n2.node.dc1.consul."

    @Test func `are answered with what the queries find`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("plain.query.consul", "A", Self.a1, Self.a2),
                    Asked("PLAIN.query.dc1.consul", "A", Self.a1, Self.a2),
                    Asked("\(Self.id).query.consul", "SRV", Self.srv1, Self.srv2),
                    Asked("plain.query.consul", "AAAA"), Asked("plain.query.consul", "TXT"),
                    Asked("plain.query.consul", "PTR"),
                    Asked("passing.query.consul", "A", Self.a1), Asked("revived.query.consul", "A", "A 10.1.0.3"),
                    Asked("dead.query.consul", "A"), Asked("none.query.consul", "A"), Asked("warned.query.consul", "A"),
                    Asked("query.consul", "A"), Asked("query.dc1.consul", "SOA"),
                    Asked("nope.query.consul", "A", status: "NXDOMAIN"),
                    // A name that others are below exists (RFC 8020).
                    Asked("dotted.query.consul", "A"), Asked("DOTTED.query.dc1.consul", "SRV"),
                    Asked("ted.query.consul", "A", status: "NXDOMAIN"),
                    Asked("other.dotted.query.consul", "A", status: "NXDOMAIN"),
                    Asked("a.plain.query.consul", "A", status: "NXDOMAIN"),
                    Asked("geo.query.consul", "A", status: "NXDOMAIN"),
                    Asked("_plain._tcp.query.consul", "SRV", status: "NXDOMAIN"),
                    Asked("plain.query.dc9.consul", "A", status: "NXDOMAIN"), Asked("geo-nothing-x.query.consul", "A"),
                ], running)
            #expect(
                try await running.dig("my.dotted.query.consul", "A").answer == [
                    "my.dotted.query.consul. 7 IN A 10.1.0.1"
                ])
            #expect(
                try await running.dig("geo-web-green.query.consul", "SRV").answer
                    == ["geo-web-green.query.consul. 0 IN \(Self.srv2)"])
            let service = try await running.dig("plain.query.consul", "SRV")
            #expect(service.additional.contains("n2.node.dc1.consul. 1 IN A 10.0.0.2"))
            #expect(service.authority.isEmpty)
        }
    }

    @Test func `say why there is nobody`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            func reason(_ name: String) async throws -> String {
                try await running.dig("\(name).query.consul", "A").extendedError
            }
            try await #expect(reason("dead").contains("1 instance, critical: web-3"))
            try await #expect(reason("none").contains("no instance of a service is what this prepared query looks for"))
            try await #expect(reason("warned").contains("1 instance, not passing"))
        }
    }

    @Test func `have the instances of the near node first`() throws {
        let supplement = CatalogSupplement(try RegistryZone(agent: Example.agent()))
        var state = CatalogState()
        for change in try Self.catalog() {
            let old = state.snapshot
            let delta = try state.apply(change, at: old.index + 1)
            supplement.update(from: old, to: state.snapshot, delta)
        }
        let records = try #require(supplement.records(at: DomainName(text: "near.query.consul.")))
        let addresses = try #require(records.sets.first { $0.type == .a })
        #expect(addresses.rdata == [[10, 0, 0, 2], [10, 1, 0, 1]] && addresses.order == .stable)
    }

    @Test func `are what their template says now, asked again or not`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            for _ in 0..<2 {
                let answer = try await running.dig("geo-web-green.query.consul", "SRV").answer
                #expect(answer == ["geo-web-green.query.consul. 0 IN \(Self.srv2)"])
            }
            try await running.registry.submit([
                Self.query("q9", "geo-", "${match(1)}", template: "^geo-(.*)-(.*)$", ttl: 5) { $0.tags = ["blue"] }
            ])
            let answer = try await running.dig("geo-web-green.query.consul", "SRV").answer
            #expect(answer == ["geo-web-green.query.consul. 5 IN \(Self.srv1)"])
        }
    }

    @Test func `follow the queries and the instances`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            func addresses(_ name: String) async throws -> [String] {
                try await running.dig("\(name).query.consul", "A").answer.compactMap {
                    $0.split(separator: " ").last.map(String.init)
                }
            }
            #expect(try await addresses("plain") == ["10.0.0.2", "10.1.0.1"])
            try await running.registry.submit([
                Example.instance("web", "web-1", address: "10.1.0.9", port: 8001), Self.query("q5", "passing", "other"),
                .query(.remove("q2")), .query(.remove("q3")), Self.query("q10", "fresh"),
            ])
            #expect(try await addresses("plain") == ["10.0.0.2", "10.1.0.9"])
            #expect(try await addresses("fresh") == ["10.0.0.2", "10.1.0.9"])
            try await Asked.check(
                [
                    Asked("passing.query.consul", "A"), Asked("dead.query.consul", "A", status: "NXDOMAIN"),
                    Asked("dotted.query.consul", "A", status: "NXDOMAIN"),
                ], running)
        }
    }
}
