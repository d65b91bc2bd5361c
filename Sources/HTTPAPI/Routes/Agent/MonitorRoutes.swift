import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `/v1/agent/monitor`: the log, as it is written.
struct MonitorRoutes {
    /// `nil`: there is none to follow.
    let log: (any LogSource)?

    var endpoints: [Endpoint] { [.get("/v1/agent/monitor", monitor)] }

    @Sendable private func monitor(_ request: APIRequest) throws -> Response {
        guard let log else { throw APIError.notFound("there is no log to follow") }
        guard !log.isCrowded else { throw APIError.tooManyFollow }
        let reader = LogReader(level: try level(request), isJSON: try request.flag("logjson"))
        let channel = request.channel
        let body = ResponseBody { base in
            var writer = StreamWriter(base, to: channel)
            log.attach(reader)
            defer { log.detach(reader) }
            let held = HeldRequest(begin: {}, end: { _ in reader.queue.finish() })
            let isHeld = channel.eventLoop.makePromise(of: Void.self)
            // The connection was closed meanwhile.
            isHeld.futureResult.whenFailure { _ in reader.queue.finish() }
            channel.triggerUserOutboundEvent(held, promise: isHeld)
            while let batch = await reader.queue.next() {
                try await writer.write(batch.lines.joined() + remark(on: batch, for: reader))
            }
            try await writer.finish()
        }
        let type = reader.isJSON ? "application/x-ndjson" : "text/plain; charset=utf-8"
        return Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff"],
            body: body)
    }

    /// What a reader is told of the lines that it was too slow for.
    private func remark(on batch: LineQueue.Batch, for reader: LogReader) -> String {
        guard batch.lost > 0 else { return "" }
        return reader.isJSON
            ? #"{"level":"warning","message":"lines were lost: this reader is too slow","lost":\#(batch.lost)}"# + "\n"
            : "WARNING: \(batch.lost) lines were lost: this reader is too slow\n"
    }

    private func level(_ request: APIRequest) throws -> Logger.Level {
        guard let text = request.text("loglevel") else { return .info }
        let level: Logger.Level? =
            switch text.lowercased() {
            case "trace": .trace
            case "debug": .debug
            case "info": .info
            case "notice": .notice
            case "warn", "warning": .warning
            case "err", "error": .error
            default: nil
            }
        guard let level else { throw APIError.badRequest("Bad request: Unknown log level: \(text)") }
        return level
    }
}
