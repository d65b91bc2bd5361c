import Synchronization

/// When somebody last reported for a check that is to be reported for.
///
/// Beside the catalog, because most reports say what the last one said: they are not worth a write, but they count. Whoever
/// reports is noted on arrival, so no report is late because the disk is slow.
package final class Heartbeats: Sendable {
    private let latest = Mutex<[CheckKey: ContinuousClock.Instant]>([:])

    init() {}

    /// Notes a report that has just come.
    package func note(_ key: CheckKey) { latest.withLock { $0[key] = .now } }

    /// `nil`: nobody has reported since the start.
    package func last(_ key: CheckKey) -> ContinuousClock.Instant? { latest.withLock { $0[key] } }

    /// Nobody waits for reports any more.
    package func forget(_ key: CheckKey) { latest.withLock { $0[key] = nil } }
}
