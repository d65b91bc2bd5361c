import Logging
import ServiceLifecycle

extension Registry {
    /// Looks after the journal until graceful shutdown, then finishes what was submitted and closes it.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepJournalShort() }
            group.addTask { await self.followOtherWriters() }
            group.addTask { await self.endOverdueSessions() }
            do {
                try await gracefulShutdown()
            } catch is CancellationError {
                // Cancelled rather than asked: the end is the same.
            }
            group.cancelAll()
        }
        await stop()
    }

    private func keepJournalShort() async {
        compaction.note(entries: 0, objects: snapshot.objectCount)
        for await _ in compaction.wanted {
            let entryCount = compaction.entryCount
            let snapshot = snapshot
            do {
                try await journal.store(snapshot)
                compaction.succeeded(covering: entryCount)
                logger.debug("journal compacted", metadata: ["index": "\(snapshot.index)", "entries": "\(entryCount)"])
            } catch {
                compaction.failed()
                logger.warning("journal not compacted", metadata: ["error": "\(error)"])
            }
        }
    }

    private func followOtherWriters() async {
        for await entries in journal.arrivals { await takeOver(arrived: entries) }
    }
}
