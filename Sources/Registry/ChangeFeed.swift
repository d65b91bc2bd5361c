import Synchronization

/// An observer for readers that work in their own time: it merges the deltas that pile up while the reader is busy, so
/// its memory is bounded by the catalog's size and a slow reader never holds up the writer.
///
/// For one reader: `for await (snapshot, delta) in feed { ... }`.
package final class ChangeFeed: CatalogObserver, AsyncSequence {
    package typealias Element = (snapshot: CatalogSnapshot, delta: CatalogDelta)

    /// Whether a change is worth waking the reader.
    package typealias Relevance = @Sendable (_ old: CatalogSnapshot, _ new: CatalogSnapshot) -> Bool

    private let pending = Mutex<Element?>(nil)
    private let isRelevant: Relevance
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameter isRelevant: the reader never hears of changes for which this is false.
    package init(where isRelevant: @escaping Relevance = { _, _ in true }) {
        self.isRelevant = isRelevant
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        guard isRelevant(old, new) else { return }
        pending.withLock { pending in
            guard var merged = pending?.delta else {
                pending = (new, delta)
                return
            }
            merged.merge(delta)
            pending = (new, merged)
        }
        wake.yield()
    }

    package func makeAsyncIterator() -> Iterator { Iterator(feed: self, wakeUps: wakeUps.makeAsyncIterator()) }

    package struct Iterator: AsyncIteratorProtocol {
        let feed: ChangeFeed
        var wakeUps: AsyncStream<Void>.Iterator

        /// The changes since the last call, as one; `nil` when the reader's task is cancelled.
        package mutating func next() async -> Element? {
            while await wakeUps.next(isolation: #isolation) != nil {
                if let element = feed.pending.withLock({ $0.take() }) { return element }
            }
            return nil
        }
    }
}
