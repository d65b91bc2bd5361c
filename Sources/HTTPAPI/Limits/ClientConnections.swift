import DNS
import NIOCore
import Synchronization

/// How many connections each client has open, by its IP address.
final class ClientConnections: Sendable {
    private struct State {
        var open: [IPAddress: Int] = [:]
        var total = 0
        var refused: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: `nil`: none.
    init(limit: Int?) { self.limit = limit ?? .max }

    /// Connections that are open.
    var total: Int { state.withLock { $0.total } }
    /// Connections that were one too many.
    var refused: UInt64 { state.withLock { $0.refused } }

    /// Counts a connection until it is closed.
    ///
    /// - Returns: whether the client may have it.
    func admit(_ channel: any Channel) -> Bool {
        // A connection that is closed already has no address, and needs none.
        guard let client = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0)?.unmapped }) else { return true }
        let isAdmitted = state.withLock { state in
            guard state.open[client, default: 0] < limit else {
                state.refused += 1
                return false
            }
            state.open[client, default: 0] += 1
            state.total += 1
            return true
        }
        if isAdmitted { channel.closeFuture.whenComplete { _ in self.leave(client) } }
        return isAdmitted
    }

    private func leave(_ client: IPAddress) {
        state.withLock { state in
            let count = state.open[client, default: 1] - 1
            state.open[client] = count > 0 ? count : nil
            state.total -= 1
        }
    }
}
