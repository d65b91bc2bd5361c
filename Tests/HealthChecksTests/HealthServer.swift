import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// A server of gRPC's health service, on loopback, that knows how a few services are.
final class HealthServer: Sendable {
    struct Request: Sendable {
        var headers: HPACKHeaders
        var service: String
    }

    private let received = Mutex<[Request]>([])
    private let listener = Mutex<(any Channel)?>(nil)
    private let tls: NIOSSLContext?

    init(tls: NIOSSLContext? = nil) { self.tls = tls }

    var requests: [Request] { received.withLock { $0 } }

    /// - Returns: the port listened on.
    func start() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = self.tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                }.flatMap {
                    channel.configureHTTP2Pipeline(
                        mode: .server, connectionConfiguration: .init(), streamConfiguration: .init(),
                        inboundStreamInitializer: { @Sendable stream in
                            stream.eventLoop.makeCompletedFuture {
                                try stream.pipeline.syncOperations.addHandler(Answering(server: self))
                            }
                        }
                    ).map { _ in }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        listener.withLock { $0 = channel }
        return channel.localAddress?.port ?? 0
    }

    func stop() async throws { try await listener.withLock { $0.take() }?.close() }

    /// - Returns: the message, or a status that is an error.
    fileprivate func answer(_ request: Request) -> Result<[UInt8], Status> {
        received.withLock { $0.append(request) }
        return switch request.service {
        case "": .success([0x08, 1])
        case "db": .success([0x08, 2])
        case "gone": .success([0x08, 3])
        default: .failure(Status(code: 5))
        }
    }

    struct Status: Error { var code: Int }
}

private final class Answering: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let server: HealthServer
    private var headers = HPACKHeaders()
    private var body: [UInt8] = []

    init(server: HealthServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame): headers = frame.headers
        case .data(let frame):
            if case .byteBuffer(let part) = frame.data { body += part.readableBytesView }
            guard frame.endStream else { return }
            // Five octets of frame, then the field's key and the length of its text.
            let service = String(decoding: body.dropFirst(7), as: UTF8.self)
            answer(server.answer(.init(headers: headers, service: service)), context)
        default: break
        }
    }

    private func answer(_ result: Result<[UInt8], HealthServer.Status>, _ context: ChannelHandlerContext) {
        let start: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
        switch result {
        case .success(let message):
            write(.headers(.init(headers: start)), context)
            let frame = ByteBuffer(bytes: [0, 0, 0, 0, UInt8(message.count)] + message)
            write(.data(.init(data: .byteBuffer(frame))), context)
            write(.headers(.init(headers: ["grpc-status": "0"], endStream: true)), context)
        case .failure(let status):
            var headers = start
            headers.add(name: "grpc-status", value: "\(status.code)")
            write(.headers(.init(headers: headers, endStream: true)), context)
        }
        context.flush()
    }

    private func write(_ frame: HTTP2Frame.FramePayload, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(frame), promise: nil)
    }
}
