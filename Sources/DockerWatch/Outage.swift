/// The times at which an engine does not answer: how long to wait before the next attempt, and when to say so again.
struct Outage {
    private var backoff = Backoff(first: .milliseconds(50), longest: .seconds(1))
    private var reminders = Backoff(first: .seconds(30), longest: .seconds(3600))
    private var nextReminder: ContinuousClock.Instant?

    /// Attempts since the engine last worked.
    var failures: Int { backoff.failures }

    /// Notes a failed attempt.
    ///
    /// - Returns: the pause before the next one, and whether it is time to log: at once, after half a minute, and then
    ///   after twice as long each time, up to an hour.
    mutating func fail(at now: ContinuousClock.Instant) -> (pause: Duration, isWorthLogging: Bool) {
        let isWorthLogging = nextReminder.map { now >= $0 } ?? true
        if isWorthLogging { nextReminder = now + reminders.fail() }
        return (backoff.fail(), isWorthLogging)
    }

    /// The engine works.
    mutating func end() { self = Outage() }
}
