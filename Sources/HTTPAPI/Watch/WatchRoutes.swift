import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// `/v1/berth/watch`: changes of many things on one connection, as Server-Sent Events.
///
/// - SeeAlso: WHATWG HTML 9.2, "Server-sent events".
struct WatchRoutes {
    static let maximumThings = 64

    let reads: CatalogReads
    let keepAlive: Duration

    var endpoints: [Endpoint] { [.get("/v1/berth/watch", watch)] }

    @Sendable private func watch(_ request: APIRequest) throws -> Response {
        let things = try things(in: request)
        let stream = WatchStream(things, seen: try seen(by: request), reads: reads, keepAlive: keepAlive)
        let channel = request.channel
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache", .accelBuffering: "no",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody { base in
                var stream = stream
                try await stream.send(by: StreamWriter(base, to: channel), on: channel)
            })
    }

    private func things(in request: APIRequest) throws -> [WatchedThing] {
        let policy: NamePolicy = reads.namePolicy == .rewrite ? .rewrite : .allow
        var things: [WatchedThing] = []
        things += try request.values("service").map { .service(try ServiceName($0, policy: policy)) }
        things += try request.values("key").map { .key(try Key($0)) }
        things += try request.values("prefix").map { .prefix(try KeyPrefix($0)) }
        things += try request.values("node").map { .node(try NodeName($0)) }
        things += try request.values("checks").map { .checks(try status($0)) }
        guard !things.isEmpty else {
            throw FieldError("the query", "must name something to watch: service, key, prefix, node or checks")
        }
        guard things.count <= Self.maximumThings else {
            throw FieldError("the query", "names \(things.count) things to watch; at most \(Self.maximumThings) are")
        }
        var known: Set<WatchedThing> = []
        return things.filter { known.insert($0).inserted }
    }

    /// - Returns: `nil`: any.
    private func status(_ text: String) throws(FieldError) -> HealthStatus? {
        if text.isEmpty || text == "any" { return nil }
        guard let status = HealthStatus(rawValue: text) else {
            throw FieldError("?checks", "must be any, passing, warning or critical, not \(quoted(text))")
        }
        return status
    }

    /// The index that the client was told last. What it cannot have got from here counts as nothing.
    private func seen(by request: APIRequest) throws -> UInt64? {
        if let id = request.header(.lastEventID) { return UInt64(id) }
        guard let text = request.text("index") else { return nil }
        guard let index = UInt64(text) else { throw FieldError("Invalid index") }
        return index
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = own("Last-Event-ID")
    /// Keeps nginx from waiting for more.
    fileprivate static let accelBuffering = own("X-Accel-Buffering")
}
