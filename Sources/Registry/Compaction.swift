import Synchronization

/// Decides when the journal has grown so far beyond the catalog that a snapshot should take its place.
final class Compaction: Sendable {
    private struct State {
        /// Entries in the journal since its last snapshot.
        var entryCount: Int
        var floor: Int
    }

    private let floor: Int
    private let state: Mutex<State>
    /// An element whenever a snapshot should be stored.
    let wanted: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameter floor: below this many entries a snapshot is not worth its while.
    init(entryCount: Int, floor: Int = 10_000) {
        self.floor = floor
        state = Mutex(State(entryCount: entryCount, floor: floor))
        (wanted, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var entryCount: Int { state.withLock { $0.entryCount } }

    /// Counts entries that were appended.
    ///
    /// - Parameter objects: how many a snapshot would hold; replaying twice as many entries is too much.
    func note(entries: Int, objects: @autoclosure () -> Int) {
        let isDue = state.withLock { state in
            state.entryCount += entries
            return state.entryCount > state.floor && state.entryCount > 2 * objects()
        }
        if isDue { wake.yield() }
    }

    /// A snapshot took the place of so many entries.
    func succeeded(covering entries: Int) {
        state.withLock { state in
            state.entryCount -= entries
            state.floor = floor
        }
    }

    /// Tries again after as many more entries as make up the floor, not at once: the disk may be full.
    func failed() {
        state.withLock { $0.floor = $0.entryCount + floor }
    }
}
