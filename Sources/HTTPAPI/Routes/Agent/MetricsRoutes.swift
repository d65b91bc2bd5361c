import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// `/v1/agent/metrics`: the figures of all parts.
struct MetricsRoutes {
    let sources: [any MetricSource]
    let start: ContinuousClock.Instant

    var endpoints: [Endpoint] { [.get("/v1/agent/metrics", metrics)] }

    @Sendable private func metrics(_ request: APIRequest) throws -> Response {
        let metrics = sources.flatMap(\.metrics)
        guard request.text("format") == "prometheus" else {
            return try .json(MetricsJSON(metrics, at: .now, uptime: .now - start), to: request)
        }
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusText.encode(metrics))))
    }
}
