import NIOCore

/// The open TCP connections, all of one event loop.
///
/// There is always room for a new client: at the limit, the connection that has answered nothing for the longest time
/// makes way (RFC 7766 6.2.3 lets a server close idle connections when it needs to). Whoever holds connections without
/// asking anything loses them first.
final class ConnectionList {
    private let limit: Int
    private var open: [ObjectIdentifier: TCPConnection] = [:]
    private var whenEmpty: EventLoopPromise<Void>?
    private(set) var isDraining = false

    init(limit: Int) { self.limit = max(1, limit) }

    func add(_ connection: TCPConnection) {
        if open.count >= limit {
            open.values.min { $0.lastProgress < $1.lastProgress }?.close()
        }
        open[ObjectIdentifier(connection)] = connection
        if isDraining { connection.finish() }
    }

    func remove(_ connection: TCPConnection) {
        open[ObjectIdentifier(connection)] = nil
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
}
