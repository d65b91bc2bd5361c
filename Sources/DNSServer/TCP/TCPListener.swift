import DNS
import Logging
import NIOCore
import NIOPosix

/// What TCP clients may use up.
package struct TCPLimits: Sendable {
    /// Open connections on all addresses together.
    package var connections: Int
    /// Open connections of one address.
    package var connectionsPerClient: Int
    /// How long a connection stays open without a query answered.
    package var idleTimeout: Duration

    /// - Parameter connectionsPerClient: `nil`: a quarter of all.
    package init(
        connections: Int = 1000, connectionsPerClient: Int? = nil, idleTimeout: Duration = .seconds(10)
    ) {
        self.connections = max(1, connections)
        self.connectionsPerClient = max(1, connectionsPerClient ?? connections / 4)
        self.idleTimeout = idleTimeout
    }
}

/// The TCP side of the server: one listening socket for each address, all on one event loop, so that nothing here needs
/// a lock. An answer takes microseconds, and TCP is for the few that do not fit into a datagram.
final class TCPListener: Sendable {
    /// How long connections may take to send their last replies when the server stops.
    private static let patience = TimeAmount.milliseconds(500)

    /// Never 0.
    let port: UInt16
    private let loop: any EventLoop
    private let connections: NIOLoopBoundBox<ConnectionList>
    let channels: [any Channel]

    /// Binds `port` on every address; if it is 0, one that is free on all of them. Clients can connect, and are served from
    /// ``start()`` on.
    ///
    /// - Throws: ``DNSServerError``, with nothing left bound.
    init(
        _ addresses: [IPAddress], port: UInt16, limits: TCPLimits, logger: Logger,
        answer: @escaping TCPAnswering
    ) throws(DNSServerError) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let connections = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionList(limits: limits), eventLoop: loop)
        let bootstrap = Self.bootstrap(loop, logger: logger) {
            TCPConnection(answer: answer, idleTimeout: TimeAmount(limits.idleTimeout), connections: connections.value)
        }
        var port = port
        var channels: [any Channel] = []
        for address in addresses {
            do {
                let channel = try bootstrap.bind(to: SocketAddress(address, port: port)).wait()
                channels.append(channel)
                port = UInt16(truncatingIfNeeded: channel.localAddress?.port ?? Int(port))
            } catch {
                for channel in channels { channel.close(promise: nil) }
                let code = (error as? IOError)?.errnoCode ?? 0
                throw .cannotListen(address: address, port: port, transport: .tcp, code: code)
            }
        }
        self.loop = loop
        self.connections = connections
        self.port = port
        self.channels = channels
    }

    deinit { for channel in channels { channel.close(promise: nil) } }

    /// Begins to take connections.
    func start() async throws {
        for channel in channels { try await channel.setOption(.autoRead, value: true).get() }
    }

    /// Takes no more connections, lets those that are open send their replies, and closes them.
    func stop() async throws {
        for channel in channels where channel.isActive { try await channel.close().get() }
        try await loop.flatSubmit { [loop, connections] in
            connections.value.drain(within: Self.patience, on: loop)
        }.get()
    }

    private static func bootstrap(
        _ loop: any EventLoop, logger: Logger, connection: @escaping @Sendable () -> TCPConnection
    ) -> ServerBootstrap {
        // One receive of about one longest query at a time: what a connection may hold in memory.
        let receiveSize = 2 + MessageFraming.lengths.upperBound
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptFailures(logger: logger))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: receiveSize))
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection())
                }
            }
    }
}

extension SocketAddress {
    fileprivate init(_ address: IPAddress, port: UInt16) throws {
        try self.init(ipAddress: address.description, port: Int(port))
    }
}

/// Says when connections cannot be taken, as when all file descriptors are used up, and tries again in a second: the
/// event loop by itself would try again and again, and do nothing else.
private final class AcceptFailures: ChannelInboundHandler {
    typealias InboundIn = Channel

    private static let pause = TimeAmount.seconds(1)
    private static let silence = TimeAmount.minutes(1)

    private let logger: Logger
    private var quietUntil = NIODeadline.distantPast

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Each failure at debug level, but one in a minute for everybody to see.
        let isNews = context.eventLoop.now >= quietUntil
        if isNews { quietUntil = context.eventLoop.now + Self.silence }
        logger.log(
            level: isNews ? .warning : .debug, "cannot take DNS connections over TCP, trying again",
            metadata: ["error": "\(error)"])
        // NIO's AcceptBackoffHandler would not do: a read that failed stays pending, so the next one is not up to handlers.
        let channel = context.channel
        channel.setOption(.autoRead, value: false).whenSuccess {
            channel.eventLoop.scheduleTask(in: Self.pause) {
                // Closed meanwhile, it has nothing to read any more.
                if channel.isActive { _ = channel.setOption(.autoRead, value: true) }
            }
        }
    }
}
