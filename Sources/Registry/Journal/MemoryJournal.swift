/// A journal that keeps nothing and forgets everything when the process ends: for trying things out, and for tests.
package struct MemoryJournal: Journal {
    package init() {}

    package func takeRecovery() -> Recovery { Recovery() }

    package func append(_ entries: [JournalEntry]) async throws(JournalError) -> AppendOutcome { .durable }

    package var arrivals: AsyncStream<[JournalEntry]> { AsyncStream { $0.finish() } }

    package func store(_ snapshot: CatalogSnapshot) async throws(JournalError) {}

    package func close() async throws(JournalError) {}
}
