import NIOCore
import NIOHTTP1
import NIOPosix
import Registry

extension CheckDefinition.HTTPProbe {
    /// Asks once, over a connection of its own. No redirect is followed, so that a checked server cannot send Berth anywhere
    /// else.
    ///
    /// - Parameter place: the address to connect to; `nil`: wherever the URL's host leads.
    func run(timeout: Duration, at place: Address? = nil) async -> Verdict {
        do {
            guard let target = HTTPTarget(url), let (host, port) = target.hostAndPort else { throw UnusableURL() }
            let answer = try await ProbeExchange.run(timeout: timeout) { loop, answer in
                ClientBootstrap(group: loop).connectTimeout(TimeAmount(timeout))
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture { try prepare(channel, target, host, answer) }
                    }
                    .connect(host: (place ?? host).text, port: Int(port))
                    .whenComplete { result in
                        switch result {
                        case .success(let channel):
                            answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
                        case .failure(let error): answer.fail(error)
                        }
                    }
            }
            return HealthJudge.http(
                self, code: answer.status.code, reason: answer.status.reasonPhrase, body: answer.body)
        } catch {
            return HealthJudge.failed("HTTP \(method) \(url)", reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }

    private func prepare(
        _ channel: any Channel, _ target: HTTPTarget, _ host: Address, _ answer: EventLoopPromise<HTTPExchange.Answer>
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if target.isTLS {
            try pipeline.addHandler(ProbeTLS.handler(for: host, name: tlsServerName, skipping: skipsTLSVerification))
        }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(HTTPExchange(head(target), body: ByteBuffer(string: body), answer))
    }

    private func head(_ target: HTTPTarget) -> HTTPRequestHead {
        var fields = HTTPHeaders()
        for (name, values) in headers {
            for value in values { fields.add(name: name, value: value) }
        }
        // The host comes first (RFC 9110 7.2).
        let host = fields["Host"].first ?? target.authority
        for name in ["Host", "Content-Length", "Transfer-Encoding", "Connection"] { fields.remove(name: name) }
        var all = HTTPHeaders([("Host", host)])
        all.add(contentsOf: fields)
        if !all.contains(name: "User-Agent") { all.add(name: "User-Agent", value: "Berth Health Check") }
        all.add(name: "Connection", value: "close")
        if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) {
            all.add(name: "Content-Length", value: "\(body.utf8.count)")
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: target.pathAndQuery, headers: all)
    }
}

/// A URL that is none, or of something else than a web server.
struct UnusableURL: Error, CustomStringConvertible {
    var description: String { "this is no URL of a web server" }
}
