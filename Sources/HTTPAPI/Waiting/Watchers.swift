import NIOCore
import Registry
import Synchronization

/// The requests that wait for a change, as Consul's blocking queries do.
///
/// Each waits on some subjects, and a change wakes exactly those whose subjects it touches: its cost grows with them, not
/// with all that wait. When a request has waited long enough, and whether its client is still there, is known to its
/// connection's ``RequestHolder``.
final class Watchers: CatalogObserver {
    private let registry: Registry
    private let list = Mutex(WatcherList())

    /// Begins to observe the registry.
    init(of registry: Registry) {
        self.registry = registry
        registry.observe(self)
    }

    /// How many requests wait.
    var count: Int { list.withLock { $0.count } }

    /// Waits until the index of `subjects` is greater than `index`, or until something else ends the wait.
    ///
    /// - Parameter connection: the connection of the request, which has a ``RequestHolder``.
    func wait(
        for subjects: [Subject], after index: UInt64, until deadline: NIODeadline, on connection: any Channel
    ) async -> WakeUp {
        await withCheckedContinuation { continuation in
            let watcher = Watcher(subjects: subjects, index: index, continuation: continuation)
            let request = HeldRequest(
                deadline: deadline, begin: { self.add(watcher) }, end: { self.end(watcher, $0) })
            let isHeld = connection.eventLoop.makePromise(of: Void.self)
            isHeld.futureResult.whenFailure { _ in
                // The connection was closed meanwhile.
                continuation.resume(returning: .hangUp)
            }
            connection.triggerUserOutboundEvent(request, promise: isHeld)
        }
    }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        var subjects = delta.services.map { Subject.service($0) }
        subjects += [.nodes, .services, .checks, .extinctions].filter { new.index(of: [$0]) > old.index(of: [$0]) }
        let woken = list.withLock { $0.take(on: subjects, in: new) }
        for watcher in woken { watcher.continuation.resume(returning: .change) }
    }

    private func add(_ watcher: Watcher) {
        list.withLock { $0.add(watcher, on: subjects(of: watcher)) }
        // Of a change before it was added nobody told it.
        if registry.snapshot.index(of: watcher.subjects) > watcher.index { end(watcher, .change) }
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
        guard list.withLock({ $0.remove(watcher) }) else { return }
        watcher.continuation.resume(returning: wakeUp)
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

/// One request that waits, known by its identity.
final class Watcher: Sendable {
    let subjects: [Subject]
    let index: UInt64
    /// Resumed by whoever takes the watcher off the list.
    let continuation: CheckedContinuation<WakeUp, Never>

    init(subjects: [Subject], index: UInt64, continuation: CheckedContinuation<WakeUp, Never>) {
        self.subjects = subjects
        self.index = index
        self.continuation = continuation
    }
}
