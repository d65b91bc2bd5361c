import NIOCore
import NIOPosix
import Registry

/// Sends a datagram to a host and port, and waits for any answer.
struct UDPProbe {
    var host: Address
    var port: UInt16
    /// The address to send to; `nil`: wherever the host's name leads.
    var place: Address?

    /// What is sent: a line with nothing on it.
    private static let datagram = ByteBuffer(string: "\n")

    func run(timeout: Duration) async -> Verdict {
        let what = "UDP connect \(host.text):\(port)"
        do {
            try await ProbeExchange.run(timeout: timeout) { loop, answered in
                DatagramBootstrap(group: loop)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(AnyAnswer(answered))
                        }
                    }
                    .connect(host: (place ?? host).text, port: Int(port))
                    .whenComplete { result in
                        switch result {
                        case .success(let channel):
                            answered.futureResult.whenComplete { _ in channel.close(promise: nil) }
                            guard let server = channel.remoteAddress else { return }
                            channel.writeAndFlush(AddressedEnvelope(remoteAddress: server, data: Self.datagram))
                                .cascadeFailure(to: answered)
                        case .failure(let error): answered.fail(error)
                        }
                    }
            }
            return Verdict(status: .passing, output: "\(what): Success")
        } catch {
            return HealthJudge.failed(what, reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }
}

/// Keeps a promise with the first datagram, and breaks it with the first error, such as that nobody listens.
private final class AnyAnswer: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let answered: EventLoopPromise<Void>

    init(_ answered: EventLoopPromise<Void>) { self.answered = answered }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { answered.succeed() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { answered.fail(error) }
}
