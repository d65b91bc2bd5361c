import Synchronization

/// Where the parts of a session leave what the one that reconciles must deal with.
final class Inbox: Sendable {
    /// One answer of the engine about one container.
    enum Inspection: Sendable {
        case found(Derivation)
        case gone
        case failed(DockerError)
    }

    struct Work: Sendable {
        /// List the containers.
        var survey = false
        /// Look at these containers.
        var inspect: [String] = []
        /// The containers that were listed.
        var listed: Result<[ContainerSummary], DockerError>?
        /// What came of looking at containers.
        var inspected: [String: Inspection] = [:]
    }

    private struct State {
        var queue = InspectionQueue()
        var listed: Result<[ContainerSummary], DockerError>?
        var inspected: [String: Inspection] = [:]
    }

    private let state = Mutex(State())
    /// Yields whenever there may be work; for one reader.
    let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init() {
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that containers must be looked at.
    func mark(_ ids: some Sequence<String>) {
        state.withLock { state in
            for id in ids { state.queue.mark(id) }
        }
        wake.yield()
    }

    /// Says that all containers must be listed.
    func markAll() {
        state.withLock { $0.queue.markAll() }
        wake.yield()
    }

    func post(_ listed: Result<[ContainerSummary], DockerError>) {
        state.withLock { $0.listed = listed }
        wake.yield()
    }

    func post(_ inspection: Inspection, of id: String) {
        state.withLock { $0.inspected[id] = inspection }
        wake.yield()
    }

    /// Takes all there is to do.
    ///
    /// - Parameter limit: how many containers may be looked at together.
    func take(limit: Int) -> Work {
        state.withLock { state in
            var work = Work(listed: state.listed, inspected: state.inspected)
            state.listed = nil
            state.inspected = [:]
            work.survey = state.queue.takeSurvey()
            work.inspect = state.queue.take(limit: limit)
            return work
        }
    }

    /// The reconciler has dealt with these containers: they may be looked at again.
    func finish(_ ids: some Sequence<String>) {
        state.withLock { state in
            for id in ids { state.queue.finish(id) }
        }
        wake.yield()
    }
}
