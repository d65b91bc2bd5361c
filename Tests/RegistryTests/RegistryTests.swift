import Foundation
import Logging
import Synchronization
import Testing

@testable import Registry

/// A journal whose appends wait until they are let through, and fail when told to.
private final class GatedJournal: Journal {
    private struct State {
        var batches: [[JournalEntry]] = []
        var failure: JournalError?
        var gates: [CheckedContinuation<Void, Never>] = []
        var isOpen = true
        var isClosed = false
    }

    private let state = Mutex(State())

    var batches: [[JournalEntry]] { state.withLock { $0.batches } }
    var waiting: Int { state.withLock { $0.gates.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func fail(_ failure: JournalError?) { state.withLock { $0.failure = failure } }

    func shut() { state.withLock { $0.isOpen = false } }

    func open() {
        let gates = state.withLock { state in
            state.isOpen = true
            defer { state.gates = [] }
            return state.gates
        }
        for gate in gates { gate.resume() }
    }

    func takeRecovery() -> Recovery { Recovery() }

    func append(_ entries: [JournalEntry]) async throws(JournalError) -> AppendOutcome {
        await withCheckedContinuation { gate in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.gates.append(gate) }
                return state.isOpen
            }
            if isOpen { gate.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { $0.batches.append(entries) }
        return .durable
    }

    var arrivals: AsyncStream<[JournalEntry]> { AsyncStream { $0.finish() } }
    func store(_ snapshot: CatalogSnapshot) async throws(JournalError) {}
    func close() async throws(JournalError) { state.withLock { $0.isClosed = true } }
}

/// Keeps what it was told.
private final class Witness: CatalogObserver {
    private let told = Mutex<[(old: UInt64, new: UInt64, delta: CatalogDelta)]>([])

    var indexes: [[UInt64]] { told.withLock { $0.map { [$0.old, $0.new, $0.delta.index] } } }
    var deltas: [CatalogDelta] { told.withLock { $0.map(\.delta) } }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        told.withLock { $0.append((old.index, new.index, delta)) }
    }
}

private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

@Suite struct `The registry writes in batches` {
    /// A registry with node `n1`, whose journal is shut with one submission inside.
    private func busy() async throws -> (Registry, GatedJournal, Task<UInt64, any Error>) {
        let journal = GatedJournal()
        let registry = Registry(journal: journal, logger: logger)
        try await registry.submit([.putNode(try node("n1"))])
        journal.shut()
        let first = Task { try await registry.submit([.putInstance(try instance("first", of: "s"), checks: nil)]) }
        try #require(await eventually { journal.waiting == 1 })
        return (registry, journal, first)
    }

    /// Submissions that come one after the other while the journal is shut.
    private func submit(_ registry: Registry, _ changes: [[CatalogChange]]) async throws -> [Task<UInt64, any Error>] {
        var tasks: [Task<UInt64, any Error>] = []
        for change in changes {
            let before = registry.queue.waitingCount
            tasks.append(Task { try await registry.submit(change) })
            try #require(await eventually { registry.queue.waitingCount == before + 1 })
        }
        return tasks
    }

