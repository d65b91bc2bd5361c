/// Growing pauses between attempts.
struct Backoff {
    private(set) var failures = 0
    private let first: Duration
    private let longest: Duration

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// Notes a failure.
    ///
    /// - Returns: the pause before the next attempt: twice the one before, up to the longest.
    mutating func fail() -> Duration {
        defer { failures += 1 }
        return min(first * (1 << min(failures, 20)), longest)
    }

    mutating func succeed() { failures = 0 }
}
