import NIOCore
import Registry
import Synchronization

/// The requests that wait for a change, as Consul's blocking queries do.
///
/// Each waits on some subjects, and a change wakes exactly those whose subjects it touches: its cost grows with them, not
/// with all that wait. One timer, set for the first deadline, serves all of them: setting and cancelling one for each would
/// cost a pass over all timers of an event loop. Whether a client is still there is known to its connection's
/// ``RequestHolder``.
final class Watchers: CatalogObserver {
    private struct State {
        var list = WatcherList()
        /// Looks for watchers whose time is over.
        var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    }

    private let registry: Registry
    private let state = Mutex(State())

    /// Begins to observe the registry.
    init(of registry: Registry) {
        self.registry = registry
        registry.observe(self, of: .everything)
    }

    /// How many requests wait.
    var count: Int { state.withLock { $0.list.count } }

    /// Waits until the index of `subjects` is greater than `index`, or until something else ends the wait.
    ///
    /// - Parameter connection: the connection of the request, which has a ``RequestHolder``.
    func wait(
        for subjects: [Subject], after index: UInt64, until deadline: NIODeadline, on connection: any Channel
    ) async -> WakeUp {
        await withCheckedContinuation { continuation in
            let watcher = Watcher(
                subjects: subjects, index: index, deadline: deadline, waiter: .task(continuation))
            let request = HeldRequest(
                begin: { self.add(watcher, on: connection.eventLoop) }, end: { self.end(watcher, $0) })
            let isHeld = connection.eventLoop.makePromise(of: Void.self)
            isHeld.futureResult.whenFailure { _ in
                // The connection was closed meanwhile.
                continuation.resume(returning: .hangUp)
            }
            connection.triggerUserOutboundEvent(request, promise: isHeld)
        }
    }

    /// Has a connection told, on its event loop, when the index of `subjects` is greater than `index` or the time is over.
    ///
    /// - Returns: what to ``drop(_:)`` when the connection waits no more.
    func hold(
        _ connection: NIOLoopBound<HTTPConnection>, for subjects: [Subject], after index: UInt64,
        until deadline: NIODeadline, on eventLoop: any EventLoop
    ) -> Watcher {
        let watcher = Watcher(
            subjects: subjects, index: index, deadline: deadline, waiter: .connection(connection, eventLoop))
        add(watcher, on: eventLoop)
        return watcher
    }

    /// Tells a watcher nothing more.
    func drop(_ watcher: Watcher) { _ = state.withLock { $0.list.remove(watcher) } }

    /// Nobody waits yet.
    func observationDidBegin(with snapshot: CatalogSnapshot) {}

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        let woken = state.withLock { state -> [Watcher] in
            guard state.list.count > 0 else { return [] }
            var subjects = delta.services.map { Subject.service($0) }
            subjects += [.nodes, .services, .checks, .extinctions, .sessions, .events, .queries].filter {
                new.index(of: [$0]) > old.index(of: [$0])
            }
            subjects += delta.keys.flatMap { state.list.subjects(concerning: $0) }
            return state.list.take(on: subjects, in: new)
        }
        wake(woken, .change)
    }

    private func add(_ watcher: Watcher, on eventLoop: any EventLoop) {
        let subjects = subjects(of: watcher)
        state.withLock { $0.list.add(watcher, on: subjects) }
        // Of a change before it was added nobody told it.
        if registry.snapshot.index(of: watcher.subjects) > watcher.index { end(watcher, .change) }
        setTimer(on: eventLoop)
    }

    /// A service that is not there changes when it appears, and its index when any other service disappears.
    private func subjects(of watcher: Watcher) -> [Subject] {
        let snapshot = registry.snapshot
        let isAbsent = watcher.subjects.contains { subject in
            guard case .service(let name) = subject else { return false }
            return snapshot.service(name) == nil
        }
        return watcher.subjects + (isAbsent ? [.extinctions] : [])
    }

    /// Wakes a watcher, unless somebody else did.
    private func end(_ watcher: Watcher, _ wakeUp: WakeUp) {
        guard state.withLock({ $0.list.remove(watcher) }) else { return }
        wake([watcher], wakeUp)
    }

    /// Wakes watchers that are off the list.
    private func wake(_ watchers: [Watcher], _ wakeUp: WakeUp) {
        var connections: [ObjectIdentifier: (eventLoop: any EventLoop, waiting: [NIOLoopBound<HTTPConnection>])] = [:]
        for watcher in watchers {
            switch watcher.waiter {
            case .task(let continuation): continuation.resume(returning: wakeUp)
            case .connection(let connection, let eventLoop):
                connections[ObjectIdentifier(eventLoop), default: (eventLoop, [])].waiting.append(connection)
            }
        }
        for (eventLoop, waiting) in connections.values {
            eventLoop.execute { HTTPConnection.answer(waiting.map(\.value)) }
        }
    }

    private func endDue(on eventLoop: any EventLoop) {
        let due = state.withLock { state in
            state.timer = nil
            return state.list.take(dueAt: .now())
        }
        wake(due, .deadline)
        setTimer(on: eventLoop)
    }

    /// Sees to it that the timer fires no later than the first deadline.
    private func setTimer(on eventLoop: any EventLoop) {
        let superseded = state.withLock { state -> Scheduled<Void>? in
            guard let deadline = state.list.nextDeadline() else { return nil }
            if let timer = state.timer, timer.deadline <= deadline { return nil }
            defer {
                let task = eventLoop.scheduleTask(deadline: deadline) { self.endDue(on: eventLoop) }
                state.timer = (deadline, task)
            }
            return state.timer?.task
        }
        superseded?.cancel()
    }
}

/// What ended the wait of a request.
enum WakeUp: Sendable {
    case change
    case deadline
    /// The client closed its side of the connection.
    case hangUp
    case shutdown
}

/// Who waits, and how it is told.
enum Waiter: Sendable {
    case task(CheckedContinuation<WakeUp, Never>)
    case connection(NIOLoopBound<HTTPConnection>, any EventLoop)
}

/// One request that waits, known by its identity.
final class Watcher: Sendable {
    let subjects: [Subject]
    let index: UInt64
    let deadline: NIODeadline
    /// Told by whoever takes the watcher off the list.
    let waiter: Waiter

    init(subjects: [Subject], index: UInt64, deadline: NIODeadline, waiter: Waiter) {
        self.subjects = subjects
        self.index = index
        self.deadline = deadline
        self.waiter = waiter
    }
}
