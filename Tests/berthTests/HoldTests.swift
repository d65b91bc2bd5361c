import Synchronization
import Testing

@testable import berth

@Suite(.timeLimit(.minutes(1))) struct `Keeping hold of a lock` {
    /// Answers at once, as a server does behind something that takes the index away.
    private final class Indexless: Hold {
        let asked = Mutex(0)

        func acquire(until deadline: ContinuousClock.Instant?) async throws -> Bool { true }
        func release() async throws {}
        func cleanUp() async throws -> Bool { true }

        func wait(after index: UInt64?) async throws -> HoldState {
            let count = asked.withLock { asked in
                asked += 1
                return asked
            }
            return HoldState(isHeld: count < 3, index: nil)
        }
    }

    @Test func `a server whose answers have no index is asked once a second`() async {
        let hold = Indexless()
        let start = ContinuousClock.now
        await hold.untilLost(retries: 0)
        #expect(hold.asked.withLock { $0 } == 3)
        #expect(start.duration(to: .now) >= .seconds(2))
    }
}
