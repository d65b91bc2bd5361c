/// When to try again what has failed: after a second, then after twice as long each time, up to a minute.
struct RetryClock: Hashable, Sendable {
    private static let longestPause = 60

    /// `nil` while nothing has failed.
    private(set) var next: ContinuousClock.Instant?
    private var failures = 0

    /// Notes a failed attempt. One that was made earlier than was planned, for whatever reason, changes no plan.
    mutating func fail(at now: ContinuousClock.Instant) {
        guard !isAhead(of: now) else { return }
        next = now + .seconds(min(Self.longestPause, 1 << min(failures, 6)))
        failures += 1
    }

    /// Whether the next attempt is planned for later.
    func isAhead(of now: ContinuousClock.Instant) -> Bool { next.map { now < $0 } ?? false }
}
