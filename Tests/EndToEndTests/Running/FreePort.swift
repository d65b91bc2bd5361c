import NIOCore
import NIOPosix

/// A port that nothing listens on at this moment, below those that the kernel gives to outgoing connections (ip(7)): no
/// client can take it before the server that it is meant for.
func freePort() async throws -> Int {
    try await retrying(for: .seconds(20)) {
        let port = Int.random(in: 10_000..<32_768)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "0.0.0.0", port: port).get()
        try await channel.close()
        return port
    }
}
