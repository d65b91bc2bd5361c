import NIOCore

/// A connection that its client may not have: whatever comes first is answered with 429, and then it ends.
///
/// It reads nothing into requests, so it costs next to nothing, and it ends soon whatever the client does. Closed without
/// a word, as Consul does it, a client could not tell the limit from a fault.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a client may take to ask, and then to read the answer.
    private static let patience = TimeAmount.seconds(2)
    private static let sentence = """
        too many connections from this address are open; close some, or raise http-connections-per-client
        """

    private var isAnswered = false
    private var end: Scheduled<Void>?

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        end = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        isAnswered = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer)), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed || event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A reset connection: there is nobody to tell.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private static var answer: String {
        """
        HTTP/1.1 429 Too Many Requests\r
        Retry-After: 1\r
        Connection: close\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: \(sentence.utf8.count)\r
        \r
        \(sentence)
        """
    }
}
