import Synchronization

/// Lines on their way to one reader: so many, and for those that find no room the number of them.
final class LineQueue: Sendable {
    /// What waited, oldest first.
    struct Batch {
        var lines: [String]
        /// How many lines did not fit behind these.
        var lost: Int
    }

    private struct State {
        var batch = Batch(lines: [], lost: 0)
        var octets = 0
        var isFinished = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    private let octetLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: lines that may wait.
    ///   - octets: of all of them together.
    init(limit: Int = 1000, octets: Int = 1 << 20) {
        self.limit = limit
        octetLimit = octets
    }

    func add(_ line: String) {
        wake { state in
            guard !state.isFinished else { return }
            // What comes after a line that was lost must not come before its mention.
            let hasRoom = state.batch.lines.count < limit && state.octets + line.utf8.count <= octetLimit
            if hasRoom, state.batch.lost == 0 {
                state.batch.lines.append(line)
                state.octets += line.utf8.count
            } else {
                state.batch.lost += 1
            }
        }
    }

    /// There will be no more lines.
    func finish() { wake { $0.isFinished = true } }

    /// Waits for lines, for one reader at a time.
    ///
    /// - Returns: `nil`: it is finished, and all lines were taken.
    func next() async -> Batch? {
        while true {
            let (batch, isFinished) = state.withLock { state in
                defer {
                    state.batch = Batch(lines: [], lost: 0)
                    state.octets = 0
                }
                return (state.batch, state.isFinished)
            }
            if !batch.lines.isEmpty || batch.lost > 0 { return batch }
            if isFinished { return nil }
            await withCheckedContinuation { continuation in
                let isNeeded = state.withLock { state in
                    guard state.batch.lines.isEmpty, state.batch.lost == 0, !state.isFinished else { return false }
                    state.waiting = continuation
                    return true
                }
                if !isNeeded { continuation.resume() }
            }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            return state.waiting.take()
        }
        waiting?.resume()
    }
}
