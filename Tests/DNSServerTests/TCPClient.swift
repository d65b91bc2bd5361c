import NIOCore
import NIOPosix

/// A TCP connection to a server on loopback, octet by octet.
///
/// It takes nothing from the network until something is asked of it, like a client that is slow to read.
final class TCPClient: Sendable {
    private let channel: any Channel
    private let inbox: NIOLoopBound<Inbox>

    /// Connects to 127.0.0.1, from an address of loopback.
    init(port: UInt16, from address: String = "127.0.0.1") async throws {
        (channel, inbox) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
            .bind(to: SocketAddress(ipAddress: address, port: 0))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: Int(port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let inbox = Inbox()
                    try channel.pipeline.syncOperations.addHandler(inbox)
                    return (channel, NIOLoopBound(inbox, eventLoop: channel.eventLoop))
                }
            }
    }

    deinit { channel.close(promise: nil) }

    func send(_ octets: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: octets)) }

    /// Sends messages, each after its length.
    func send(messages: [[UInt8]]) async throws { try await send(messages.flatMap(Self.framed)) }

    /// Says that nothing more will be sent.
    func finish() async throws { try await channel.close(mode: .output) }

    /// Both halves.
    func close() async throws { try await channel.close() }

    /// Waits for one message; `nil` if the server has closed.
    func receive() async throws -> [UInt8]? {
        let length = try await receive(count: 2)
        guard length.count == 2 else { return nil }
        return try await receive(count: Int(length[0]) << 8 | Int(length[1]))
    }

    /// Waits for the server to close the connection, or to send something.
    func isClosedByServer() async throws -> Bool { try await receive(count: 1).isEmpty }

    static func framed(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }

    /// Fewer octets than asked for where the server has closed or reset the connection.
    private func receive(count: Int) async throws -> [UInt8] {
        try await channel.eventLoop.flatSubmit { [channel, inbox] in
            if !inbox.value.isClosed { channel.read() }
            let promise = channel.eventLoop.makePromise(of: [UInt8].self)
            inbox.value.take(count, promise)
            return promise.futureResult
        }.get()
    }
}

/// What has come, for one taker at a time.
private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var received = ByteBuffer()
    private(set) var isClosed = false
    private var taker: (count: Int, promise: EventLoopPromise<[UInt8]>)?

    func take(_ count: Int, _ promise: EventLoopPromise<[UInt8]>) {
        taker = (count, promise)
        serve()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        serve()
        if taker != nil { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { close() }
    }

    func channelInactive(context: ChannelHandlerContext) { close() }

    /// A reset is an end like any other.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    private func close() {
        isClosed = true
        serve()
    }

    private func serve() {
        guard let (count, promise) = taker, isClosed || received.readableBytes >= count else { return }
        taker = nil
        promise.succeed(received.readBytes(length: min(count, received.readableBytes)) ?? [])
    }
}
