import Synchronization

/// Lets pieces of work be done one after the other, in the order in which they were asked for.
final class Turns: Sendable {
    /// Ends when all that was asked for is done.
    private let last = Mutex<Task<Void, Never>?>(nil)

    /// Does the work when all before it is done. It is done even if nobody waits for it any more.
    func take<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let task = last.withLock { last in
            let before = last
            let task = Task {
                await before?.value
                return await work()
            }
            last = Task { _ = await task.value }
            return task
        }
        return await task.value
    }
}
