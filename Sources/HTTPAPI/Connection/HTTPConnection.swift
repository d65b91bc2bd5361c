import DequeModule
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Takes the requests of one connection, one after the other, and has each answered by a task on the connection's own event
/// loop.
///
/// A request that has come whole is handed over as such, a longer one with a body that is read as it comes. What comes
/// behind a request that is being answered is kept, and then no more is read.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Where answers come from.
    struct Answering: Sendable {
        /// What can be sent without any work; `nil`: ask ``later``.
        var atOnce: @Sendable (HTTPRequest) -> ReadyAnswers.Answer?
        /// Told whether the request's body is there whole.
        var later: @Sendable (Request, _ hasWholeBody: Bool, any Channel) async -> Response
    }

    private enum Incoming {
        /// What comes next is a request.
        case nothing
        /// A request, and what has come of its body at once.
        case request(HTTPRequest, ByteBuffer)
        /// The body of the request that is being answered.
        case body(RequestBodyStream)
        /// What is left of a body that nobody wants any more.
        case rest
    }

    /// Why no request will follow those that came.
    private enum End {
        case closed
        case malformed(HTTPParserError)
    }

    private let channel: any Channel
    private let executor: EventLoopExecutor
    private let answering: Answering
    private var context: ChannelHandlerContext?

    private var incoming = Incoming.nothing
    private var isAnswering = false
    /// The client wants no answer after this one.
    private var isLast = false
    private var end: End?
    /// Nothing will be sent any more.
    private var isFinished = false
    /// What came behind a request that is being answered.
    private var kept = Deque<HTTPRequestPart>()
    /// The reader of a body has as much as it can take.
    private var isBodyFull = false
    /// More is to be read as soon as there is room for it.
    private var isReadWanted = false
    /// Answers have not gone yet, so many that no request is taken.
    private var isClogged = false {
        didSet { if isClogged != oldValue { limitClogging() } }
    }
    private var cloggingEnd: Scheduled<Void>?

    /// Whoever asks again and takes none of the answers for so long is cut off.
    private static let patience = TimeAmount.minutes(1)

    init(on channel: any Channel, _ answering: Answering) {
        self.channel = channel
        self.answering = answering
        executor = EventLoopExecutor(channel.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isFinished = true
        cloggingEnd?.cancel()
        failBody()
    }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isFinished else { return }
        let part = unwrapInboundIn(data)
        if isBusy || !kept.isEmpty { kept.append(part) } else { take(part) }
    }

    func channelReadComplete(context: ChannelHandlerContext) { beginUnfinished() }

    /// Whether what comes belongs to a later request than the one that is being answered.
    private var isBusy: Bool {
        if case .nothing = incoming { isAnswering || isClogged } else { false }
    }

    private func take(_ part: HTTPRequestPart) {
        switch (incoming, part) {
        case (.nothing, .head(let head)): incoming = .request(head, ByteBuffer())
        case (.request(let head, var body), .body(var piece)):
            incoming = .nothing
            body.writeBuffer(&piece)
            incoming = .request(head, body)
        case (.request(let head, let body), .end):
            incoming = .nothing
            begin(head, RequestBody(buffer: body), isWhole: true)
        case (.body(let stream), .body(let piece)): isBodyFull = !stream.add(piece)
        case (.body(let stream), .end):
            incoming = .nothing
            isBodyFull = false
            stream.finish()
        case (.rest, .end): incoming = .nothing
        case (.rest, .body), (.nothing, _), (_, .head): break
        }
    }

    /// Hands over a request whose body is still to come.
    private func beginUnfinished() {
        guard case .request(let head, let body) = incoming else { return }
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let eventLoop = channel.eventLoop
        let stream = RequestBodyStream { eventLoop.execute { connection.value.readMoreOfBody() } }
        incoming = .body(stream)
        if body.readableBytes > 0 { isBodyFull = !stream.add(body) }
        begin(head, stream.body, isWhole: false)
    }

    private func readMoreOfBody() {
        isBodyFull = false
        readAgain()
    }

    private func failBody() {
        guard case .body(let stream) = incoming else { return }
        incoming = .nothing
        isBodyFull = false
        stream.fail(ChannelError.inputClosed)
    }

    // MARK: - Answering

    private func begin(_ head: HTTPRequest, _ body: RequestBody, isWhole: Bool) {
        isLast = head.asksToClose
        if let answer = answering.atOnce(head) { return send(answer) }
        isAnswering = true
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        Task(executorPreference: executor) { [channel, answering] in
            let response = await answering.later(Request(head: head, body: body), isWhole, channel)
            do {
                try await response.body.write(ResponseSender(response, to: head.method, on: channel))
            } catch {
                // The client has gone, or what was to be sent cannot be had: it must not look whole.
                channel.close(promise: nil)
            }
            if channel.eventLoop.inEventLoop {
                connection.value.didAnswer()
            } else {
                channel.eventLoop.execute { connection.value.didAnswer() }
            }
        }
    }

    /// Sends an answer that is there, whatever body its request has.
    private func send(_ answer: ReadyAnswers.Answer) {
        channel.write(HTTPResponsePart.head(answer.head), promise: nil)
        channel.write(HTTPResponsePart.body(answer.body), promise: nil)
        channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
        leaveBody()
        if isLast { finish() } else { isClogged = !channel.isWritable }
    }

    private func didAnswer() {
        isAnswering = false
        leaveBody()
        goOn()
    }

    /// What is left of the body is not for the next request.
    private func leaveBody() {
        guard case .body = incoming else { return }
        failBody()
        incoming = .rest
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isClogged { goOn() }
        context.fireChannelWritabilityChanged()
    }

    private func limitClogging() {
        cloggingEnd?.cancel()
        cloggingEnd = nil
        guard isClogged else { return }
        cloggingEnd = channel.eventLoop.scheduleTask(in: Self.patience) { [channel] in channel.close(promise: nil) }
    }

    /// Takes what came meanwhile, or ends the connection.
    private func goOn() {
        guard !isFinished else { return }
        if isLast { return finish() }
        // Whoever asks on and on without reading the answers would fill the memory with them.
        isClogged = !channel.isWritable
        while !isBusy, let part = kept.popFirst() { take(part) }
        if kept.isEmpty { beginUnfinished() }
        if end != nil, kept.isEmpty { endRequest() }
        readAgain()
    }

    /// Nothing more comes.
    private func endRequest() {
        if case .nothing = incoming {} else { end = .closed }
        failBody()
        if !isAnswering, !isClogged { finish() }
    }

    private func finish() {
        isFinished = true
        kept = []
        if case .malformed(let error) = end, !isLast {
            for part in error.answer { channel.write(part, promise: nil) }
            channel.flush()
        }
        // The client may still be sending; closing both ways would take the answer from it.
        channel.close(mode: .output, promise: nil)
        readAgain()
    }

    // MARK: - The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { endInput(.closed) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError { endInput(.malformed(error)) } else { context.close(promise: nil) }
    }

    private func endInput(_ reason: End) {
        guard end == nil else { return }
        end = reason
        beginUnfinished()
        if isAnswering, kept.isEmpty { endRequest() } else { goOn() }
    }

    // MARK: - Reading

    func read(context: ChannelHandlerContext) {
        guard kept.isEmpty, !isBodyFull else {
            isReadWanted = true
            return
        }
        context.read()
    }

    private func readAgain() {
        guard isReadWanted, kept.isEmpty, !isBodyFull else { return }
        isReadWanted = false
        context?.read()
    }
}

extension HTTPRequest {
    /// Whether the client wants nothing more on its connection (RFC 9112 9.6).
    fileprivate var asksToClose: Bool {
        guard let options = headerFields[.connection] else { return false }
        return options.split(whereSeparator: { ", \t".contains($0) }).contains { $0.lowercased() == "close" }
    }
}
