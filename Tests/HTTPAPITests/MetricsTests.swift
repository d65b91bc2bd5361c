import Foundation
import NIOCore
import Registry
import Telemetry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Metrics` {
    private struct Document: Decodable {
        struct Figure: Decodable {
            let Name: String
            let Value: Double?
            let Count: UInt64?
            let Rate, Sum, Min, Max, Mean, Stddev: Double?
            let Labels: [String: String]
        }

        let Timestamp: String
        let Gauges, Points, Counters, Samples: [Figure]
    }

    private func document(_ api: LiveAPI) async throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(try await api.get("/v1/agent/metrics").body.utf8))
    }

    @Test func `are told in Consul's form`() async throws {
        try await LiveAPI.run { api in
            try await api.register(
                #"{"name":"web","checks":[{"ttl":"60s"},{"ttl":"60s","status":"passing"}]}"#)
            _ = try await api.put("/v1/kv/a", "1")
            let document = try await document(api)
            #expect(document.Timestamp.contains(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/))
            #expect(document.Points.isEmpty)
            func gauge(_ name: String, _ labels: [String: String] = [:]) -> Double? {
                document.Gauges.first { $0.Name == name && $0.Labels == labels }?.Value
            }
            #expect(gauge("consul.raft.applied_index") == Double(api.registry.snapshot.index))
            #expect(gauge("consul.state.nodes") == 1)
            #expect(gauge("consul.state.services") == 1)
            #expect(gauge("consul.state.service_instances") == 1)
            #expect(gauge("consul.state.kv_entries") == 1)
            #expect(gauge("berth_registry_checks", ["status": "passing"]) == 1)
            #expect(gauge("berth_registry_checks", ["status": "critical"]) == 1)
            #expect(gauge("consul.rpc.queries_blocking") == 0)
            #expect(document.Gauges.map(\.Name) == document.Gauges.map(\.Name).sorted())
            let commits = try #require(document.Samples.first { $0.Name == "consul.raft.commitTime" })
            let (least, greatest) = (try #require(commits.Min), try #require(commits.Max))
            #expect(try #require(commits.Count) >= 3)
            #expect(least <= greatest)
            #expect((least...greatest).contains(try #require(commits.Mean)))
            let puts = try #require(
                document.Counters.first { $0.Name == "consul.api.http" && $0.Labels["path"] == "/v1/kv/**" })
            #expect(puts.Labels == ["method": "PUT", "path": "/v1/kv/**", "code": "200"])
            #expect(puts.Count == 1 && puts.Sum == 1 && puts.Mean == 1 && puts.Stddev == 0)
        }
    }

    @Test func `count requests by what they asked for and got`() async throws {
        try await LiveAPI.run { api in
            for path in ["/v1/kv/none", "/v1/kv/other", "/nowhere", "/v1/health/service/a", "/v1/health/service/b"] {
                _ = try await api.get(path)
            }
            _ = try await api.ask("POST", "/v1/health/service/a")
            _ = try await api.ask("PURGE", "/v1/health/service/a")
            _ = try await api.put("/v1/agent/service/register", "{")
            let text = try await api.get("/v1/agent/metrics?format=prometheus").body
            for line in [
                #"{method="GET",path="/v1/kv/**",code="404"} 2"#, #"{method="GET",path="other",code="404"} 1"#,
                #"{method="GET",path="/v1/health/service/{name}",code="200"} 2"#,
                #"{method="POST",path="/v1/health/service/{name}",code="405"} 1"#,
                #"{method="other",path="other",code="404"} 1"#,
                #"{method="PUT",path="/v1/agent/service/register",code="400"} 1"#,
            ] { #expect(text.contains("berth_http_requests_total\(line)\n"), "\(line) is not in \(text)") }
        }
    }

    @Test func `tell Prometheus who waits, and what was no request`() async throws {
        try await LiveAPI.run { api in
            let index = api.registry.snapshot.index
            let readers = try await api.readers(3, "/v1/catalog/nodes?index=\(index)")
            _ = try await api.send("nonsense\r\n\r\n")
            let answer = try await api.get("/v1/agent/metrics?format=prometheus")
            #expect(answer.headers.lowercased().contains("content-type: text/plain; version=0.0.4; charset=utf-8"))
            #expect(answer.body.contains("\nberth_http_blocking_readers 3\n"))
            #expect(answer.body.contains("\nberth_http_malformed_total 1\n"))
            for reader in readers { try await reader.channel?.close() }
            try await eventually { api.waiting == 0 }
        }
    }

    @Test func `count checks anew whenever one has changed`() async throws {
        try await LiveAPI.run { api in
            func passing() async throws -> Bool {
                try await api.get("/v1/agent/metrics?format=prometheus").body
                    .contains("\nberth_registry_checks{status=\"passing\"} 1\n")
            }
            try await api.register(#"{"name":"web","check":{"ttl":"60s"}}"#)
            try await #expect(!passing())
            _ = try await api.put("/v1/agent/check/pass/service:web")
            try await #expect(passing())
            _ = try await api.put("/v1/agent/service/deregister/web")
            try await #expect(!passing())
        }
    }
}
