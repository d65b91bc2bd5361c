import Logging
import Synchronization
import Testing

@testable import Registry

/// A log that several registries write, as a replicated one would be: an append that is not based on the newest position
/// adds nothing and says what came before it.
private final class SharedLog: Sendable {
    private struct State {
        var entries: [JournalEntry] = []
        var followers: [AsyncStream<[JournalEntry]>.Continuation] = []
    }

    private let state = Mutex(State())

    var entries: [JournalEntry] { state.withLock { $0.entries } }

    func append(_ entries: [JournalEntry]) -> AppendOutcome {
        state.withLock { state in
            let base = Int(entries[0].position) - 1
            guard base == state.entries.count else { return .overtaken(by: Array(state.entries[base...])) }
            state.entries += entries
            for follower in state.followers { follower.yield(entries) }
            return .durable
        }
    }

    func follow() -> AsyncStream<[JournalEntry]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [JournalEntry].self)
        state.withLock { $0.followers.append(continuation) }
        return stream
    }

    struct Member: Journal {
        let log: SharedLog
        let arrivals: AsyncStream<[JournalEntry]>

        init(of log: SharedLog) {
            self.log = log
            arrivals = log.follow()
        }

        func takeRecovery() -> Recovery { Recovery() }
        func append(_ entries: [JournalEntry]) async throws(JournalError) -> AppendOutcome { log.append(entries) }
        func store(_ snapshot: CatalogSnapshot) async throws(JournalError) {}
        func close() async throws(JournalError) {}
    }
}

@Suite struct `Registries on one log` {
    @Test func `take each other's changes in the log's order, and lose none of their own`() async throws {
        let log = SharedLog()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let registries = (0..<3).map { _ in Registry(journal: SharedLog.Member(of: log), logger: logger) }
        let running = registries.map { registry in Task { try await registry.run() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, registry) in registries.enumerated() {
                group.addTask {
                    try await registry.submit([.putNode(try node("n\(number)"))])
                    for round in 0..<100 {
                        try await registry.submit(
                            [
                                .putInstance(
                                    try instance("i\(round % 7)", of: "s", on: "n\(number)", port: UInt16(round)),
                                    checks: nil)
                            ])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(log.entries.count == 303)
        #expect(log.entries.map(\.position) == (1...303).map(UInt64.init))
        var state = CatalogState()
        for entry in log.entries { _ = try state.replay(entry) }
        for registry in registries {
            #expect(await eventually { registry.snapshot.index == 303 })
            #expect(registry.snapshot.contents == state.snapshot.contents)
        }
        for task in running {
            task.cancel()
            try await task.value
        }
    }
}
