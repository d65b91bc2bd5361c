import DNS
import Logging

/// Tells secondaries that a zone has changed (RFC 1996), so that they fetch it at once and not when its SOA's refresh time
/// has passed.
final class Notifier: Sendable {
    private let sessions: [NotifySession]

    /// - Parameter listen: the addresses that secondaries know this server by.
    init(_ secondaries: Secondaries, listen: [IPAddress], logger: Logger) {
        sessions = secondaries.notified.map { server in
            NotifySession(
                server, from: Self.source(for: server.address, among: listen),
                key: secondaries.keys.first { $0.name == server.key }, logger: logger)
        }
    }

    /// A zone has this SOA now. Returns at once.
    var changed: @Sendable (RRSet) -> Void { { [sessions] soa in for session in sessions { session.news.put(soa) } } }

    /// Until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { tasks in
            for session in sessions { tasks.addTask { await session.run() } }
        }
    }

    /// A secondary takes word only from the address that it asks. Where this server listens on all of them, the one that
    /// packets to the secondary leave by is as good as any.
    static func source(for server: IPAddress, among listen: [IPAddress]) -> IPAddress {
        let all: IPAddress = if case .v4 = server { .v4(0) } else { .v6(high: 0, low: 0) }
        let own = listen.first { address in
            address.octets.count == server.octets.count && !address.isUnspecified
                && address.isLoopback == server.isLoopback
        }
        return own ?? all
    }
}
