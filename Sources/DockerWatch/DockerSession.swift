import DNS
import Logging
import Registry

/// One connection to an engine, from the first listing to the moment the engine goes away.
///
/// The event stream, a timer and the reconciler run side by side. Events and lists only name containers; the reconciler
/// looks at each named container as it is now and submits what the registry does not say yet. So nothing depends on how
/// many events come, or in which order.
struct DockerSession: Sendable {
    /// How many containers are inspected together.
    static let inspectionLimit = 8
    /// How often the containers are listed even if no event says so.
    static let surveyInterval: Duration = .seconds(60)

    let socket: DockerSocket
    let engine: EngineInfo
    let agent: Agent
    let registry: Registry
    let table: SharedContainerTable
    let logger: Logger
    /// Called when the containers were listed once: the engine works.
    let onListed: @Sendable () -> Void
    /// Called once: when the registry has what was listed first.
    let onCaughtUp: @Sendable () -> Void

    let inbox = Inbox()

    init(
        socket: DockerSocket, engine: EngineInfo, agent: Agent, registry: Registry, table: SharedContainerTable,
        logger: Logger, onListed: @escaping @Sendable () -> Void, onCaughtUp: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.engine = engine
        self.agent = agent
        self.registry = registry
        self.table = table
        self.logger = logger
        self.onListed = onListed
        self.onCaughtUp = onCaughtUp
    }

    /// Returns when its task is cancelled.
    ///
    /// - Throws: ``DockerError`` when the engine does not answer any more.
    func run() async throws {
        // The stream opens before the first listing. Its first events reach back a little, because an engine confirms the
        // stream a moment before it listens to itself.
        let events = try await socket.events(since: engine.time.map { $0 - 1 })
        inbox.markAll()
        try await withThrowingTaskGroup { group in
            group.addTask { try await read(events) }
            group.addTask { try await remindOfSurveys() }
            group.addTask { try await reconcile() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func read(_ events: DockerEventStream) async throws {
        do {
            try await events.forEach { element in
                switch element {
                case .event(let event): inbox.mark([event.containerID])
                case .unreadable:
                    inbox.markAll()
                    // A stream of nonsense must not become a stream of listings.
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
        } catch {
            throw socket.described(error, path: "/events", limit: 0)
        }
        throw DockerError.eventsEnded
    }

    private func remindOfSurveys() async throws {
        while true {
            try await Task.sleep(for: Self.surveyInterval)
            inbox.markAll()
        }
    }

    private func reconcile() async throws {
        var progress = FirstPass()
        var retries: [String: Backoff] = [:]
        try await withThrowingDiscardingTaskGroup { group in
            for await _ in inbox.wakeUps {
                let work = inbox.take(limit: Self.inspectionLimit)
                if work.survey {
                    group.addTask { inbox.post(await listed()) }
                }
                for id in work.inspect {
                    group.addTask { inbox.post(await inspect(id), of: id) }
                }
                if let listed = work.listed {
                    let suspects = survey(try listed.get(), isFirst: !progress.hasBegun)
                    inbox.mark(suspects)
                    if progress.begin(with: suspects) { onCaughtUp() }
                }
                guard !work.inspected.isEmpty else { continue }
                let failed = await settle(work.inspected, isRetry: { retries[$0] != nil })
                for id in work.inspected.keys where !failed.contains(id) { retries[id] = nil }
                for id in failed {
                    // It is looked at again, not submitted again: by then it may be something else.
                    let pause = retries[id, default: Backoff(first: .milliseconds(50), longest: .seconds(5))].fail()
                    group.addTask {
                        try await Task.sleep(for: pause)
                        inbox.mark([id])
                    }
                }
                if progress.advance(past: work.inspected, failed: failed) { onCaughtUp() }
                inbox.finish(work.inspected.keys)
            }
        }
    }
}