    @Test func `all that wait during one commit make the next`() async throws {
        let (registry, journal, first) = try await busy()
        let later = try await submit(
            registry, (0..<50).map { [.putInstance(try instance("i\($0)", of: "s"), checks: nil)] })
        journal.open()
        #expect(try await first.value == 2)
        for (number, task) in later.enumerated() { #expect(try await task.value == UInt64(number) + 3) }
        #expect(journal.batches.map(\.count) == [1, 1, 50])
        #expect(journal.batches.joined().map(\.position) == (1...52).map(UInt64.init))
        #expect(registry.snapshot.instanceCount == 51)
    }

    @Test func `a refused submission does not hurt its batch, and leaves nothing`() async throws {
        let (registry, journal, first) = try await busy()
        let tasks = try await submit(
            registry,
            [
                [.putInstance(try instance("a", of: "s"), checks: nil)],
                [
                    .putInstance(try instance("half", of: "s"), checks: nil),
                    .putInstance(try instance("x", of: "s", on: "nowhere"), checks: nil),
                ],
                [.putInstance(try instance("b", of: "s"), checks: nil)],
            ])
        journal.open()
        _ = try await first.value
        #expect(try await tasks[0].value == 3)
        await #expect(throws: RegistryError.refused(.unknownNode(try nodeName("nowhere")))) { try await tasks[1].value }
        #expect(try await tasks[2].value == 4)
        #expect(registry.snapshot.instance(try instanceKey("half")) == nil)
        #expect(journal.batches.last?.map(\.position) == [3, 4])
    }

    @Test func `what changes nothing is not written, but answered in its order`() async throws {
        let journal = GatedJournal()
        let registry = Registry(journal: journal, logger: logger)
        let witness = Witness()
        registry.observe(witness)
        #expect(try await registry.submit([.putNode(try node("n1"))]) == 1)
        #expect(try await registry.submit([.putNode(try node("n1"))]) == 1)
        #expect(try await registry.submit([]) == 1)
        #expect(journal.batches.count == 1)
        #expect(witness.indexes == [[0, 0, 0], [0, 1, 1]])
    }

    @Test func `nothing is visible before it is durable`() async throws {
        let (registry, journal, first) = try await busy()
        #expect(registry.snapshot.index == 1)
        journal.open()
        #expect(try await first.value == 2)
        #expect(registry.snapshot.index == 2)
    }

    @Test func `a failing journal changes nothing, and the next try may succeed`() async throws {
        let (registry, journal, first) = try await busy()
        let witness = Witness()
        registry.observe(witness)
        let tasks = try await submit(
            registry, (0..<5).map { [.putInstance(try instance("i\($0)", of: "s"), checks: nil)] })
        let failure = JournalError.full(path: "/data/journal.sqlite")
        journal.fail(failure)
        journal.open()
        for task in [first] + tasks {
            await #expect(throws: RegistryError.storage(failure.description)) { try await task.value }
        }
        #expect(registry.snapshot.index == 1)
        #expect(registry.snapshot.instanceCount == 0)
        #expect(witness.indexes == [[0, 1, 1]])

        journal.fail(nil)
        #expect(try await registry.submit([.putInstance(try instance("i0", of: "s"), checks: nil)]) == 2)
        #expect(journal.batches.joined().map(\.position) == [1, 2])
        #expect(witness.indexes == [[0, 1, 1], [1, 2, 2]])
    }

    @Test func `observers hear of every batch once and in order before it is acknowledged`() async throws {
        let registry = Registry(journal: MemoryJournal(), logger: logger)
        let witness = Witness()
        registry.observe(witness)
        try await registry.submit([.putNode(try node("n1"))])
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<50 {
                        do {
                            let index = try await registry.submit(
                                [.putInstance(try instance("i\(writer)-\(number)", of: "s\(writer)"), checks: nil)])
                            #expect(witness.indexes.contains { $0[1] >= index })
                        } catch {
                            Issue.record(error)
                        }
                    }
                }
            }
        }
        for (before, after) in zip(witness.indexes, witness.indexes.dropFirst()) {
            #expect(before[1] == after[0])
            #expect(after[1] == after[2])
        }
        #expect(witness.indexes.last?[1] == 401)
        #expect(registry.snapshot.instanceCount == 400)
    }

    @Test func `nobody's change comes between a decision and its effect`() async throws {
        let registry = Registry(journal: MemoryJournal(), logger: logger)
        try await registry.submit([.putNode(try node("n1"))])
        let key = try instanceKey("counter")
        let counter = try instance("counter", of: "s", port: 0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    do {
                        try await registry.submit { catalog in
                            var next = catalog.instance(key)?.instance.value ?? counter
                            next.port += 1
                            return [.putInstance(next, checks: nil)]
                        }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        #expect(registry.snapshot.instance(key)?.instance.value.port == 200)
    }

    @Test func `a decision against changing anything is told, and hurts nobody else`() async throws {
        let (registry, journal, first) = try await busy()
        let refusal = CatalogError.unknownInstance(try instanceKey("x"))
        let refused = Task { try await registry.submit { _ throws(CatalogError) in throw refusal } }
        try #require(await eventually { registry.queue.waitingCount == 1 })
        let after = try await submit(registry, [[.putInstance(try instance("a", of: "s"), checks: nil)]])
        journal.open()
        #expect(try await first.value == 2)
        await #expect(throws: RegistryError.refused(refusal)) { try await refused.value }
        #expect(try await after[0].value == 3)
    }

    @Test func `a very long queue is written in batches of a thousand, oldest first`() async throws {
        let (registry, journal, first) = try await busy()
        let tasks = try await submit(
            registry, (0..<1100).map { [.putInstance(try instance("i\($0)", of: "s"), checks: nil)] })
        journal.open()
        _ = try await first.value
        for task in tasks { _ = try await task.value }
        #expect(journal.batches.map(\.count) == [1, 1, 1000, 100])
    }

    @Test func `readers of the catalog hear nothing of keys, sessions and events`() async throws {
        let registry = Registry(journal: MemoryJournal(), logger: logger)
        let (catalog, everything) = (Witness(), Witness())
        registry.observe(catalog)
        registry.observe(everything, of: .everything)
        let key = try Key("k")
        try await registry.submit([.putNode(try node("n1")), .key(.put(key, value: [], flags: 0))])
        try await registry.submit([.key(.remove(key))])
        try await registry.submit([.session(.put(Session(id: "s", node: try nodeName("n1"))))])
        try await registry.submit([.event(Event(id: "e", name: "n"))])
        #expect(catalog.deltas.dropFirst() == [CatalogDelta(index: 2, nodes: [try nodeName("n1")])])
        #expect(everything.deltas.dropFirst().map(\.keys) == [[key], [key], [], []])
        #expect(everything.deltas.map(\.sessions) == [[], [], [], ["s"], []])
        #expect(everything.deltas.map(\.hasEvents) == [false, false, false, false, true])
    }

    @Test func `an observer that comes later is told everything first`() async throws {
        let registry = Registry(journal: MemoryJournal(), logger: logger)
        try await registry.submit([.putNode(try node("n1")), .putInstance(try instance("a", of: "s"), checks: nil)])
        let witness = Witness()
        registry.observe(witness)
        #expect(
            witness.deltas == [CatalogDelta(index: 2, services: [try serviceName("s")], nodes: [try nodeName("n1")])])
    }

    @Test func `an index of its own is written, and observers hear of it though nothing else changed`() async throws {
        let journal = GatedJournal()
        let registry = Registry(journal: journal, logger: logger)
        try await registry.submit([.putNode(try node("n1"))])
        let witness = Witness()
        registry.observe(witness)
        #expect(try await registry.submit([.advance]) == 2)
        #expect(try await registry.submit([.advance, .putNode(try node("n1")), .advance]) == 4)
        #expect(witness.indexes == [[0, 1, 1], [1, 2, 2], [2, 4, 4]])
        #expect(witness.deltas.dropFirst().allSatisfy { $0.isAdvance && $0.services.isEmpty && $0.nodes.isEmpty })
        #expect(journal.batches.map { $0.map(\.position) } == [[1], [2], [3, 4]])
    }

    @Test func `too many waiting submissions are refused`() async throws {
        let (registry, journal, first) = try await busy()
        let tasks = (0..<registry.queue.limit).map { _ in Task { try await registry.submit([]) } }
        try #require(await eventually { registry.queue.waitingCount == registry.queue.limit })
        await #expect(throws: RegistryError.overloaded) { try await registry.submit([]) }
        journal.open()
        #expect(try await first.value == 2)
        for task in tasks { #expect(try await task.value == 2) }
    }

    @Test func `shutting down finishes what waits, closes the journal and refuses the rest`() async throws {
        let (registry, journal, first) = try await busy()
        let tasks = try await submit(registry, [[.putInstance(try instance("a", of: "s"), checks: nil)]])
        let running = Task { try await registry.run() }
        running.cancel()
        try #require(await eventually { registry.queue.isClosed })
        await #expect(throws: RegistryError.stopped) { try await registry.submit([]) }
        #expect(!journal.isClosed)
        journal.open()
        #expect(try await first.value == 2)
        #expect(try await tasks[0].value == 3)
        try await running.value
        #expect(journal.isClosed)
        await #expect(throws: RegistryError.stopped) { try await registry.submit([]) }
    }
}
