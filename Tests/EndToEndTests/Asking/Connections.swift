import NIOCore
import NIOPosix

/// Opens a TCP connection to a port of Berth, and closes it however `body` ends.
func withTCPConnection<Result: Sendable>(
    to port: Int, _ body: (NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Result
) async throws -> Result {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await channel.executeThenClose { _, outbound in
        try await body(outbound)
    }
}
