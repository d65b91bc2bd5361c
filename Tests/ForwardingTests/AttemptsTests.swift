import DNS
import Testing

@testable import Forwarding

@Suite struct `Attempts to have a question answered` {
    private let start = ContinuousClock.now
    private let fresh: ForeignAnswer
    private let stale: ForeignAnswer

    init() throws {
        func answer(timeToLive: UInt8) throws -> ForeignAnswer {
            // A reply with one A record for the root.
            let message: [UInt8] =
                [0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
                + [0, 0, 1, 0, 1, 0, 0, 0, timeToLive, 0, 4, 10, 0, 0, 1]
            return try #require(ForeignAnswer(reading: message, name: .root, type: .a, staleMark: 77))
        }
        fresh = try answer(timeToLive: 1)
        stale = try answer(timeToLive: 77)
    }

    @Test func `end with the first answer, name errors among them`() {
        var attempts = Attempts(recursors: 3, at: start)
        #expect(attempts.take(fresh, at: start) == .finish(fresh))
    }

    @Test func `go on with the next recursor at a failure, and end without an answer after the last`() {
        var attempts = Attempts(recursors: 3, at: start)
        #expect(attempts.take(nil, at: start) == .ask(1))
        #expect(attempts.take(nil, at: start) == .ask(2))
        #expect(attempts.take(nil, at: start) == .finish(nil))
    }

    @Test func `ask the next recursor too when one is silent for a second`() {
        var attempts = Attempts(recursors: 2, at: start)
        #expect(attempts.tick(at: start + .milliseconds(999)) == .wait)
        #expect(attempts.tick(at: start + .seconds(1)) == .ask(1))
        #expect(attempts.tick(at: start + .seconds(2)) == .wait)
        // The first fails at last: the second may still answer.
        #expect(attempts.take(nil, at: start + .seconds(2)) == .wait)
        #expect(attempts.take(fresh, at: start + .seconds(3)) == .finish(fresh))
    }

    @Test func `end while the client still waits`() {
        var attempts = Attempts(recursors: 1, at: start)
        #expect(attempts.tick(at: start + .milliseconds(3799)) == .wait)
        #expect(attempts.tick(at: start + .milliseconds(3800)) == .finish(nil))
    }

    @Test func `take an old answer only when nobody has a fresh one`() {
        var attempts = Attempts(recursors: 2, at: start)
        #expect(attempts.take(stale, at: start) == .ask(1))
        #expect(attempts.take(fresh, at: start) == .finish(fresh))

        attempts = Attempts(recursors: 2, at: start)
        #expect(attempts.take(stale, at: start) == .ask(1))
        #expect(attempts.take(nil, at: start) == .finish(stale))

        attempts = Attempts(recursors: 1, at: start)
        #expect(attempts.take(stale, at: start) == .finish(stale))

        attempts = Attempts(recursors: 2, at: start)
        #expect(attempts.take(stale, at: start) == .ask(1))
        #expect(attempts.tick(at: start + Attempts.limit) == .finish(stale))
    }
}
