import NIOCore
import NIOPosix

/// A UDP socket on which a test says what it likes to Berth, and hears everything that comes back.
struct Datagrams {
    private let outbound: NIOAsyncChannelOutboundWriter<AddressedEnvelope<ByteBuffer>>
    private let received: AsyncStream<[UInt8]>
    private let server: SocketAddress

    /// Opens a socket towards the DNS port, and closes it however `body` ends.
    static func open<Result: Sendable>(
        to port: Int, _ body: (Datagrams) async throws -> Result
    ) async throws -> Result {
        let server = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let (received, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await envelope in inbound {
                        continuation.yield(Array(envelope.data.readableBytesView))
                    }
                }
                defer { group.cancelAll() }
                return try await body(Datagrams(outbound: outbound, received: received, server: server))
            }
        }
    }

    func send(_ octets: [UInt8]) async throws {
        try await outbound.write(AddressedEnvelope(remoteAddress: server, data: ByteBuffer(bytes: octets)))
    }

    /// The next datagram that comes back, or nil when none does within `limit`.
    func next(within limit: Duration) async -> [UInt8]? {
        await withTaskGroup(of: [UInt8]?.self) { group in
            let received = received
            group.addTask { await received.first { _ in true } }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
