import NIOCore
import NIOHPACK
import NIOHTTP2

/// One unary call of gRPC's health service: sends the request on its stream and promises the reply's message.
///
/// - SeeAlso: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
final class HealthCall: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// More than any health message has.
    private static let replyLimit = 64 << 10

    private let request: ByteBuffer
    private let headers: HPACKHeaders
    private let reply: EventLoopPromise<ByteBuffer>
    private var message = ByteBuffer()

    init(request: ByteBuffer, authority: String, scheme: String, _ reply: EventLoopPromise<ByteBuffer>) {
        self.request = request
        self.reply = reply
        headers = [
            ":method": "POST", ":scheme": scheme, ":path": "/grpc.health.v1.Health/Check", ":authority": authority,
            "content-type": "application/grpc", "te": "trailers", "user-agent": "Berth Health Check",
        ]
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(request), endStream: true))), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if let status = frame.headers.first(name: ":status"), status != "200" {
                reply.fail(GRPCFailure.http(status: status))
            } else if let status = frame.headers.first(name: "grpc-status") {
                end(status, frame.headers.first(name: "grpc-message") ?? "")
            } else if frame.endStream {
                reply.fail(GRPCFailure.unreadable)
            }
        case .data(let frame):
            guard case .byteBuffer(var part) = frame.data,
                message.readableBytes + part.readableBytes <= Self.replyLimit
            else { return reply.fail(GRPCFailure.unreadable) }
            message.writeBuffer(&part)
        default: break
        }
    }

    private func end(_ status: String, _ text: String) {
        guard let code = Int(status) else { return reply.fail(GRPCFailure.unreadable) }
        if code == 0 {
            reply.succeed(message)
        } else {
            reply.fail(GRPCFailure.status(code: code, message: text))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { reply.fail(GRPCFailure.closed) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { reply.fail(error) }
}
