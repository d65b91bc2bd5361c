import DNS
import NIOCore

/// The open TCP connections, all of one event loop.
///
/// There is always room for a new client: at the limit, the connection that has answered nothing for the longest time
/// makes way (RFC 7766 6.2.3 lets a server close idle connections when it needs to). Whoever holds connections without
/// asking anything loses them first, and whoever opens very many loses their own (RFC 7766 6.2.2).
final class ConnectionList {
    private let limits: TCPLimits
    private var open: [ObjectIdentifier: TCPConnection] = [:]
    private var counts: [IPAddress?: Int] = [:]
    private var whenEmpty: EventLoopPromise<Void>?
    private(set) var isDraining = false

    init(limits: TCPLimits) { self.limits = limits }

    func add(_ connection: TCPConnection) {
        let client = connection.client
        if counts[client, default: 0] >= limits.connectionsPerClient {
            evictIdlest { $0.client == client }
        } else if open.count >= limits.connections {
            evictIdlest { _ in true }
        }
        open[ObjectIdentifier(connection)] = connection
        counts[client, default: 0] += 1
        if isDraining { connection.finish() }
    }

    /// Does nothing for a connection that is not in the list any more.
    func remove(_ connection: TCPConnection) {
        guard open.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        let count = counts[connection.client, default: 1] - 1
        counts[connection.client] = count > 0 ? count : nil
        if open.isEmpty { whenEmpty?.succeed() }
    }

    /// Lets every connection finish what it has begun; those that have not within `patience` are closed.
    func drain(within patience: TimeAmount, on loop: any EventLoop) -> EventLoopFuture<Void> {
        isDraining = true
        let promise = loop.makePromise(of: Void.self)
        whenEmpty = promise
        for connection in Array(open.values) { connection.finish() }
        if open.isEmpty { promise.succeed() }
        let force = loop.assumeIsolated().scheduleTask(in: patience) { [self] in
            for connection in Array(open.values) { connection.close() }
        }
        promise.futureResult.whenComplete { _ in force.cancel() }
        return promise.futureResult
    }

    /// Closing takes until later; the place is free at once, so that of two that come together each takes another's.
    private func evictIdlest(where isEligible: (TCPConnection) -> Bool) {
        let idlest = open.values.lazy.filter(isEligible).min { $0.lastProgress < $1.lastProgress }
        guard let idlest else { return }
        remove(idlest)
        idlest.close()
    }
}
