import NIOCore
import NIOHTTP2
import NIOPosix
import Registry

extension CheckDefinition.GRPCProbe {
    /// Calls `grpc.health.v1.Health/Check` once, over a connection of its own.
    ///
    /// - Parameter place: the address to connect to; `nil`: wherever the host's name leads.
    func run(timeout: Duration, at place: Address? = nil) async -> Verdict {
        let what = CheckDefinition.Probe.grpc(self).title
        do {
            let reply = try await ProbeExchange.run(timeout: timeout) { loop, reply in
                call(on: loop, at: place, timeout: timeout, reply)
            }
            switch try HealthMessage.status(in: reply) {
            case .serving: return Verdict(status: .passing, output: "\(what): success")
            case .other(let name): return HealthJudge.failed(what, reason: "the server's health is \(name)")
            }
        } catch {
            return HealthJudge.failed(what, reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }

    var authority: String { host.text.contains(":") ? "[\(host.text)]:\(port)" : "\(host.text):\(port)" }

    private func call(
        on loop: any EventLoop, at place: Address?, timeout: Duration, _ reply: EventLoopPromise<ByteBuffer>
    ) {
        ClientBootstrap(group: loop).connectTimeout(TimeAmount(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if usesTLS {
                        try pipeline.addHandler(
                            ProbeTLS.handler(
                                for: host, name: tlsServerName, skipping: skipsTLSVerification, protocols: ["h2"]))
                    }
                    // Before there is a connection: the server may speak first. It has nothing to ask.
                    _ = try pipeline.configureHTTP2Pipeline(
                        mode: .client, connectionConfiguration: .init(), streamConfiguration: .init(),
                        inboundStreamInitializer: { @Sendable stream in stream.close() })
                    try pipeline.addHandler(FirstError(reply))
                }
            }
            .connect(host: (place ?? host).text, port: Int(port))
            .flatMapThrowing { channel in
                reply.futureResult.whenComplete { _ in channel.close(promise: nil) }
                return try channel.pipeline.syncOperations.handler(type: NIOHTTP2Handler.self).syncMultiplexer()
            }
            .flatMap { multiplexer in
                multiplexer.createStreamChannel { @Sendable stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandler(
                            HealthCall(
                                request: HealthMessage.request(service), authority: authority,
                                scheme: usesTLS ? "https" : "http", reply))
                    }
                }
            }
            .whenFailure { reply.fail($0) }
    }
}
