import Dispatch
import HashTreeCollections
import Synchronization

/// Knows when sessions that nobody renews end, and lock-delays.
///
/// A session ends between one and two times its time to live after it was last renewed: after one and a half. Neither
/// renewals nor deadlines are written down; after a restart all time begins again, so nobody loses a lock by it and nobody
/// gets one too early.
final class SessionTimers: CatalogObserver {
    enum Timed: Hashable, Sendable {
        case session(SessionID)
        case lockDelay(Key)
    }

    private struct State {
        var deadlines: [Timed: ContinuousClock.Instant] = [:]
        /// When ``wakeUps`` has its next element at the latest; `nil`: nothing is planned.
        var wakeUp: ContinuousClock.Instant?
    }

    /// No time is longer, whatever a journal holds: nothing that is worked out from it is out of range.
    private static let longestTime = Duration.seconds(10 * 365 * 86400)

    private let state = Mutex(State())
    /// An element whenever something may be due.
    let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Begins all times that a catalog knows of.
    init(_ snapshot: CatalogSnapshot) {
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        for session in snapshot.sessions.all { start(session.value) }
        for (key, delay) in snapshot.sessions.lockDelays { start(.lockDelay(key), for: delay) }
    }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        for id in delta.sessions {
            if let session = new.sessions.session(id)?.value { start(session) } else { stop(.session(id)) }
        }
        for key in delta.keys {
            guard let delay = new.sessions.lockDelays[key] else { continue }
            // Nothing else begins one, and nothing renews it.
            if old.sessions.lockDelays[key] == nil { start(.lockDelay(key), for: delay) }
        }
    }

    /// Begins a session's time again.
    func renew(_ session: Session) { start(session) }

    /// What is over. It is forgotten, unless it is renewed or retried.
    func takeDue(at now: ContinuousClock.Instant) -> [Timed] {
        state.withLock { state in
            let due = state.deadlines.filter { $0.value <= now }.map(\.key)
            for timed in due { state.deadlines[timed] = nil }
            state.wakeUp = nil
            if let next = state.deadlines.values.min() { plan(for: next, &state) }
            return due
        }
    }

    /// Whether something's time runs.
    func isRunning(_ timed: Timed) -> Bool { state.withLock { $0.deadlines[timed] != nil } }

    func retry(_ timed: Timed) { start(timed, for: .seconds(1)) }

    private func start(_ session: Session) {
        guard let timeToLive = session.timeToLive?.duration else { return }
        start(.session(session.id), for: Self.limited(timeToLive) * 3 / 2)
    }

    private func start(_ timed: Timed, for duration: Duration) {
        let deadline = ContinuousClock.now + Self.limited(duration)
        state.withLock { state in
            state.deadlines[timed] = deadline
            plan(for: deadline, &state)
        }
    }

    private static func limited(_ duration: Duration) -> Duration { min(max(duration, .zero), longestTime) }

    private func stop(_ timed: Timed) { state.withLock { $0.deadlines[timed] = nil } }

    /// Sees to it that somebody looks at a deadline, or a little later where many follow each other closely.
    private func plan(for deadline: ContinuousClock.Instant, _ state: inout State) {
        let now = ContinuousClock.now
        let wakeUp = max(deadline, now + .milliseconds(20))
        // Renewals put deadlines off, so an earlier plan may find nothing due; it then makes the next one.
        if let planned = state.wakeUp, planned <= wakeUp { return }
        state.wakeUp = wakeUp
        let nanoseconds = Int((wakeUp - now) / .nanoseconds(1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [wake] in wake.yield() }
    }
}

extension Registry {
    /// Begins a session's time again.
    ///
    /// - Returns: `nil`: there is no such session.
    package func renewSession(_ id: SessionID) -> Indexed<Session>? {
        // The time first: whoever finds it over looks whether it runs again.
        guard let session = snapshot.sessions.session(id) else { return nil }
        sessionTimers.renew(session.value)
        return snapshot.sessions.session(id)
    }

    /// Ends what is over, until the task is cancelled.
    func endOverdueSessions() async {
        for await _ in sessionTimers.wakeUps {
            for timed in sessionTimers.takeDue(at: .now) { await end(timed) }
        }
    }

    private func end(_ timed: SessionTimers.Timed) async {
        do {
            try await submit { [sessionTimers] _ in
                if sessionTimers.isRunning(timed) { return [] }
                switch timed {
                case .session(let id): return [.session(.remove(id))]
                case .lockDelay(let key): return [.key(.endLockDelay(key))]
                }
            }
        } catch .stopped {
            // It begins again with the next start.
        } catch {
            sessionTimers.retry(timed)
        }
    }
}
