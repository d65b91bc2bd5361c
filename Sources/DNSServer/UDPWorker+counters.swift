import Synchronization

/// What one worker has done since it started. The worker alone writes; anybody may read at any time.
package final class UDPCounters: Sendable {
    /// Numbers of datagrams.
    package struct Values: Equatable, Sendable {
        /// Received.
        package var queries: UInt64 = 0
        /// Answered with RCODE 0, data or none; BADVERS, whose low bits are 0, is among them.
        package var noError: UInt64 = 0
        package var formatError: UInt64 = 0
        package var nameError: UInt64 = 0
        package var notImplemented: UInt64 = 0
        package var refused: UInt64 = 0
        /// Answered with any other RCODE.
        package var other: UInt64 = 0
        /// Not answered: replies, what is shorter than a header, and what the rate limit drops.
        package var dropped: UInt64 = 0
        /// Held back by the rate limit: dropped, or answered with a short reply instead.
        package var limited: UInt64 = 0
        /// Handed to the recursors, to be answered later.
        package var forwarded: UInt64 = 0
        /// Replies that the system did not take.
        package var lost: UInt64 = 0
    }

    private let queries = Atomic<UInt64>(0)
    private let noError = Atomic<UInt64>(0)
    private let formatError = Atomic<UInt64>(0)
    private let nameError = Atomic<UInt64>(0)
    private let notImplemented = Atomic<UInt64>(0)
    private let refused = Atomic<UInt64>(0)
    private let other = Atomic<UInt64>(0)
    private let dropped = Atomic<UInt64>(0)
    private let limited = Atomic<UInt64>(0)
    private let forwarded = Atomic<UInt64>(0)
    private let lost = Atomic<UInt64>(0)

    /// The numbers now; each is right, but they may be of slightly different moments.
    package var values: Values {
        Values(
            queries: queries.load(ordering: .relaxed), noError: noError.load(ordering: .relaxed),
            formatError: formatError.load(ordering: .relaxed), nameError: nameError.load(ordering: .relaxed),
            notImplemented: notImplemented.load(ordering: .relaxed), refused: refused.load(ordering: .relaxed),
            other: other.load(ordering: .relaxed), dropped: dropped.load(ordering: .relaxed),
            limited: limited.load(ordering: .relaxed), forwarded: forwarded.load(ordering: .relaxed),
            lost: lost.load(ordering: .relaxed))
    }

    /// Adds a batch's numbers. For the worker's thread alone, so that a load and a store do for an addition.
    func add(_ batch: Values) {
        Self.add(batch.queries, to: queries)
        Self.add(batch.noError, to: noError)
        Self.add(batch.formatError, to: formatError)
        Self.add(batch.nameError, to: nameError)
        Self.add(batch.notImplemented, to: notImplemented)
        Self.add(batch.refused, to: refused)
        Self.add(batch.other, to: other)
        Self.add(batch.dropped, to: dropped)
        Self.add(batch.limited, to: limited)
        Self.add(batch.forwarded, to: forwarded)
        Self.add(batch.lost, to: lost)
    }

    private static func add(_ number: UInt64, to counter: borrowing Atomic<UInt64>) {
        guard number > 0 else { return }
        counter.store(counter.load(ordering: .relaxed) &+ number, ordering: .relaxed)
    }
}
