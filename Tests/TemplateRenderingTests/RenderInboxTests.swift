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
        inbox.requestReload()
        let work = try #require(await reader.next())
        #expect(work.delta == (try delta(2, "a", "b")))
        #expect(work.isReload)
        inbox.catalogDidChange(from: CatalogSnapshot(), to: CatalogSnapshot(), delta: try delta(3, "c"))
        let next = try #require(await reader.next())
        #expect(next.delta == (try delta(3, "c")))
        #expect(!next.isReload)
    }

    @Test func `forgets a plan to retry when there is a newer one, or other work`() async throws {
        let inbox = RenderInbox()
        var reader = inbox.makeAsyncIterator()
        let first = inbox.planRetry()
        let second = inbox.planRetry()
        #expect(!inbox.retry(first))
        #expect(inbox.retry(second))
        let work = try #require(await reader.next())
        #expect(work.delta == nil && !work.isReload)
        #expect(!inbox.retry(second))
        let third = inbox.planRetry()
        inbox.requestReload()
        _ = await reader.next()
        #expect(!inbox.retry(third))
    }
}
