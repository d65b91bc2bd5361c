import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Programs
import Registry

extension CheckDefinition.HTTPProbe {
    /// The client for all probes: nothing is kept between runs, and no redirect is followed, so that a checked server
    /// cannot send Berth anywhere else.
    static func makeClient(concurrency: Int) -> HTTPClient {
        makeClient { configuration in
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        }
    }

    private static func makeClient(_ adjust: (inout HTTPClient.Configuration) -> Void) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(1)
        adjust(&configuration)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Asks once.
    ///
    /// - Parameters:
    ///   - client: of ``makeClient(concurrency:)``.
    ///   - place: the address to connect to; `nil`: wherever the URL's host leads.
    func run(timeout: Duration, client: HTTPClient, at place: Address? = nil) async -> Verdict {
        // The client's own deadline ends with the head of the answer; a body may come for ever.
        let verdict = await within(timeout) { await ask(timeout: timeout, client: client, at: place) }
        return verdict ?? HealthJudge.failed("HTTP \(method) \(url)", reason: "no answer within \(timeout)")
    }

    private func ask(timeout: Duration, client: HTTPClient, at place: Address?) async -> Verdict {
        do {
            guard !tlsServerName.isEmpty || place != nil, let target = HTTPTarget(url) else {
                return try await answer(to: request(url), timeout: timeout, client: client)
            }
            // The client takes a server for another by its configuration alone, so each such probe has one of its own.
            let name = tlsServerName.isEmpty ? target.host : tlsServerName
            let own = Self.makeClient { $0.dnsOverride = [name: place?.text ?? target.host] }
            let result: Result<Verdict, any Error>
            do {
                var request = request(target.url(under: name))
                if !request.headers.contains(name: "Host") {
                    request.headers.add(name: "Host", value: target.authority)
                }
                result = .success(try await answer(to: request, timeout: timeout, client: own))
            } catch {
                result = .failure(error)
            }
            try await own.shutdown()
            return try result.get()
        } catch {
            return HealthJudge.failed("HTTP \(method) \(url)", reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }

    private func answer(
        to request: HTTPClientRequest, timeout: Duration, client: HTTPClient
    ) async throws -> Verdict {
        let response = try await client.execute(request, timeout: TimeAmount(timeout))
        var body: [UInt8] = []
        for try await part in response.body {
            body.append(contentsOf: part.readableBytesView.prefix(CheckOutput.maximum - body.count))
            if body.count >= CheckOutput.maximum { break }
        }
        return HealthJudge.http(self, code: response.status.code, reason: response.status.reasonPhrase, body: body)
    }

    private func request(_ url: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, values) in headers {
            for value in values { request.headers.add(name: name, value: value) }
        }
        if !request.headers.contains(name: "User-Agent") {
            request.headers.add(name: "User-Agent", value: "Berth Health Check")
        }
        request.headers.replaceOrAdd(name: "Connection", value: "close")
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        if skipsTLSVerification {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            request.tlsConfiguration = configuration
        }
        return request
    }
}
