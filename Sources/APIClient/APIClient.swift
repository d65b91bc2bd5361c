import AsyncHTTPClient
import Foundation
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks one server, over HTTP/1.1.
package struct APIClient: Sendable {
    package let settings: ClientSettings
    private let client: HTTPClient

    /// The longest answer that is held in memory.
    private static let answerLimit = 512 << 20

    /// Gives `body` a client, and closes its connections afterwards.
    ///
    /// - Throws: ``APIClientError`` when a certificate or key cannot be read, and whatever `body` throws.
    package static func open<Result>(
        _ settings: ClientSettings, _ body: (APIClient) async throws -> Result
    ) async throws -> Result {
        let client = try APIClient(settings)
        let result: Result
        do {
            result = try await body(client)
        } catch {
            try await client.client.shutdown()
            throw error
        }
        try await client.client.shutdown()
        return result
    }

    private init(_ settings: ClientSettings) throws(APIClientError) {
        self.settings = settings
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // Whether the server is there must be known at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(10)
        configuration.httpVersion = .http1Only
        if settings.address.isEncrypted {
            configuration.tlsConfiguration = try settings.trust.configuration()
            if let name = settings.trust.serverName, let host = settings.address.host {
                configuration.dnsOverride = [name: host]
            }
        }
        client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }

    /// Sends a request, and gathers the answer whatever its status.
    ///
    /// - Throws: ``APIClientError``.
    package func send(_ request: APIRequest) async throws(APIClientError) -> APIAnswer {
        do {
            return try await whole(request)
        } catch {
            throw described(error, request)
        }
    }

    /// Sends a request that must succeed.
    ///
    /// - Throws: ``APIClientError``.
    @discardableResult
    package func ask(_ request: APIRequest) async throws(APIClientError) -> APIAnswer {
        try await send(request).succeeded()
    }

    /// - Returns: `nil` where the answer is 404.
    /// - Throws: ``APIClientError``.
    package func find(_ request: APIRequest) async throws(APIClientError) -> APIAnswer? {
        let answer = try await send(request)
        return answer.status == 404 ? nil : try answer.succeeded()
    }

    /// Sends a request and passes on the answer's body as it comes, until it ends.
    ///
    /// - Throws: ``APIClientError``, and whatever `take` throws.
    package func stream(_ request: APIRequest, to take: (ByteBuffer) throws -> Void) async throws {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(self.request(request), deadline: .distantFuture)
            guard (200...299).contains(response.status.code) else {
                _ = try await answer(response, request).succeeded()
                return
            }
        } catch {
            throw described(error, request)
        }
        do {
            for try await part in response.body {
                do { try take(part) } catch { throw TakerFault(error: error) }
            }
        } catch let fault as TakerFault {
            throw fault.error
        } catch {
            throw described(error, request)
        }
    }

    /// What went wrong with what was to be done with an answer, which is no fault of the answer.
    private struct TakerFault: Error {
        let error: any Error
    }

    private func whole(_ request: APIRequest) async throws -> APIAnswer {
        guard let patience = request.patience else {
            return try await answer(client.execute(self.request(request), deadline: .distantFuture), request)
        }
        // The client's own time limit ends with the answer's head.
        return try await withThrowingTaskGroup(of: APIAnswer.self) { group in
            group.addTask {
                try await answer(client.execute(self.request(request), deadline: .distantFuture), request)
            }
            group.addTask {
                try await Task.sleep(for: patience)
                throw APIClientError.silent(settings.address, path: request.path)
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func answer(_ response: HTTPClientResponse, _ request: APIRequest) async throws -> APIAnswer {
        let body = try await response.body.collect(upTo: Self.answerLimit)
        return APIAnswer(
            status: Int(response.status.code),
            index: response.headers.first(name: "X-Consul-Index").flatMap { UInt64($0) }, body: body, path: request.path
        )
    }

    private func request(_ request: APIRequest) -> HTTPClientRequest {
        var sent = HTTPClientRequest(url: url(request.target))
        sent.method = HTTPMethod(rawValue: request.method.rawValue)
        sent.body = request.body.map { .bytes($0) }
        if let upload = request.upload { sent.body = .stream(upload.pieces, length: .known(Int64(upload.size))) }
        switch settings.address.place {
        case .socket: sent.headers.add(name: "Host", value: "localhost")
        case .host(let authority, _): sent.headers.add(name: "Host", value: authority)
        }
        if let token = settings.token { sent.headers.add(name: "X-Consul-Token", value: token) }
        if let credentials = settings.credentials {
            sent.headers.add(name: "Authorization", value: "Basic \(Data(credentials.utf8).base64EncodedString())")
        }
        return sent
    }

    private func url(_ target: String) -> String {
        switch settings.address.place {
        case .socket(let path):
            return URL(httpURLWithSocketPath: path, uri: target)?.absoluteString ?? ""
        case .host(var authority, let path):
            let scheme = settings.address.isEncrypted ? "https" : "http"
            // The certificate must be for this name, which is resolved to the host of the address.
            if settings.address.isEncrypted, let name = settings.trust.serverName, let host = settings.address.host {
                let port = authority.dropFirst(host.contains(":") ? host.count + 2 : host.count)
                authority = name + port
            }
            return "\(scheme)://\(authority)\(path)\(target)"
        }
    }

    // MARK: What went wrong

    private func described(_ error: any Error, _ request: APIRequest) -> APIClientError {
        let address = settings.address
        return switch error {
        case let error as APIClientError: error
        case is NIOTooManyBytesError: .tooLong(path: request.path, limit: Self.answerLimit)
        case let error as HTTPClientError where error == .connectTimeout:
            .unreachable(address, reason: "it does not take the connection")
        case let error as HTTPClientError where error == .remoteConnectionClosed: .closed(address, path: request.path)
        case let error as HTTPClientError where error == .tlsHandshakeTimeout:
            .notTrusted(address, reason: "the handshake takes too long")
        case HTTPParserError.invalidEOFState: .closed(address, path: request.path)
        case let error as NIOSSLError: .notTrusted(address, reason: "\(error)")
        case let error as NIOSSLExtraError: .notTrusted(address, reason: "\(error)")
        case let error as BoringSSLError: .notTrusted(address, reason: "\(error)")
        case let error as IOError: described(error, request)
        case let error as NIOConnectionError: described(error)
        default: .unreachable(address, reason: String("\(error)".prefix(200)))
        }
    }

    private func described(_ error: NIOConnectionError) -> APIClientError {
        if let first = error.connectionErrors.first?.error as? IOError {
            return .unreachable(settings.address, reason: Self.words(first))
        }
        let unresolved = error.dnsAError != nil || error.dnsAAAAError != nil
        return .unreachable(settings.address, reason: unresolved ? "no such host" : "\(error)")
    }

    private func described(_ error: IOError, _ request: APIRequest) -> APIClientError {
        switch error.errnoCode {
        case ECONNRESET, EPIPE: .closed(settings.address, path: request.path)
        default: .unreachable(settings.address, reason: Self.words(error))
        }
    }

    private static func words(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "connection refused"
        case ENOENT: "no such socket"
        case EACCES: "permission denied"
        case EHOSTUNREACH: "no route to host"
        case ENETUNREACH: "network is unreachable"
        default: "\(error)"
        }
    }
}
