import Foundation
import Testing

extension EndToEnd {
    @Suite struct `A Prometheus server` {
        @Test func `finds nothing wrong with the metrics`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    _ = try await berth.http.put("/v1/agent/service/register", #"{"name":"web"}"#)
                    _ = try await berth.http.get("/v1/kv/none")
                    _ = try await berth.dig("nosuch.consul", "A")
                    _ = try await berth.dig("web.service.consul", "SRV")
                    _ = try await berth.dig("consul", "SOA", "+tcp")
                    let text = try await retrying(for: .seconds(10)) {
                        let text = try await berth.http.get("/v1/agent/metrics?format=prometheus").body
                        for line in [
                            #"berth_dns_replies_total{transport="udp",rcode="NXDOMAIN"} 1"#,
                            #"berth_dns_questions_total{transport="udp",type="SRV"} 1"#,
                            #"berth_dns_questions_total{transport="tcp",type="SOA"} 1"#,
                            #"berth_dns_queries_total{transport="tcp"} 1"#, "berth_registry_services 1",
                            #"berth_http_requests_total{method="GET",path="/v1/kv/**",code="404"} 1"#,
                        ] { try expectNow(text.contains("\n\(line)\n"), "\(line) is not in\n\(text)") }
                        return text
                    }
                    let verdict = try await Tool.promtool.run(["check", "metrics"], input: text)
                    #expect(verdict.status == 0 && verdict.text.isEmpty, "\(verdict.text)")
                }
            }
        }

        @Test func `scrapes them`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let configuration = """
                        global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                        scrape_configs:
                          - job_name: berth
                            metrics_path: /v1/agent/metrics
                            params: {format: [prometheus]}
                            static_configs: [{targets: ["127.0.0.1:\(berth.ports.http)"]}]
                        """
                    _ = try await berth.http.put("/v1/kv/a", "1")
                    try await Prometheus.run(in: directory, configuration: configuration) { prometheus in
                        try await retrying(for: .seconds(60)) {
                            let keys = try await prometheus.query("berth_registry_keys")
                            try expectNow(keys.first?.value == "1", "\(keys)")
                            let up = try await prometheus.query("up")
                            try expectNow(up.first?.value == "1", "\(up)")
                            let slow = try await prometheus.query(
                                "histogram_quantile(0.99, sum by (le) (berth_journal_commit_seconds_bucket)) > 0")
                            try expectNow(slow.count == 1, "\(slow)")
                            let scrapes = try await prometheus.query(
                                #"berth_http_requests_total{path="/v1/agent/metrics",code="200"} > 1"#)
                            try expectNow(scrapes.count == 1, "\(scrapes)")
                        }
                    }
                }
            }
        }

        /// Debian builds its Prometheus without; those of the project itself have it.
        @Test(.enabled("this Prometheus is built without Consul's discovery") { try await Prometheus.findsByConsul() })
        func `discovers services by Consul's API`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let configuration = """
                        global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                        scrape_configs:
                          - job_name: discovered
                            metrics_path: /v1/agent/metrics
                            params: {format: [prometheus]}
                            consul_sd_configs: [{server: "127.0.0.1:\(berth.ports.http)", refresh_interval: 1s}]
                            relabel_configs:
                              - {source_labels: [__meta_consul_service], target_label: service}
                              - {source_labels: [__meta_consul_tags], target_label: tags}
                              - {source_labels: [__meta_consul_node], target_label: node}
                              - {source_labels: [__meta_consul_health], target_label: health}
                        """
                    func register(_ id: String) async throws {
                        let body = """
                            {"id": "\(id)", "name": "berth", "address": "127.0.0.1", "port": \(berth.ports.http),
                             "tags": ["metrics"], "meta": {"id": "\(id)"}}
                            """
                        let reply = try await berth.http.put("/v1/agent/service/register", body)
                        #expect(reply.status == 200, "\(reply.body)")
                    }
                    try await register("one")
                    try await Prometheus.run(in: directory, configuration: configuration) { prometheus in
                        try await retrying(for: .seconds(60)) {
                            let found = try await prometheus.query("berth_registry_instances")
                            try expectNow(found.count == 1 && found[0].value == "1", "\(found)")
                            let labels = found[0].labels
                            try expectNow(labels["service"] == "berth" && labels["tags"] == ",metrics,", "\(labels)")
                            try expectNow(labels["node"] == "server01" && labels["health"] == "passing", "\(labels)")
                        }
                        // What comes later is heard of through its blocking queries.
                        _ = try await berth.http.put(
                            "/v1/agent/service/register",
                            #"{"name": "other", "address": "127.0.0.1", "port": \#(berth.ports.http)}"#)
                        try await retrying(for: .seconds(60)) {
                            let found = try await prometheus.query(#"berth_registry_services{service="other"}"#)
                            try expectNow(found.first?.value == "2", "\(found)")
                            let commits = try await prometheus.query(#"berth_journal_commit_seconds_count"#)
                            try expectNow(commits.contains { Double($0.value) ?? 0 > 1 }, "\(commits)")
                        }
                    }
                }
            }
        }
    }
}
