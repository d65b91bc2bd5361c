import NIOCore
import NIOPosix
import Synchronization

@testable import DNS

/// Takes NOTIFY messages and acknowledges them.
final class FakeSecondary: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private struct Seen {
        var count = 0
        var serial: UInt32?
        var peer: String?
    }

    private let seen = Mutex(Seen())
    private let channel = Mutex<(any Channel)?>(nil)
    private let isDeafAtFirst: Bool
    /// How many messages are answered with REFUSED.
    private let refusals: Int
    private let key: TSIGKey?
    private let signsRefusals: Bool

    init(
        isDeafAtFirst: Bool = false, refusals: Int = 0, key: TSIGKey? = nil, signsRefusals: Bool = true
    ) async throws {
        self.refusals = refusals
        self.signsRefusals = signsRefusals
        self.isDeafAtFirst = isDeafAtFirst
        self.key = key
        let bound = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { [self] in $0.pipeline.addHandler(self) }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = bound }
    }

    var port: UInt16 { channel.withLock { UInt16($0?.localAddress?.port ?? 0) } }
    var count: Int { seen.withLock(\.count) }
    var peer: String? { seen.withLock(\.peer) }

    func close() async throws { try await channel.withLock { $0.take() }?.close() }

    /// Waits for a serial.
    func serial(where isIt: (UInt32?) -> Bool) async throws -> UInt32? {
        let deadline = ContinuousClock.now + .seconds(20)
        while !isIt(seen.withLock(\.serial)), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        return seen.withLock(\.serial)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = unwrapInboundIn(data)
        var message = Array(datagram.data.readableBytesView)
        var signer: TSIGSigner?
        if let key {
            guard let signed = SignedMessage(message), let valid = try? signed.verify([key]) else { return }
            signer = valid
            message = signed.unsigned
        }
        guard message[2] == 0x24, message[5] == 1, message[7] == 1 else { return }
        let (isHeard, count) = seen.withLock { seen in
            seen.count += 1
            seen.peer = datagram.remoteAddress.ipAddress
            seen.serial = message.suffix(20).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            return (seen.count > 1 || !isDeafAtFirst, seen.count)
        }
        guard isHeard else { return }
        message[2] |= 0x80
        if count <= refusals { message[3] = 5 }
        let isSigned = signsRefusals || message[3] == 0
        let reply = isSigned ? signer?.sign(message) ?? message : message
        context.writeAndFlush(
            wrapOutboundOut(AddressedEnvelope(remoteAddress: datagram.remoteAddress, data: ByteBuffer(bytes: reply))),
            promise: nil)
    }
}
