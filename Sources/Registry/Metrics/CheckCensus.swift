import HashTreeCollections
import Synchronization

/// How many checks have each status.
///
/// Counting costs a pass over all instances, so it is done only when somebody asks and something has changed since.
final class CheckCensus: Sendable {
    private struct State {
        var index: UInt64?
        var counts: [HealthStatus: UInt64] = [:]
    }

    private let state = Mutex(State())

    func counts(in snapshot: CatalogSnapshot) -> [HealthStatus: UInt64] {
        let index = max(snapshot.nodesIndex, snapshot.servicesIndex, snapshot.checksIndex)
        if let known = state.withLock({ $0.index == index ? $0.counts : nil }) { return known }
        var counts: [HealthStatus: UInt64] = [:]
        for node in snapshot.nodeEntries.values {
            for check in node.checks { counts[check.value.status, default: 0] += 1 }
            for instance in node.instances.values {
                for check in instance.checks { counts[check.value.status, default: 0] += 1 }
            }
        }
        state.withLock { $0 = State(index: index, counts: counts) }
        return counts
    }
}
