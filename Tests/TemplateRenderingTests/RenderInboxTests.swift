import Registry
import Testing

@testable import TemplateRendering

@Suite struct `The renderer's inbox` {
    private func delta(_ index: UInt64, _ services: String...) throws -> CatalogDelta {
        CatalogDelta(index: index, services: Set(try services.map { try ServiceName($0) }))
    }

    @Test func `merges what came while nobody looked`() async throws {
        let inbox = RenderInbox()
        var reader = inbox.makeAsyncIterator()
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(1, "a"))
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(2, "b"))
        inbox.requestReload(.init(check: "first"))
        inbox.requestReload(.init(check: "second"))
        let work = try #require(await reader.next())
        #expect(work.delta == (try delta(2, "a", "b")))
        #expect(work.reload == .init(check: "second"))
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(3, "c"))
        let next = try #require(await reader.next())
        #expect(next.delta == (try delta(3, "c")))
        #expect(next.reload == nil)
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
