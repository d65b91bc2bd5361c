import Synchronization

/// Submissions that wait for the writer.
///
/// There is no writing task while nothing waits: whoever adds to a queue that nobody empties is told to start one, and it
/// ends when it finds the queue empty. Under load a batch is what arrived during the commit before.
final class SubmissionQueue: Sendable {
    typealias Answer = Result<UInt64, RegistryError>

    struct Submission: Sendable {
        let decide: CatalogDecision
        private let continuation: CheckedContinuation<Answer, Never>

        init(decide: @escaping CatalogDecision, continuation: CheckedContinuation<Answer, Never>) {
            self.decide = decide
            self.continuation = continuation
        }

        /// Called exactly once.
        func answer(_ answer: Answer) { continuation.resume(returning: answer) }
    }

    private struct State {
        var waiting: [Submission] = []
        var isWritten = false
        var isClosed = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    let limit: Int
    private let batchLimit: Int
    private let state = Mutex(State())

    var waitingCount: Int { state.withLock { $0.waiting.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// - Parameters:
    ///   - limit: how many may wait.
    ///   - batchLimit: how many are written at once, so that the first of them need not wait for thousands.
    init(limit: Int, batchLimit: Int) {
        self.limit = limit
        self.batchLimit = batchLimit
    }

    /// Waits for an answer.
    ///
    /// - Parameter startWriter: called if nobody is writing: something that calls ``takeBatch()`` until it is empty.
    func add(_ decide: @escaping CatalogDecision, startWriter: () -> Void) async -> Answer {
        await withCheckedContinuation { continuation in
            let submission = Submission(decide: decide, continuation: continuation)
            let (refusal, isFirst): (RegistryError?, Bool) = state.withLock { state in
                guard !state.isClosed else { return (.stopped, false) }
                guard state.waiting.count < limit else { return (.overloaded, false) }
                state.waiting.append(submission)
                defer { state.isWritten = true }
                return (nil, !state.isWritten)
            }
            if let refusal { submission.answer(.failure(refusal)) }
            if isFirst { startWriter() }
        }
    }

    /// What waits, oldest first, up to the batch limit. Empty: the writer ends.
    func takeBatch() -> [Submission] {
        let (batch, idle) = state.withLock { state in
            let batch = Array(state.waiting.prefix(batchLimit))
            state.waiting.removeFirst(batch.count)
            guard batch.isEmpty else { return (batch, [CheckedContinuation<Void, Never>]()) }
            state.isWritten = false
            defer { state.idle = [] }
            return (batch, state.idle)
        }
        for continuation in idle { continuation.resume() }
        return batch
    }

    /// Refuses what comes from now on, and waits for the end of what is there.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isWritten { state.idle.append(continuation) }
                return !state.isWritten
            }
            if isIdle { continuation.resume() }
        }
    }
}
