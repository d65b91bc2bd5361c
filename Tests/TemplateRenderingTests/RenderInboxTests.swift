import Registry
import Testing

@testable import TemplateRendering

@Suite(.timeLimit(.minutes(1))) struct `The renderer's inbox` {
    private func delta(_ index: UInt64, _ services: String...) throws -> CatalogDelta {
        CatalogDelta(index: index, services: Set(try services.map { try ServiceName($0) }))
    }

    @Test func `merges what came while nobody looked`() async throws {
        let inbox = RenderInbox()
        var reader = inbox.makeAsyncIterator()
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(1, "a"))
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(2, "b"))
        let templates = [Template(source: "a", destination: "b", command: nil)]
        inbox.requestReload(.init(templates: templates, check: "first"))
        inbox.requestReload(.init(templates: templates, check: "second"))
        let work = try #require(await reader.next())
        #expect(work.delta == (try delta(2, "a", "b")))
        #expect(work.reload == .init(templates: templates, check: "second"))
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(3, "c"))
        let next = try #require(await reader.next())
        #expect(next.delta == (try delta(3, "c")))
        #expect(next.reload == nil)
    }

    @Test func `wakes nobody for changes while there is no template, and has the newest catalog for the first`()
        async throws
    {
        let inbox = RenderInbox(hasTemplates: false)
        var state = CatalogState()
        _ = try state.apply(.putNode(Node(name: try NodeName("n1"), id: "", address: try Address("10.0.0.1"))), at: 1)
        inbox.catalogDidChange(from: CatalogSnapshot(), to: state.snapshot, delta: try delta(1, "a"))
        let reading = Task {
            var reader = inbox.makeAsyncIterator()
            return await reader.next()
        }
        inbox.requestReload(.init(templates: [Template(source: "a", destination: "b", command: nil)]))
        let work = try #require(await reading.value)
        #expect(work.delta == nil)
        #expect(work.snapshot.index == 1)
    }

    @Test func `knows more and more of what runs, and never less`() async throws {
        let inbox = RenderInbox(stage: .starting)
        var reader = inbox.makeAsyncIterator()
        inbox.retry()
        #expect(await reader.next()?.stage == .starting)
        inbox.advance(to: .whole)
        inbox.advance(to: .partial)
        #expect(await reader.next()?.stage == .whole)
    }
}
