import HTTPTypes
import Hummingbird

/// One method on one path.
struct Endpoint: Sendable {
    var method: HTTPRequest.Method
    var path: RouterPath
    var respond: @Sendable (APIRequest) async throws -> Response

    static func get(
        _ path: RouterPath, _ respond: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Endpoint {
        Endpoint(method: .get, path: path) { request in
            // A read may encode megabytes of JSON: not on the event loop, which serves other connections meanwhile.
            try await withTaskExecutorPreference(globalConcurrentExecutor) { try await respond(request) }
        }
    }

    /// A read that leaves the event loop by itself when there is much to do, as ``CatalogReads`` does.
    static func read(
        _ path: RouterPath, _ respond: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Endpoint {
        Endpoint(method: .get, path: path, respond: respond)
    }

    static func put(
        _ path: RouterPath, _ respond: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Endpoint {
        Endpoint(method: .put, path: path, respond: respond)
    }

    static func delete(
        _ path: RouterPath, _ respond: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Endpoint {
        Endpoint(method: .delete, path: path, respond: respond)
    }
}

extension Router where Context == APIContext {
    /// Adds endpoints, and for the other methods on their paths Consul's answers: 405 with Allow, or only Allow to OPTIONS.
    func add(_ endpoints: [Endpoint]) {
        for (path, endpoints) in Dictionary(grouping: endpoints, by: \.path.description) {
            let allowed = endpoints.map(\.method)
            for method in Self.methods {
                on(RouterPath(path), method: method) { request, context in
                    if let endpoint = endpoints.first(where: { $0.method == method }) {
                        return try await endpoint.respond(APIRequest(request, context: context))
                    }
                    guard method == .options else { throw APIError.methodNotAllowed(method, allowed: allowed) }
                    return Response(status: .ok, headers: [.allow: APIError.allow(allowed)])
                }
            }
        }
    }

    /// All that are registered with IANA for common use.
    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
            + [HTTPRequest.Method("QUERY")].compactMap { $0 }
    }
}
