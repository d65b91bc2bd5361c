import Synchronization

/// Submissions that wait to be written, and whose turn it is to write.
///
/// There is no writing task. The submitter that finds nobody writing writes, and takes everything that waits as one
/// batch. Those who come meanwhile wait; when the batch is done its members get their answers, and the first of those
/// who came meanwhile writes the next. So under load each batch is as large as what arrives during one commit, and an
/// idle registry costs nothing.
final class SubmissionQueue: Sendable {
    typealias Answer = Result<UInt64, RegistryError>

    /// What a submitter hears when its wait is over.
    enum Turn: Sendable {
        case answered(Answer)
        /// It is first in the queue: call ``takeBatch()``, then ``finish(_:)``.
        case writes
    }

    private struct Waiting {
        var changes: [CatalogChange]
        /// `nil` once its submitter writes.
        var continuation: CheckedContinuation<Turn, Never>?
    }

    private struct State {
        var waiting: [Waiting] = []
        /// The batch being written; its first member is the writer's own.
        var batch: [Waiting] = []
        var isWriting = false
        var isClosed = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    let limit: Int
    private let state = Mutex(State())

    var waitingCount: Int { state.withLock { $0.waiting.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// - Parameter limit: how many may wait.
    init(limit: Int) { self.limit = limit }

    /// Waits for an answer, or for this submission's turn to write.
    func wait(with changes: [CatalogChange]) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn: Turn? = state.withLock { state in
                guard !state.isClosed else { return .answered(.failure(.stopped)) }
                guard state.waiting.count < limit else { return .answered(.failure(.overloaded)) }
                guard !state.isWriting else {
                    state.waiting.append(Waiting(changes: changes, continuation: continuation))
                    return nil
                }
                state.isWriting = true
                state.waiting.append(Waiting(changes: changes, continuation: nil))
                return .writes
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Everything that waits, the writer's own changes first.
    func takeBatch() -> [[CatalogChange]] {
        state.withLock { state in
            swap(&state.batch, &state.waiting)
            return state.batch.map(\.changes)
        }
    }

    /// Answers the batch, one answer for each member, and gives the turn to the next.
    ///
    /// - Returns: the answer to the writer's own submission.
    func finish(_ answers: [Answer]) -> Answer {
        let (answered, next, idle) = state.withLock { state in
            let answered = state.batch
            state.batch.removeAll(keepingCapacity: answered.count < 1000)
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                defer { state.idle.removeAll() }
                return (answered, nil as CheckedContinuation<Turn, Never>?, state.idle)
            }
            return (answered, state.waiting[0].continuation.take(), [])
        }
        // The next writer first: it can work while the others wake.
        next?.resume(returning: .writes)
        for (member, answer) in zip(answered, answers) { member.continuation?.resume(returning: .answered(answer)) }
        for continuation in idle { continuation.resume() }
        return answers[0]
    }

    /// Refuses what comes from now on, and waits for the end of what is there.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isWriting { state.idle.append(continuation) }
                return !state.isWriting
            }
            if isIdle { continuation.resume() }
        }
    }
}
