import Logging
import Testing

@testable import Registry

@Suite struct `A change feed merges what its reader missed` {
    private func publish(_ change: CatalogChange, _ state: inout CatalogState, to feed: ChangeFeed) throws {
        let old = state.snapshot
        let delta = try state.apply(change)
        feed.catalogDidChange(from: old, to: state.snapshot, delta: delta)
    }

    @Test func `a slow reader gets the newest snapshot with all names that changed`() async throws {
        let feed = ChangeFeed()
        var state = CatalogState()
        try publish(.putNode(try node("n1")), &state, to: feed)
        for id in ["a", "b", "c"] { try publish(.putInstance(try instance(id, of: id), checks: nil), &state, to: feed) }
        var reader = feed.makeAsyncIterator()
        let element = try #require(await reader.next())
        #expect(element.snapshot.index == 4)
        #expect(element.delta.index == 4)
        #expect(element.delta.services == Set(try ["a", "b", "c"].map(serviceName)))
        #expect(element.delta.nodes == [try nodeName("n1")])

        try publish(.removeInstance(try instanceKey("a")), &state, to: feed)
        let next = try #require(await reader.next())
        #expect(next.delta.services == [try serviceName("a")])
        #expect(next.delta.nodes.isEmpty, "what was read is not told again")
    }

    @Test func `a reader waits until something changes`() async throws {
        let feed = ChangeFeed()
        let reading = Task { () -> UInt64? in
            var reader = feed.makeAsyncIterator()
            return await reader.next()?.snapshot.index
        }
        var state = CatalogState()
        try publish(.putNode(try node("n1")), &state, to: feed)
        #expect(await reading.value == 1)
    }

    @Test func `a reader hears only of what it asked for`() async throws {
        let feed = ChangeFeed { old, new in old.checksIndex != new.checksIndex }
        var state = CatalogState()
        try publish(.putNode(try node("n1")), &state, to: feed)
        try publish(.putInstance(try instance("a", of: "plain"), checks: nil), &state, to: feed)
        try publish(
            .putInstance(try instance("b", of: "checked"), checks: [try check("c", of: "b")]), &state, to: feed)
        var reader = feed.makeAsyncIterator()
        #expect(await reader.next()?.delta.services == [try serviceName("checked")])

        try publish(.putInstance(try instance("b", of: "moved"), checks: nil), &state, to: feed)
        #expect(await reader.next()?.delta.services == Set(try ["checked", "moved"].map(serviceName)))
    }

    @Test func `a cancelled reader ends`() async {
        let feed = ChangeFeed()
        let reading = Task { () -> Int in
            var count = 0
            for await _ in feed { count += 1 }
            return count
        }
        reading.cancel()
        #expect(await reading.value == 0)
    }

    @Test func `a feed hears from a registry all that is there, then every change`() async throws {
        let registry = Registry(
            journal: MemoryJournal(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await registry.submit([.putNode(try node("n1")), .putInstance(try instance("a", of: "web"), checks: nil)])
        let feed = ChangeFeed()
        registry.observe(feed)
        var reader = feed.makeAsyncIterator()
        #expect(await reader.next()?.delta.services == [try serviceName("web")])
        try await registry.submit([.putInstance(try instance("b", of: "db"), checks: nil)])
        #expect(await reader.next()?.delta.services == [try serviceName("db")])
    }
}
