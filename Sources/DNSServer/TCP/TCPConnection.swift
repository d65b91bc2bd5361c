import DNS
import NIOCore

/// One client's connection: answers its queries in the order they come, but for those that others must be asked for, for
/// as long as it keeps up.
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

    private let answer: TCPAnswering
    private let idleTimeout: TimeAmount
    private let connections: ConnectionList
    private var context: ChannelHandlerContext?
    private var framing = MessageFraming()
    private var state = State.open
    private var takesQueries: Bool { state == .open || state == .finishing }
    private var peerHasFinished = false
    private var readIsHeld = false
    /// What is left of an answer of many messages; queries behind it wait.
    private var pending: TransferMessages?
    private var isBetweenMessages = false
    private var idleCheck: Scheduled<Void>?
    /// Who asks; `nil` where the system does not say, as for a connection that is closed already.
    private(set) var client: IPAddress?
    /// Takes replies that are not there at once; there while the connection is.
    private var later: (@Sendable ([UInt8]) -> Void)?
    /// How many of them are missing.
    private var missing = 0
    /// How many of them a client may wait for until its next query is looked at.
    private static let mostMissing = 64

    /// When the connection was made or last answered a query.
    private(set) var lastProgress = NIODeadline.distantPast

    init(answer: @escaping TCPAnswering, idleTimeout: TimeAmount, connections: ConnectionList) {
        self.answer = answer
        self.idleTimeout = idleTimeout
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        client = context.remoteAddress?.ipAddress.flatMap { IPAddress($0)?.unmapped }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        later = { [loop = context.eventLoop] reply in loop.execute { connection.value.send(late: reply) } }
        lastProgress = context.eventLoop.now
        checkIdle(at: lastProgress + idleTimeout, context)
        connections.add(self)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        later = nil
        pending = nil
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
        readIsHeld = takesQueries && (pending != nil || framing.hasFrame || !context.channel.isWritable)
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
        guard pending == nil else { return sendPending(context) }
        var wrote = false
        while takesQueries, context.channel.isWritable, missing < Self.mostMissing, let later {
            switch framing.next() {
            case .message(let query):
                switch answer(query, client, later) {
                case .reply(let reply):
                    write(reply, context)
                    wrote = true
                case .transfer(let messages):
                    pending = messages
                    if wrote { context.flush() }
                    return sendPending(context)
                case .later: missing += 1
                // A message that deserves no reply is no progress either.
                case .silence: continue
                }
                lastProgress = context.eventLoop.now
            case .incomplete:
                if wrote { context.flush() }
                if state == .finishing, missing == 0 { closeOutput(context) }
                return resumeReading(context)
            case .badLength:
                if wrote { context.flush() }
                return closeOutput(context)
            }
        }
        if wrote { context.flush() }
    }

    private func write(_ reply: [UInt8], _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(Self.framed(reply, context.channel.allocator)), promise: nil)
        lastProgress = context.eventLoop.now
    }

    /// Sends the next of many messages. Only one at a time: all other connections have their turn before the next.
    private func sendPending(_ context: ChannelHandlerContext) {
        guard takesQueries, !isBetweenMessages, context.channel.isWritable else { return }
        guard let message = pending?.next() else {
            pending = nil
            return answerQueries(context)
        }
        isBetweenMessages = true
        write(message, context)
        context.flush()
        context.eventLoop.assumeIsolated().execute { [self] in
            isBetweenMessages = false
            if let context = self.context { sendPending(context) }
        }
    }

    /// A query that others were asked for is answered; there may be room for the next.
    private func send(late reply: [UInt8]) {
        missing -= 1
        guard let context, takesQueries else { return }
        write(reply, context)
        context.flush()
        answerQueries(context)
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
