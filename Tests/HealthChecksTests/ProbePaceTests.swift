import Testing

@testable import HealthChecks

@Suite struct `The pace of probes` {
    private static let start = ContinuousClock.now

    @Test(arguments: [
        // However long a run takes, the next is due at the beat.
        (2.0, 12.0), (2.5, 12.0), (11.9, 12.0),
        // Beats that it missed are not made up for.
        (12.0, 22.0), (12.1, 22.0), (41.0, 42.0),
        // Woken too early, it does not run twice.
        (1.9, 12.0),
    ]) func `keeps to the beats of its interval`(_ ended: Double, _ due: Double) {
        var pace = ProbePace(every: .seconds(10), from: Self.start, after: 0.2)
        #expect(pace.due == Self.start + .seconds(2))
        pace.advance(at: Self.start + .seconds(ended))
        #expect(pace.due == Self.start + .seconds(due))
    }
}
