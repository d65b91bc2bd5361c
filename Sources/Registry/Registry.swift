package import Logging
import ServiceLifecycle
import Synchronization

/// The only writer of the catalog.
///
/// Submitted changes wait in a queue; the writer takes all that wait as one batch, appends it to the journal in one
/// durable transaction, applies it, tells the observers, publishes the snapshot, and only then acknowledges.
package final class Registry: Service {
    private let state = Mutex(CatalogState())
    private let observers = Mutex<[any CatalogObserver]>([])

    /// Replays the journal.
    package init(journal: any Journal, logger: Logger) {}

    /// The catalog as of the last acknowledged change.
    package var snapshot: CatalogSnapshot { state.withLock { $0.snapshot } }

    /// Adds a reader and at once tells it everything that is there, as a change from the empty catalog.
    package func observe(_ observer: some CatalogObserver) {
        state.withLock { state in
            let all = CatalogDelta(
                index: state.snapshot.index, services: Set(state.snapshot.services.map(\.name)),
                nodes: Set(state.snapshot.nodes.map(\.node.value.name)))
            observer.catalogDidChange(from: CatalogSnapshot(), to: state.snapshot, delta: all)
            observers.withLock { $0.append(observer) }
        }
    }

    /// Makes changes durable and visible: all of them, or none.
    ///
    /// - Returns: the catalog's index after them.
    /// - Throws: ``RegistryError``. After ``RegistryError/storage(_:)`` nothing was changed and the call may be repeated.
    @discardableResult
    package func submit(_ changes: [CatalogChange]) async throws(RegistryError) -> UInt64 {
        do {
            return try state.withLock { state in
                let old = state.snapshot
                var new = state
                var delta = CatalogDelta(index: old.index)
                for change in changes { delta.merge(try new.apply(change, at: new.snapshot.index + 1)) }
                state = new
                if !delta.isEmpty {
                    for observer in observers.withLock({ $0 }) {
                        observer.catalogDidChange(from: old, to: new.snapshot, delta: delta)
                    }
                }
                return new.snapshot.index
            }
        } catch let error as CatalogError {
            throw .refused(error)
        } catch {
            throw .stopped
        }
    }

    package func run() async throws {
        try await gracefulShutdown()
    }
}

/// Why a submission was not taken. Nothing of it was applied.
package enum RegistryError: Error, Equatable, Sendable {
    /// A change makes no sense for the catalog as it is.
    case refused(CatalogError)
    /// The journal could not make the changes durable: disk full, I/O error. A sentence that names the file.
    case storage(String)
    /// Too many submissions wait already.
    case overloaded
    /// The registry has shut down.
    case stopped
}

extension RegistryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let error): error.description
        case .storage(let reason): "the change could not be stored: \(reason)"
        case .overloaded: "too many changes are waiting to be stored; try again in a moment"
        case .stopped: "the registry is shutting down"
        }
    }
}
