import NIOCore
import NIOPosix
import Testing

/// A port that nothing listens on at this moment.
func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(host: "0.0.0.0", port: 0).get()
    let port = try #require(channel.localAddress?.port)
    try await channel.close()
    return port
}
