import DNS
import NIOCore
import NIOPosix
import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `UDP checks` {
    @Test func `pass when anything comes back`() async throws {
        let server = try await Echo.start(answers: true)
        let port = try #require(server.localAddress?.port)
        let probe = UDPProbe(host: Address(.v4(0x7f00_0001)), port: UInt16(port))
        #expect(
            await probe.run(timeout: .seconds(5))
                == Verdict(status: .passing, output: "UDP connect 127.0.0.1:\(port): Success"))
        try await server.close()
        // Nobody listens any more, and the kernel says so.
        #expect(
            await probe.run(timeout: .seconds(5))
                == Verdict(status: .critical, output: "UDP connect 127.0.0.1:\(port): connection refused"))
    }

    @Test func `are critical when nothing comes back in time`() async throws {
        let server = try await Echo.start(answers: false)
        let port = try #require(server.localAddress?.port)
        let verdict = await UDPProbe(host: try Address("localhost"), port: UInt16(port)).run(
            timeout: .milliseconds(100))
        #expect(verdict.status == .critical)
        try await server.close()
    }

    @Test func `run with the others`() async throws {
        let server = try await Echo.start(answers: true)
        let port = UInt16(try #require(server.localAddress?.port))
        try await withChecker { checks in
            try await checks.register(probe: .udp(host: Address(.v4(0x7f00_0001)), port: port))
            try await checks.wait(for: .passing)
        }
        try await server.close()
    }
}

private final class Echo: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let answers: Bool

    private init(answers: Bool) { self.answers = answers }

    static func start(answers: Bool) async throws -> any Channel {
        try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Echo(answers: answers))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if answers { context.writeAndFlush(data, promise: nil) }
    }
}
