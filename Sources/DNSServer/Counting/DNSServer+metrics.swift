package import Telemetry

extension DNSServer: MetricSource {
    package var metrics: [Metric] {
        let udp = workers.reduce(into: QueryCounts()) { $0.add($1.counters.values) }
        let both = [("udp", udp), ("tcp", tcpCounters.values)]
        return [
            .labelled(
                .counter, "berth_dns_queries_total", "DNS queries received", consul: "consul.dns.queries",
                both.map { ([("transport", $0)], Double($1[.queries])) }),
            table(
                "berth_dns_replies_total", "DNS queries answered, by response code", both, label: "rcode",
                [
                    "NOERROR": .noError, "FORMERR": .formatError, "SERVFAIL": .serverFailure,
                    "NXDOMAIN": .nameError, "NOTIMP": .notImplemented, "REFUSED": .refused,
                    "other": .otherCode,
                ]),
            table(
                "berth_dns_questions_total", "DNS questions answered, by type", both, label: "type",
                [
                    "A": .a, "AAAA": .aaaa, "NS": .ns, "SOA": .soa, "PTR": .ptr, "TXT": .txt,
                    "SRV": .srv, "HTTPS": .https, "ANY": .any, "other": .otherType,
                ]),
            table(
                "berth_dns_events_total", "What else became of DNS queries", both, label: "event",
                [
                    "truncated": .truncated, "dropped": .dropped, "limited": .limited,
                    "forwarded": .forwarded, "lost": .lost,
                ]),
        ]
    }

    private func table(
        _ name: String, _ help: String, _ transports: [(String, QueryCounts)], label: String,
        _ counters: KeyValuePairs<String, QueryCounter>
    ) -> Metric {
        let values = transports.flatMap { transport, counts in
            counters.map { name, counter in
                (labels: [("transport", transport), (label, name)], value: Double(counts[counter]))
            }
        }
        return .labelled(.counter, name, help, values)
    }
}
