import Synchronization

/// What one worker has done since it started. The worker alone writes; anybody may read at any time.
package final class UDPCounters: Sendable {
    private let numbers = InlineArray<24, Atomic<UInt64>> { _ in Atomic(0) }

    /// The numbers now; each is right, but they may be of slightly different moments.
    package var values: QueryCounts {
        var values = QueryCounts()
        for counter in QueryCounter.allCases { values[counter] = numbers[counter.rawValue].load(ordering: .relaxed) }
        return values
    }

    /// Adds a batch's numbers. For the worker's thread alone, so that a load and a store do for an addition.
    func add(_ batch: QueryCounts) {
        for index in numbers.indices {
            let number = batch.number(at: index)
            guard number > 0 else { continue }
            numbers[index].store(numbers[index].load(ordering: .relaxed) &+ number, ordering: .relaxed)
        }
    }
}
