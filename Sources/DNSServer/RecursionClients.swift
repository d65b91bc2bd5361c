package import DNS
import Synchronization

/// Who may have names of others resolved: never everybody, or forged queries would make this server send its replies to
/// whom they please, and strangers would fill its cache (RFC 5358).
package final class RecursionClients: Sendable {
    private struct Attached {
        var networks: [IPPrefix] = []
        var read: ContinuousClock.Instant?
    }

    private let networks: [IPPrefix]
    private let readAttached: (@Sendable () -> [IPPrefix])?
    private let attached = Mutex(Attached())
    /// Counts changes of ``attached``.
    private let version = Atomic<UInt64>(0)

    /// How long what was read of the attached networks is good for.
    private static let attachedAge = Duration.seconds(1)

    /// - Parameters:
    ///   - networks: those that always may.
    ///   - attached: says which others may now; asked at most once a second. It should not wait.
    package init(_ networks: [IPPrefix], attached: (@Sendable () -> [IPPrefix])? = nil) {
        self.networks = networks
        readAttached = attached
        refreshAttached()
    }

    /// Whether the client may, as things are now, give or take a second.
    func allow(_ client: IPAddress) -> Bool {
        networks.contains { $0.contains(client) } || refreshAttached().contains { $0.contains(client) }
    }

    @discardableResult
    private func refreshAttached() -> [IPPrefix] {
        guard let readAttached else { return [] }
        return attached.withLock { attached in
            let now = ContinuousClock.now
            if let read = attached.read, now - read < Self.attachedAge { return attached.networks }
            attached.read = now
            let networks = readAttached()
            if networks != attached.networks {
                attached.networks = networks
                version.add(1, ordering: .releasing)
            }
            return networks
        }
    }

    private var all: [IPPrefix] { networks + attached.withLock { $0.networks } }

    /// One thread's copy, which takes no lock unless there is something new.
    struct View {
        private let clients: RecursionClients
        private var version: UInt64
        private var networks: [IPPrefix]

        init(_ clients: RecursionClients) {
            self.clients = clients
            version = clients.version.load(ordering: .acquiring)
            networks = clients.all
        }

        /// Brings the copy up to what others have found out.
        mutating func refresh() {
            let latest = clients.version.load(ordering: .acquiring)
            guard latest != version else { return }
            version = latest
            networks = clients.all
        }

        func allows(_ client: IPAddress) -> Bool {
            for index in networks.indices where networks[index].contains(client) { return true }
            return false
        }
    }
}
