import Synchronization

/// How long something took each time: a histogram whose steps suit disks and networks.
///
/// For what happens thousands of times a second at most: each time costs a lock that hardly anybody else wants.
package final class Durations: Sendable {
    package struct Values: Sendable {
        package internal(set) var count: UInt64 = 0
        /// Seconds, as all that follow.
        package internal(set) var sum = 0.0
        package internal(set) var sumOfSquares = 0.0
        package internal(set) var least = 0.0
        package internal(set) var greatest = 0.0
        /// How often it took no more than each of ``Durations/bounds``, and longer than the bound before.
        package internal(set) var steps = [UInt64](repeating: 0, count: Durations.bounds.count)

        package init() {}

        mutating func add(_ seconds: Double) {
            least = count == 0 ? seconds : min(least, seconds)
            greatest = max(greatest, seconds)
            count += 1
            sum += seconds
            sumOfSquares += seconds * seconds
            if let step = Durations.bounds.firstIndex(where: { seconds <= $0 }) { steps[step] += 1 }
        }
    }

    /// The upper ends of the steps, in seconds; above the last one there is one more.
    package static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]

    private let state = Mutex(Values())

    package init() {}

    package var values: Values { state.withLock { $0 } }

    /// Notes a time.
    package func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        state.withLock { $0.add(Double(seconds) + Double(attoseconds) * 1e-18) }
    }

    /// Notes how long `body` takes, unless it throws.
    package func time<Result, Failure: Error>(
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let start = ContinuousClock.now
        let result = try await body()
        add(ContinuousClock.now - start)
        return result
    }
}
