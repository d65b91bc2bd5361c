import DNS
import NIOCore
import NIOPosix

/// One NOTIFY over UDP, and the wait for its answer (RFC 1996 3).
struct NotifyExchange {
    enum Outcome: Equatable {
        case acknowledged
        /// With this RCODE.
        case refused(UInt8)
        case silence
    }

    private let message: [UInt8]
    private let key: TSIGKey?
    private let mac: [UInt8]

    init(_ soa: RRSet, _ key: TSIGKey?) {
        let message = NotifyMessage.octets(soa, identifier: .random(in: 0...UInt16.max))
        self.key = key
        if let key {
            (self.message, mac) = TSIGSigner.request(message, key)
        } else {
            (self.message, mac) = (message, [])
        }
    }

    /// - Parameter source: the address to send from, of the server's family.
    /// - Throws: what the system says against sending.
    func perform(
        with server: NotifiedServer, from source: IPAddress, within patience: Duration
    ) async throws -> Outcome {
        let address = try SocketAddress(ipAddress: server.address.description, port: Int(server.port))
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let outcome = loop.makePromise(of: Outcome.self)
        let channel: any Channel
        do {
            channel = try await DatagramBootstrap(group: loop).channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let listener = NotifyListener(address, judge: outcome(of:), outcome)
                    try channel.pipeline.syncOperations.addHandler(listener)
                }
            }.bind(to: SocketAddress(ipAddress: source.description, port: 0)).get()
        } catch {
            outcome.fail(error)
            throw error
        }
        defer { channel.close(promise: nil) }
        let timeout = loop.scheduleTask(in: TimeAmount(patience)) { outcome.succeed(.silence) }
        defer { timeout.cancel() }
        return try await withTaskCancellationHandler {
            let datagram = AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: message))
            channel.writeAndFlush(datagram).whenFailure(outcome.fail)
            return try await outcome.futureResult.get()
        } onCancel: {
            outcome.succeed(.silence)
        }
    }

    /// - Returns: `nil` for what is no answer to this message.
    private func outcome(of reply: [UInt8]) -> Outcome? {
        guard reply.count >= 12, reply[..<2] == message[..<2], reply[2] & 0xf8 == 0xa0 else { return nil }
        let code = reply[3] & 0xf
        if let key, SignedMessage(reply)?.answers(mac, key) != true {
            // Who refuses a key cannot sign with it (RFC 8945 5.2). Were it forged, the secondary would be late by its
            // refresh time, and no more.
            return code == 0 ? nil : .refused(code)
        }
        return code == 0 ? .acknowledged : .refused(code)
    }
}

/// Waits for the one datagram that matters.
private final class NotifyListener: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let server: SocketAddress
    private let judge: @Sendable ([UInt8]) -> NotifyExchange.Outcome?
    private let outcome: EventLoopPromise<NotifyExchange.Outcome>

    init(
        _ server: SocketAddress, judge: @escaping @Sendable ([UInt8]) -> NotifyExchange.Outcome?,
        _ outcome: EventLoopPromise<NotifyExchange.Outcome>
    ) {
        self.server = server
        self.judge = judge
        self.outcome = outcome
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = unwrapInboundIn(data)
        guard datagram.remoteAddress == server, let result = judge(Array(datagram.data.readableBytesView)) else {
            return
        }
        outcome.succeed(result)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { outcome.fail(error) }
}
