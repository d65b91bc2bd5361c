import NIOCore
import NIOHTTP1
import NIOSSL
import Registry

/// One request, at the end of a connection's handlers: promises what is answered, of the body the beginning.
final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    struct Answer {
        var status: HTTPResponseStatus
        var body: [UInt8] = []
    }

    private let head: HTTPRequestHead
    private let body: ByteBuffer
    private let promise: EventLoopPromise<Answer>
    private var answer: Answer?

    init(_ head: HTTPRequestHead, body: ByteBuffer, _ promise: EventLoopPromise<Answer>) {
        self.head = head
        self.body = body
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): answer = Answer(status: head.status)
        case .body(let part):
            let room = CheckOutput.maximum - (answer?.body.count ?? 0)
            answer?.body += part.readableBytesView.prefix(room)
            // The rest may come for ever, and is not shown.
            if part.readableBytes >= room { end() }
        case .end: end()
        }
    }

    private func end() {
        if let answer { promise.succeed(answer) }
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ConnectionClosed()) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many servers hang up without a word; whether something is missing, the end of the connection tells.
        if case NIOSSLError.uncleanShutdown = error { return }
        promise.fail(error)
    }
}

/// The server hung up before its answer was whole.
struct ConnectionClosed: Error {}
