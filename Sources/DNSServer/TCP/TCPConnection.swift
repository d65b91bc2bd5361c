import DNS
import NIOCore

/// One client's connection: answers its queries in the order they come, for as long as it keeps up.
///
/// What a client can make the server hold is bounded: it reads on only when all whole queries are answered and the
/// replies are on their way, so at most one receive buffer and one send buffer are in memory. A client that within
/// ``TCPLimits/idleTimeout`` completes no query or takes no reply is cut off, however busily it drips octets.
final class TCPConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case open
        /// What was received whole is still answered: the client has half-closed, or the server stops.
        case finishing
        /// The last replies are on their way; what still comes in is thrown away.
        case sending
        /// Our half is closed.
        case finished
    }

    /// Makes the reply to a query from a client's address, if that is known; `nil`: none.
    typealias Answer = @Sendable (_ query: [UInt8], _ source: IPAddress?) -> [UInt8]?

    private let answer: Answer
    private var source: IPAddress?
    private let idleTimeout: TimeAmount
    private let connections: ConnectionList
    private var context: ChannelHandlerContext?
    private var framing = MessageFraming()
    private var state = State.open
    private var takesQueries: Bool { state == .open || state == .finishing }
    private var peerHasFinished = false
    private var readIsHeld = false
    private var idleCheck: Scheduled<Void>?

    /// When the connection was made or last answered a query.
    private(set) var lastProgress = NIODeadline.distantPast

    init(answer: @escaping Answer, idleTimeout: TimeAmount, connections: ConnectionList) {
        self.answer = answer
        self.idleTimeout = idleTimeout
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        source = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        lastProgress = context.eventLoop.now
        checkIdle(at: lastProgress + idleTimeout, context)
        connections.add(self)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        idleCheck?.cancel()
        connections.remove(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard takesQueries else { return }
        framing.append(unwrapInboundIn(data))
        answerQueries(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        answerQueries(context)
        context.fireChannelWritabilityChanged()
    }

    /// Reads on only when there is nothing left to do with what was read.
    func read(context: ChannelHandlerContext) {
        readIsHeld = takesQueries && (framing.hasFrame || !context.channel.isWritable)
        if !readIsHeld { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            peerHasFinished = true
            switch state {
            case .open, .finishing:
                state = .finishing
                answerQueries(context)
            case .sending: break
            case .finished: close()
            }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A reset connection and the like: nothing to tell anybody.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    /// Answers what was received whole, then closes.
    func finish() {
        guard let context, state == .open else { return }
        state = .finishing
        answerQueries(context)
    }

    /// Closes at once; replies that are not sent yet are lost.
    func close() { context?.close(promise: nil) }

    private func answerQueries(_ context: ChannelHandlerContext) {
        var wrote = false
        while takesQueries, context.channel.isWritable {
            switch framing.next() {
            case .message(let query):
                // A message that deserves no reply is no progress either.
                guard let reply = answer(query, source) else { continue }
                context.write(wrapOutboundOut(Self.framed(reply, context.channel.allocator)), promise: nil)
                lastProgress = context.eventLoop.now
                wrote = true
            case .incomplete:
                if wrote { context.flush() }
                if state == .finishing { closeOutput(context) }
                return resumeReading(context)
            case .badLength:
                if wrote { context.flush() }
                return closeOutput(context)
            }
        }
        if wrote { context.flush() }
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard readIsHeld else { return }
        read(context: context)
    }

    /// Sends what waits, then closes our half. The client's is read to its end: closing over unread octets would reset the
    /// connection, and replies on their way would be lost with it.
    private func closeOutput(_ context: ChannelHandlerContext) {
        // A flush that makes room calls back into answerQueries, which may have come here already.
        guard takesQueries else { return }
        state = .sending
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in
            guard let context = self.context else { return }
            state = .finished
            if peerHasFinished { return close() }
            context.close(mode: .output, promise: nil)
            if readIsHeld { read(context: context) }
        }
    }

    private func checkIdle(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        idleCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            guard let context = self.context else { return }
            let next = lastProgress + idleTimeout
            if next <= context.eventLoop.now { return close() }
            checkIdle(at: next, context)
        }
    }

    private static func framed(_ message: [UInt8], _ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 2 + message.count)
        buffer.writeInteger(UInt16(truncatingIfNeeded: message.count))
        buffer.writeBytes(message)
        return buffer
    }
}
