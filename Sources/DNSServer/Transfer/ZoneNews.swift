import DNS
import Synchronization

/// The zones that somebody has not been told of yet, each with its newest SOA.
final class ZoneNews: Sendable {
    private let waiting = Mutex<[DomainName: RRSet]>([:])
    /// For one reader: something came since it looked last.
    let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() { (arrivals, arrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func put(_ soa: RRSet) {
        waiting.withLock { $0[soa.owner] = soa }
        arrived.yield()
    }

    /// Puts back what was taken, unless there is something newer by now.
    func putBack(_ soa: RRSet) {
        waiting.withLock { waiting in
            if waiting[soa.owner] == nil { waiting[soa.owner] = soa }
        }
        arrived.yield()
    }

    func takeAll() -> [RRSet] {
        waiting.withLock { waiting in
            defer { waiting = [:] }
            return Array(waiting.values)
        }
    }
}
