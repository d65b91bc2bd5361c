import HTTPTypes
import Hummingbird
import Synchronization
import Telemetry

/// How many requests were answered, by method, route and status.
///
/// The routes are those that there are, all other paths being one; so are the methods: nobody can make it grow.
struct RequestCounts: RouterMiddleware {
    private struct Kind: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private final class Counts: Sendable {
        let numbers = Mutex<[Kind: UInt64]>([:])
        let malformed = Atomic<UInt64>(0)
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let counts = Counts()

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        let route = context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil }
        note(request.method, route: route ?? "other", response.status)
        return response
    }

    func note(_ method: HTTPRequest.Method, route: String, _ status: HTTPResponse.Status) {
        let kind = Kind(
            method: Self.methods.contains(method) ? method.rawValue : "other", route: route, status: Int(status.code))
        counts.numbers.withLock { $0[kind, default: 0] += 1 }
    }

    /// Counts what was no request, or one with headers beyond all bounds.
    func noteMalformed() { counts.malformed.add(1, ordering: .relaxed) }

    var metrics: [Metric] {
        let numbers = counts.numbers.withLock { $0 }
        let values = numbers.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        return [
            .labelled(
                .counter, "berth_http_requests_total", "HTTP requests answered", consul: "consul.api.http",
                values.map { kind, count in
                    ([("method", kind.method), ("path", kind.route), ("code", "\(kind.status)")], Double(count))
                }),
            .counter(
                "berth_http_malformed_total", "What came over HTTP and was no request, or out of bounds",
                counts.malformed.load(ordering: .relaxed)),
        ]
    }
}
