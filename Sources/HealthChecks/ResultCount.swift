import Registry

/// Counts results in a row, so that single ones that are out of line do not count yet.
struct ResultCount {
    private let thresholds: CheckDefinition.Thresholds
    private var successes = 0
    private var failures = 0

    /// - Parameter known: what is known of the check; with no output nothing is, and the first result counts at once.
    init(_ thresholds: CheckDefinition.Thresholds, known: Verdict) {
        self.thresholds = thresholds
        let isNew = known.output.isEmpty
        if isNew || known.status != .critical { successes = thresholds.successesBeforePassing }
        if isNew || known.status == .critical { failures = thresholds.failuresBeforeCritical }
    }

    /// - Returns: what the check says with this result; `nil`: still what it said before.
    mutating func counting(_ result: Verdict) -> Verdict? {
        guard result.status == .critical else {
            failures = 0
            successes += 1
            return successes >= thresholds.successesBeforePassing ? result : nil
        }
        successes = 0
        failures += 1
        if failures >= thresholds.failuresBeforeCritical { return result }
        return failures >= thresholds.failuresBeforeWarning ? Verdict(status: .warning, output: result.output) : nil
    }
}
