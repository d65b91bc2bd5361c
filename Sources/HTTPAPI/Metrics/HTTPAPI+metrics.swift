package import Telemetry

extension HTTPAPI: MetricSource {
    package var metrics: [Metric] {
        requests.metrics + [
            .gauge("berth_http_connections", "HTTP connections that are open", clients.total),
            .counter(
                "berth_http_connections_refused_total", "HTTP connections that were one too many for their client",
                clients.refused),
            .gauge(
                "berth_http_blocking_readers", "Requests that wait for a change", consul: "consul.rpc.queries_blocking",
                watchers.count),
            .counter(
                "berth_http_answers_encoded_total",
                "Answers about the catalog that were encoded, not sent as they were before",
                encoded.encodings),
        ]
    }
}
