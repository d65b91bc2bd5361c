import DNS

/// The questions that are open, and who is being asked: the serving thread's own.
struct ForwardingDesk {
    private struct Open {
        var request: ForwardingResolver.Request
        var attempts: Attempts
    }

    private let contexts: [UnboundContext]
    private var questions: [Int: Open] = [:]
    private var lastTag = 0
    private var finished = 0
    private var lastTick = ContinuousClock.now

    private static let tickMilliseconds: CInt = 100

    init(_ contexts: [UnboundContext]) { self.contexts = contexts }

    /// How soon ``proceed()`` wants to be called; -1: whenever something has come.
    var tickMilliseconds: CInt { questions.isEmpty ? -1 : Self.tickMilliseconds }

    mutating func begin(_ request: ForwardingResolver.Request) {
        lastTag += 1
        let attempts = Attempts(recursors: max(1, contexts.count), at: .now)
        questions[lastTag] = Open(request: request, attempts: attempts)
        perform(.ask(0), for: lastTag)
    }

    /// Takes the recursors' answers, and does what is due.
    mutating func proceed() {
        for context in contexts {
            for (tag, message) in context.takeResults() { take(message, for: tag) }
        }
        let now = ContinuousClock.now
        guard now - lastTick >= .milliseconds(Self.tickMilliseconds) else { return }
        lastTick = now
        for tag in Array(questions.keys) {
            if let step = questions[tag]?.attempts.tick(at: now) { perform(step, for: tag) }
        }
    }

    /// How many questions were finished since this was last asked.
    mutating func takeFinished() -> Int {
        defer { finished = 0 }
        return finished
    }

    /// Tells everybody who still waits that nobody could tell.
    mutating func giveUp() {
        for tag in Array(questions.keys) { perform(.finish(nil), for: tag) }
    }

    private mutating func take(_ message: [UInt8]?, for tag: Int) {
        guard let request = questions[tag]?.request else { return }
        let answer = message.flatMap {
            ForeignAnswer(
                reading: $0, name: request.name, type: request.type, staleMark: UnboundContext.staleMark)
        }
        if let step = questions[tag]?.attempts.take(answer, at: .now) { perform(step, for: tag) }
    }

    private mutating func perform(_ step: Attempts.Step, for tag: Int) {
        switch step {
        case .wait: break
        case .ask(let recursor):
            guard let request = questions[tag]?.request else { return }
            let isAsked =
                contexts.indices.contains(recursor)
                && contexts[recursor].ask(request.name, request.type, tag: tag)
            if !isAsked { take(nil, for: tag) }
        case .finish(let answer):
            guard let question = questions.removeValue(forKey: tag) else { return }
            for context in contexts { context.cancel(tag: tag) }
            finished += 1
            question.request.completion(answer)
        }
    }
}
