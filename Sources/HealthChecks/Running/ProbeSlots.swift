import Synchronization

/// Bounds how many probes run at a time. Who waits is served in order.
final class ProbeSlots: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Runs `probe` in a slot. Waiting ends without help from cancellation, because every probe has a timeout and ends
    /// early when it is cancelled itself.
    func run<Result: Sendable>(_ probe: () async -> Result) async -> Result {
        await acquire()
        defer { release() }
        return await probe()
    }

    private func acquire() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
