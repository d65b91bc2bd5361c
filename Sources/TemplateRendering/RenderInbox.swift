import Registry
import Synchronization

/// How much the catalog can say of what runs.
enum CatalogStage: Comparable, Sendable {
    /// Berth has just started, and Docker may answer at any moment.
    case starting
    /// Docker has not answered for a while: what it runs may be missing.
    case partial
    case whole
}

/// What the renderer has to look at: everything that happened while it was busy, merged into one.
final class RenderInbox: CatalogObserver, AsyncSequence {
    struct Element: Sendable {
        var snapshot: CatalogSnapshot
        /// `nil`: the catalog is the same as last time.
        var delta: CatalogDelta?
        /// The templates there are from now on; all are to be read and rendered again.
        var reload: TemplateRenderer.Configuration?
        var stage: CatalogStage
    }

    private struct State {
        var latest = CatalogSnapshot()
        var delta: CatalogDelta?
        var reload: TemplateRenderer.Configuration?
        var stage: CatalogStage
        var hasTemplates: Bool
    }

    private let state: Mutex<State>
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameter hasTemplates: while there are none, changes wake nobody.
    init(stage: CatalogStage = .whole, hasTemplates: Bool = true) {
        state = Mutex(State(stage: stage, hasTemplates: hasTemplates))
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func observationDidBegin(with snapshot: CatalogSnapshot) {
        let isRead = state.withLock { state in
            state.latest = snapshot
            return state.hasTemplates
        }
        if isRead { catalogDidChange(from: CatalogSnapshot(), to: snapshot, delta: snapshot.names) }
    }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        let isRead = state.withLock { state in
            state.latest = new
            guard state.hasTemplates else { return false }
            if state.delta == nil {
                state.delta = delta
            } else {
                state.delta?.merge(delta)
            }
            return true
        }
        if isRead { wake.yield() }
    }

    /// Asks for all templates, which are these from now on, to be read and rendered again.
    func requestReload(_ configuration: TemplateRenderer.Configuration) {
        state.withLock { state in
            state.reload = configuration
            state.hasTemplates = !configuration.templates.isEmpty
        }
        wake.yield()
    }

    /// Notes that the catalog says more than before; it never says less again.
    func advance(to stage: CatalogStage) {
        state.withLock { $0.stage = Swift.max($0.stage, stage) }
        wake.yield()
    }

    /// Asks for another look at what went wrong.
    func retry() { wake.yield() }

    func makeAsyncIterator() -> Iterator { Iterator(inbox: self, wakeUps: wakeUps.makeAsyncIterator()) }

    /// For one reader.
    struct Iterator: AsyncIteratorProtocol {
        let inbox: RenderInbox
        var wakeUps: AsyncStream<Void>.Iterator

        /// What came since the last call; `nil` when the reader's task is cancelled.
        mutating func next() async -> Element? {
            guard await wakeUps.next(isolation: #isolation) != nil else { return nil }
            return inbox.state.withLock { state in
                defer { (state.delta, state.reload) = (nil, nil) }
                return Element(
                    snapshot: state.latest, delta: state.delta, reload: state.reload, stage: state.stage)
            }
        }
    }
}
