import Synchronization
import Telemetry

/// What the journal has done since the start.
final class CommitFigures: Sendable {
    /// How long it took until a batch of changes was durable.
    let durations = Durations()
    /// Batches that could not be made durable.
    let failures = Atomic<UInt64>(0)
}
