import DequeModule
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Takes the requests of one connection, one after the other, and has each answered: at once if the answer is ready, else by
/// a task on the connection's own event loop.
///
/// A read that waits for something new is held without a task, if its answer was ready before. A request that has come
/// whole is handed over as such, a longer one with a body that is read as it comes. What comes behind a request that is
/// being answered is kept, and then no more is read.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Where answers come from.
    struct Answering: Sendable {
        var ready: ReadyAnswers
        var watchers: Watchers
        var date: DateHeader
        var counts: RequestCounts
        /// Makes the answer to a request.
        var make: @Sendable (Request, RequestCircumstances, any Channel) async -> Response
    }

    /// A read that waits, and then what it is told by those who make its answer.
    private struct HeldRead {
        let question: ReadQuestion
        let head: HTTPRequestHead
        var watcher: Watcher?
    }

    private enum Incoming {
        /// What comes next is a request.
        case nothing
        /// A request, and what has come of its body at once.
        case request(HTTPRequestHead, ByteBuffer)
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
    /// What makes octets of responses.
    private let encoder: ChannelHandlerContext
    private var context: ChannelHandlerContext?
    private var idleTimer: IdleTimer?

    private var incoming = Incoming.nothing
    private var isAnswering = false
    private var held: HeldRead?
    /// Others who wait for the answer that is being made.
    private var followers: [HTTPConnection] = []
    /// The client wants no answer after this one.
    private var isLast = false
    /// The server takes no more requests.
    private var isStopping = false
    private var end: End?
    /// Nothing will be sent any more.
    private var isFinished = false
    /// What came behind a request that is being answered.
    private var kept = Deque<HTTPServerRequestPart>()
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

    /// A connection without a request, or with one that stops coming, ends after this.
    private static let idleTime = TimeAmount.seconds(30)
    /// How long a client has to take the last answer of a server that stops.
    private static let partingTime = TimeAmount.seconds(1)

    /// - Parameter encoder: makes octets of responses.
    init(on channel: any Channel, encoder: ChannelHandlerContext, _ answering: Answering) {
        self.channel = channel
        self.encoder = encoder
        self.answering = answering
        executor = EventLoopExecutor(channel.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let timer = IdleTimer(
            on: channel.eventLoop, after: Self.idleTime,
            isExempt: { [weak self] in self?.isBusyForClient ?? true },
            onIdle: { [channel] in channel.close(promise: nil) })
        idleTimer = timer
        timer.note()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isFinished = true
        idleTimer?.cancel()
        cloggingEnd?.cancel()
        _ = letGo()
        failBody()
        wakeFollowers()
    }

    /// Whether it is not the client's turn.
    private var isBusyForClient: Bool {
        if case .body = incoming { return false }
        return isAnswering || isClogged
    }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isFinished else { return }
        let part = unwrapInboundIn(data)
        if isBusy || !kept.isEmpty { kept.append(part) } else { take(part) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        idleTimer?.note()
        beginUnfinished()
    }

    /// Whether what comes belongs to a later request than the one that is being answered.
    private var isBusy: Bool {
        if case .nothing = incoming { isAnswering || isClogged } else { false }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch (incoming, part) {
        case (.nothing, .head(let head)): incoming = .request(head, ByteBuffer())
        case (.request(let head, var body), .body(var piece)):
            incoming = .nothing
            body.writeBuffer(&piece)
            incoming = .request(head, body)
        case (.request(let head, let body), .end):
            incoming = .nothing
            beginWhole(head, body)
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
        isLast = isStopping || !head.isKeepAlive
        makeAnswer(to: head, stream.body)
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

    private func beginWhole(_ head: HTTPRequestHead, _ body: ByteBuffer) {
        isLast = isStopping || !head.isKeepAlive
        let circumstances = RequestCircumstances(hasWholeBody: true, question: ReadQuestion(head))
        guard let question = circumstances.question else {
            return makeAnswer(to: head, RequestBody(buffer: body), circumstances)
        }
        switch answering.ready.readiness(for: question) {
        case .answer(let answer): send(answer)
        case .nothingNew(let subjects): hold(head, question, on: subjects)
        case .unknown: makeAnswer(to: head, RequestBody(buffer: body), circumstances)
        }
    }

    private func makeAnswer(
        to head: HTTPRequestHead, _ body: RequestBody, _ circumstances: RequestCircumstances = RequestCircumstances()
    ) {
        let request: Request
        do {
            request = Request(head: try HTTPRequest(head), body: body)
        } catch {
            end = .malformed(.invalidMethod)
            return finish()
        }
        isAnswering = true
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        Task(executorPreference: executor) { [channel, answering] in
            let response = await answering.make(request, circumstances, channel)
            do {
                try await response.body.write(ResponseSender(response, to: request.method, on: channel))
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

    private func send(_ answer: ReadyAnswers.Answer) {
        answering.counts.note(.get, route: answer.route, .ok)
        let date = answering.date.now
        var head = channel.allocator.buffer(capacity: answer.head.readableBytes + 64)
        head.writeImmutableBuffer(answer.head)
        head.writeString("Date: ")
        head.writeString(date)
        head.writeString("\r\n\r\n")
        // Octets already: past the encoder.
        encoder.write(NIOAny(IOData.byteBuffer(head)), promise: nil)
        encoder.writeAndFlush(NIOAny(IOData.byteBuffer(answer.body)), promise: nil)
        idleTimer?.note()
        if isLast { finish() } else { isClogged = !channel.isWritable }
    }

    private func didAnswer() {
        isAnswering = false
        idleTimer?.note()
        leaveBody()
        goOn()
        wakeFollowers()
    }

    /// What is left of the body is not for the next request.
    private func leaveBody() {
        guard case .body = incoming else { return }
        failBody()
        incoming = .rest
    }

    // MARK: - Waiting

    private func hold(_ head: HTTPRequestHead, _ question: ReadQuestion, on subjects: [Subject]) {
        isAnswering = true
        held = HeldRead(question: question, head: head)
        let wait = CatalogReads.extended(question.wait ?? ReadOptions.usualWait)
        held?.watcher = answering.watchers.hold(
            NIOLoopBound(self, eventLoop: channel.eventLoop), for: subjects, after: question.index ?? 0,
            until: .now() + TimeAmount(wait), on: channel.eventLoop)
    }

    /// Answers those of one event loop whose wait is over.
    ///
    /// What is not ready is made once for each question, and the others follow when it is.
    static func answer(_ connections: [HTTPConnection]) {
        var makers: [String: HTTPConnection] = [:]
        for connection in connections where !connection.answerIfReady() {
            guard let held = connection.held else { continue }
            if let maker = makers[held.question.text] {
                maker.followers.append(connection)
            } else {
                makers[held.question.text] = connection
                connection.answerHeld()
            }
        }
    }

    private func answerIfReady() -> Bool {
        guard let held, let answer = answering.ready.answer(to: held.question) else { return false }
        _ = letGo()
        isAnswering = false
        send(answer)
        goOn()
        return true
    }

    private func answerHeld(_ wakeUp: WakeUp = .change) {
        guard let held = letGo() else { return }
        let circumstances = RequestCircumstances(hasWholeBody: true, wakeUp: wakeUp, question: held.question)
        makeAnswer(to: held.head, RequestBody(buffer: ByteBuffer()), circumstances)
    }

    /// Whatever became of the answer that they waited for.
    private func wakeFollowers() {
        guard !followers.isEmpty else { return }
        let woken = followers
        followers = []
        for connection in woken where !connection.answerIfReady() { connection.answerHeld() }
    }

    /// Ends the hold on a read without an answer.
    private func letGo() -> HeldRead? {
        guard let held else { return nil }
        self.held = nil
        if let watcher = held.watcher { answering.watchers.drop(watcher) }
        return held
    }

    // MARK: - Going on

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
        idleTimer?.note()
        if case .malformed(let error) = end, !isLast {
            for part in error.answer { channel.write(part, promise: nil) }
            channel.flush()
        }
        // The client may still be sending; closing both ways would take the answer from it.
        channel.close(mode: .output, promise: nil)
        if isStopping { part() }
        readAgain()
    }

    // MARK: - The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { endInput(.closed) }
        if event is ChannelShouldQuiesceEvent { stop() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError { endInput(.malformed(error)) } else { context.close(promise: nil) }
    }

    /// The server stops: what was asked is answered, and then the connection ends.
    private func stop() {
        isStopping = true
        isLast = true
        if held != nil { return Self.answer([self]) }
        if isFinished { return part() }
        if case .nothing = incoming, !isAnswering, !isClogged { channel.close(promise: nil) }
    }

    private func part() {
        channel.eventLoop.scheduleTask(in: Self.partingTime) { [channel] in channel.close(promise: nil) }
    }

    private func endInput(_ reason: End) {
        guard end == nil else { return }
        end = reason
        answerHeld(.hangUp)
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
    /// - Throws: where the method is none.
    fileprivate init(_ head: HTTPRequestHead) throws {
        guard head.uri.hasPrefix("/") else {
            // With a host, which is not part of the path.
            try self.init(head, secure: false, splitCookie: false)
            return
        }
        self.init(
            method: try Method(head.method), scheme: "http", authority: head.headers["Host"].first, path: head.uri,
            headerFields: HTTPFields(head.headers, splitCookie: false))
    }
}
