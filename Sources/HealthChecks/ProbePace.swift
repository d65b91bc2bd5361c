/// When a check is to run: at the beats of its interval, however long a run takes.
struct ProbePace {
    typealias Instant = ContinuousClock.Instant

    private let interval: Duration
    private(set) var due: Instant

    /// - Parameters:
    ///   - interval: more than nothing.
    ///   - share: of the interval, until the first run; 0 to 1.
    init(every interval: Duration, from start: Instant, after share: Double) {
        self.interval = interval
        due = start + interval * share
    }

    /// The run that was due is made. Beats that have gone by meanwhile are left out.
    mutating func advance(at now: Instant) {
        let missed = max(0, (due.duration(to: now) / interval).rounded(.down))
        due += interval * (missed + 1)
    }
}
