import Registry
import Synchronization

/// What the renderer has to look at: everything that happened while it was busy, merged into one.
final class RenderInbox: CatalogObserver, AsyncSequence {
    struct Element: Sendable {
        var snapshot: CatalogSnapshot
        /// `nil`: the catalog is the same as last time.
        var delta: CatalogDelta?
        /// All templates are to be read and rendered again.
        var isReload = false
    }

    private struct State {
        var latest = CatalogSnapshot()
        var delta: CatalogDelta?
        var isReload = false
        /// Counts the plans to retry, and the works that made them void.
        var plan = 0
    }

    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init() {
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        state.withLock { state in
            state.latest = new
            if state.delta == nil {
                state.delta = delta
            } else {
                state.delta?.merge(delta)
            }
        }
        wake.yield()
    }

    /// Asks for all templates to be read and rendered again.
    func requestReload() {
        state.withLock { $0.isReload = true }
        wake.yield()
    }

    /// Plans another look at what went wrong. Whatever work comes first makes the plan void.
    ///
    /// - Returns: the plan, for ``retry(_:)``.
    func planRetry() -> Int {
        state.withLock { state in
            state.plan += 1
            return state.plan
        }
    }

    /// Carries out a plan.
    ///
    /// - Returns: whether it still counted.
    @discardableResult
    func retry(_ plan: Int) -> Bool {
        guard state.withLock({ $0.plan == plan }) else { return false }
        wake.yield()
        return true
    }

    func makeAsyncIterator() -> Iterator { Iterator(inbox: self, wakeUps: wakeUps.makeAsyncIterator()) }

    /// For one reader.
    struct Iterator: AsyncIteratorProtocol {
        let inbox: RenderInbox
        var wakeUps: AsyncStream<Void>.Iterator

        /// What came since the last call; `nil` when the reader's task is cancelled.
        mutating func next() async -> Element? {
            guard await wakeUps.next(isolation: #isolation) != nil else { return nil }
            return inbox.state.withLock { state in
                defer {
                    state.delta = nil
                    state.isReload = false
                    state.plan += 1
                }
                return Element(snapshot: state.latest, delta: state.delta, isReload: state.isReload)
            }
        }
    }
}
