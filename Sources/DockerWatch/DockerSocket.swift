import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOPosix

/// What Berth asks of a Docker engine: GET requests only, so that a proxy that lets nothing else through is enough.
///
/// - SeeAlso: https://docs.docker.com/reference/api/engine/
struct DockerSocket: Sendable {
    private let client: HTTPClient
    private let endpoint: DockerEndpoint
    /// `/v1.41`: the version that both sides know; empty before ``negotiated()``.
    private var prefix = ""
    /// The time a whole answer may take; the event stream may take for ever.
    private let patience: Duration

    /// The newest version of the Engine API whose documentation this code was held against.
    static let newestVersion = APIVersion(major: 1, minor: 51)
    static let answerLimit = 16 << 20
    /// A list has a few kilobytes for each container, and an image may have long labels.
    static let listLimit = 128 << 20

    /// - Parameter client: made by ``makeClient()``; the caller shuts it down.
    init(endpoint: DockerEndpoint, client: HTTPClient, patience: Duration = .seconds(10)) {
        self.endpoint = endpoint
        self.client = client
        self.patience = patience
    }

    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // The caller backs off by itself; a missing socket must be known at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2 * DockerSession.inspectionLimit
        configuration.timeout.connect = .seconds(5)
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }

    /// This socket, speaking the newest version that both sides know.
    func negotiated() async throws(DockerError) -> DockerSocket {
        var negotiated = self
        // An engine too old to say its version is asked without one, which means its own.
        if let version = try await get("/_ping", limit: 4096)?.headers.first(name: "Api-Version").flatMap(
            APIVersion.init)
        {
            negotiated.prefix = "/v\(min(version, Self.newestVersion))"
        }
        return negotiated
    }

    func engine() async throws(DockerError) -> EngineInfo {
        try await require(EngineInfo.self, "/info", limit: Self.answerLimit)
    }

    /// All containers, running or not.
    func containers() async throws(DockerError) -> [ContainerSummary] {
        try await require([Lenient<ContainerSummary>].self, "/containers/json?all=1", limit: Self.listLimit)
            .compactMap(\.value).filter { ContainerSummary.isID($0.id) }
    }

    /// - Parameter id: 64 hexadecimal digits.
    /// - Returns: `nil` if the engine has no such container.
    func container(_ id: String) async throws(DockerError) -> Container? {
        try await read(Container.self, "/containers/\(id)/json", limit: Self.answerLimit)
    }

    /// What the author of an image set.
    ///
    /// - Parameter id: `sha256:` and 64 hexadecimal digits.
    /// - Returns: `nil` if the engine has no such image.
    func image(_ id: String) async throws(DockerError) -> ImageSettings? {
        try await read(ImageSettings.self, "/images/\(id)/json", limit: Self.answerLimit)
    }

    /// Opens the stream of events that may change what a container offers.
    ///
    /// - Parameter since: seconds since 1970 by the engine's clock: events after it that already happened come first.
    func events(since: Int?) async throws(DockerError) -> DockerEventStream {
        let filters =
            #"{"type":["container","network"],"event":["\#(DockerEvent.actions.joined(separator: #"",""#))"]}"#
        let query = filters.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let path = "/events?filters=\(query)" + (since.map { "&since=\($0)" } ?? "")
        do {
            let response = try await client.execute(request(path), timeout: .seconds(10))
            guard response.status == .ok else {
                throw DockerError.refused(path: "/events", status: response.status.code, message: "")
            }
            return DockerEventStream(body: response.body)
        } catch {
            throw described(error, path: "/events", limit: 0)
        }
    }

    private func require<Value: Decodable & Sendable>(
        _ type: Value.Type, _ path: String, limit: Int
    ) async throws(DockerError) -> Value {
        guard let value = try await read(type, path, limit: limit) else {
            throw .refused(path: path, status: 404, message: "not found")
        }
        return value
    }

    /// - Returns: `nil` for 404.
    private func read<Value: Decodable & Sendable>(
        _ type: Value.Type, _ path: String, limit: Int
    ) async throws(DockerError) -> Value? {
        guard let answer = try await get(path, limit: limit) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: answer.body)
        } catch {
            throw .unreadable(path: path, reason: String("\(error)".prefix(200)))
        }
    }

    private struct Answer: Sendable {
        var headers: HTTPHeaders
        var body: ByteBuffer
    }

    /// - Returns: `nil` for 404.
    private func get(_ path: String, limit: Int) async throws(DockerError) -> Answer? {
        do {
            // The client's own time limit ends with the answer's head, and an engine can fall silent after it.
            return try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask { try await whole(path, limit: limit) }
                group.addTask {
                    try await Task.sleep(for: patience)
                    throw DockerError.silent(path: path)
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch {
            throw described(error, path: path, limit: limit)
        }
    }

    private func whole(_ path: String, limit: Int) async throws -> Answer? {
        let response = try await client.execute(request(path), timeout: .seconds(60))
        switch response.status.code {
        case 200...299:
            return Answer(headers: response.headers, body: try await response.body.collect(upTo: limit))
        case 404:
            _ = try await response.body.collect(upTo: limit)
            return nil
        default:
            let body = try await response.body.collect(upTo: 65536)
            let message = try? JSONDecoder().decode([String: String].self, from: body)["message"]
            throw DockerError.refused(
                path: path, status: response.status.code, message: message ?? String(buffer: body))
        }
    }

    private func request(_ path: String) -> HTTPClientRequest {
        let url =
            switch endpoint {
            case .unix(let socket): URL(httpURLWithSocketPath: socket, uri: prefix + path)?.absoluteString ?? ""
            case .tcp: "http" + endpoint.description.dropFirst("tcp".count) + prefix + path
            }
        var request = HTTPClientRequest(url: url)
        // Without it dockerd refuses a request over a Unix socket: "missing required Host header".
        if case .unix = endpoint { request.headers.add(name: "Host", value: "docker") }
        return request
    }

    func described(_ error: any Error, path: String, limit: Int) -> DockerError {
        switch error {
        case let error as DockerError: error
        case is NIOTooManyBytesError: .tooLong(path: path, limit: limit)
        case let error as HTTPClientError where error == .deadlineExceeded: .silent(path: path)
        case let error as HTTPClientError where error == .connectTimeout:
            .unreachable("\(endpoint) does not take the connection")
        case let error as IOError: .unreachable(reason(error))
        case HTTPParserError.invalidEOFState: .unreachable(Self.closed)
        case let error as HTTPClientError where error == .remoteConnectionClosed: .unreachable(Self.closed)
        default: .unreachable("the connection to \(endpoint) failed: \(String("\(error)".prefix(200)))")
        }
    }

    private static let closed = "the engine closed the connection"

    private func reason(_ error: IOError) -> String {
        switch (error.errnoCode, endpoint) {
        case (ENOENT, .unix): "\(endpoint) does not exist: is Docker running?"
        case (ECONNREFUSED, _): "nothing listens on \(endpoint): is Docker running?"
        case (ECONNRESET, _), (EPIPE, _): Self.closed
        case (EACCES, .unix): "\(endpoint) may not be opened: run as root or as a member of the group docker"
        default: "the connection to \(endpoint) failed: \(error)"
        }
    }
}
