import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// A real HTTP server that tells what it was asked.
enum EchoServer {
    /// Serves while `body` runs, and passes it the port.
    static func run(
        at address: BindAddress = .hostname("127.0.0.1", port: 0), tls: TLSConfiguration? = nil,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (listening, announce) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "echo")
        logger.logLevel = .critical
        let application = Application(
            router: router, server: try tls.map { try .tls(tlsConfiguration: $0) } ?? .http1(),
            configuration: ApplicationConfiguration(address: address),
            onServerRunning: { announce.yield($0.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                guard let port = await listening.first(where: { _ in true }) else { return }
                try await body(port)
            }
            // Whichever ends first, the server with its fault or the body.
            try await group.next()
            group.cancelAll()
        }
    }

    private static var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("**") { request, _ in echo(request) }
        router.put("**") { request, _ in echo(request) }
        return router
    }

    /// Method, path with query, and the headers that matter, a line each.
    private static func echo(_ request: Request) -> Response {
        let names: [(String, String?)] = [
            ("host", request.head.authority), ("token", request.headers[.init("X-Consul-Token") ?? .accept]),
            ("authorization", request.headers[.authorization]),
        ]
        let lines =
            ["\(request.method.rawValue) \(request.uri)"]
            + names.compactMap { name, value in
                value.map { "\(name): \($0)" }
            }
        let status: HTTPResponse.Status = request.uri.path.hasSuffix("/refused") ? .badRequest : .ok
        var headers: HTTPFields = [:]
        if let name = HTTPField.Name("X-Consul-Index") { headers[name] = "7" }
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: lines.joined(separator: "\n"))))
    }
}
