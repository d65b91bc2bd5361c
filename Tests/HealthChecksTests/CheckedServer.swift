import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on loopback that answers every request with what it is told to, and counts them.
final class CheckedServer: Sendable {
    private struct State {
        var answer: String
        var requests: [String] = []
    }

    private let state: Mutex<State>
    private let listener = Mutex<(any Channel)?>(nil)
    private let tls: NIOSSLContext?

    /// - Parameters:
    ///   - answer: a whole HTTP response; empty: none is given.
    ///   - tls: what HTTPS is spoken with; `nil`: HTTP is.
    init(answer: String, tls: NIOSSLContext? = nil) {
        state = Mutex(State(answer: answer))
        self.tls = tls
    }

    /// Says `HTTP/1.1 <status>` with a body, and closes.
    static func response(_ status: String, body: String = "", headers: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(headers)\r\n\(body)"
    }

    var answer: String {
        get { state.withLock { $0.answer } }
        set { state.withLock { $0.answer = newValue } }
    }

    var requests: [String] { state.withLock { $0.requests } }

    /// - Returns: the port listened on.
    @discardableResult
    func start(port: Int = 0) async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = self.tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(Answering(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        listener.withLock { $0 = channel }
        return channel.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await listener.withLock { $0.take() }?.close()
    }

    fileprivate func received(_ request: String) -> String {
        state.withLock { state in
            state.requests.append(request)
            return state.answer
        }
    }
}

private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: CheckedServer
    private var request = ""

    init(server: CheckedServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        request += String(buffer: unwrapInboundIn(data))
        guard request.contains("\r\n\r\n") else { return }
        let answer = server.received(request)
        request = ""
        guard !answer.isEmpty else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
