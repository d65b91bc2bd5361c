import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Registry

extension CheckDefinition.HTTPProbe {
    /// The client for all probes: nothing is kept between runs, and no redirect is followed, so that a checked server
    /// cannot send Berth anywhere else.
    static func makeClient(concurrency: Int) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        configuration.connectionPool.idleTimeout = .seconds(1)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Asks once.
    func run(timeout: Duration, client: HTTPClient) async -> Verdict {
        await withTaskGroup(of: Verdict?.self) { group in
            group.addTask { await ask(timeout: timeout, client: client) }
            group.addTask {
                // The client's own deadline ends with the head of the answer; a body may come for ever.
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            let first = await group.next() ?? nil
            return first ?? HealthJudge.failed("HTTP \(method) \(url)", reason: "no answer within \(timeout)")
        }
    }

    private func ask(timeout: Duration, client: HTTPClient) async -> Verdict {
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            var body: [UInt8] = []
            for try await part in response.body {
                body.append(contentsOf: part.readableBytesView.prefix(HealthJudge.maximumOutput - body.count))
                if body.count >= HealthJudge.maximumOutput { break }
            }
            return HealthJudge.http(
                self, code: response.status.code, reason: response.status.reasonPhrase, body: body)
        } catch {
            return HealthJudge.failed("HTTP \(method) \(url)", reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }

    private var request: HTTPClientRequest {
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
