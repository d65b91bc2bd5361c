import Foundation
import Logging
import Snapshots
import Testing

@testable import Registry

private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A catalog after some of everything; nothing in it stands for a container.
private func catalog(seed: UInt64, from index: UInt64 = 0) throws -> CatalogState {
    var history = RandomHistory(seed: seed)
    var state = CatalogState()
    if index > 0 { _ = try state.apply(.restoration(.begin(index: index))) }
    for _ in 0..<300 {
        var change = try history.next()
        if case .putInstance(var instance, let checks) = change {
            instance.owner = nil
            change = .putInstance(instance, checks: checks)
        }
        do { try state.apply(change) } catch is CatalogError { continue }
    }
    return state
}

extension CatalogSnapshot {
    /// What there is, without the indexes of changes, which a restoration gives anew.
    fileprivate var things: Set<CatalogRecord> {
        func unchanged<Value: Hashable & Sendable>(_ value: Indexed<Value>) -> Indexed<Value> {
            Indexed(value: value.value, createIndex: value.createIndex, modifyIndex: 0)
        }
        return Set(
            records.compactMap { record -> CatalogRecord? in
                switch record {
                case .indexes, .service, .keyIndexes, .eventIndex, .queryIndex: return nil
                case .node(let node, let checks): return .node(unchanged(node), checks: checks.map(unchanged))
                case .instance(let instance, let checks):
                    return .instance(unchanged(instance), checks: checks.map(unchanged))
                case .session(let session): return .session(unchanged(session))
                case .key(var entry):
                    entry.modifyIndex = 0
                    return .key(entry)
                case .event(let event): return .event(Indexed(value: event.value, createIndex: 0, modifyIndex: 0))
                case .query(let query): return .query(unchanged(query))
                case .lockDelay: return record
                }
            })
    }
}

@Suite struct `A restored catalog` {
    /// As the writer does it on host `n9`.
    private func restored(_ stored: CatalogSnapshot, insteadOf current: CatalogState) throws -> CatalogBatch {
        let changes = stored.restoration(insteadOf: current.snapshot, on: try nodeName("n9"))
        let decision: CatalogDecision = { _ in changes }
        return CatalogBatch([decision], appliedTo: current)
    }

    /// By way of an archive, in pieces of any size.
    @Test(arguments: 0..<6) func `is read from its archive as it was`(seed: UInt64) async throws {
        let snapshot = try catalog(seed: seed).snapshot
        var archive: [UInt8] = []
        let pieces = try SnapshotWriter(snapshot, node: "n1", datacenter: "dc1", madeBy: "1.0").pieces()
        while let piece = try pieces.next() { archive += piece }
        var generator = SeededGenerator(seed: seed)
        let reader = SnapshotReader()
        var rest = archive[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...2000, using: &generator))
            rest.removeFirst(piece.count)
            try reader.read(Array(piece))
        }
        let contents = try reader.finish()
        #expect(contents.snapshot.contents == snapshot.contents)
        #expect(contents.meta.index == snapshot.index && contents.meta.records == snapshot.contents.count)
    }

    @Test(arguments: 0..<6) func `has all that was stored, and indexes greater than any before`(
        seed: UInt64
    ) async throws {
        let stored = try catalog(seed: seed, from: seed % 2 == 0 ? 0 : 5000).snapshot
        let before = try catalog(seed: seed + 100).snapshot
        let batch = try restored(stored, insteadOf: CatalogState(before))
        let after = batch.state.snapshot
        #expect(try batch.answers.map { try $0.get() } == [after.index])
        #expect(after.things == stored.things)
        #expect(after.index > max(before.index, stored.index))
        for index in [
            after.nodesIndex, after.servicesIndex, after.checksIndex, after.extinctionIndex, after.sessions.index,
            after.queries.index, after.keys.index, after.events.index,
        ] { #expect(index > before.index) }
        for service in before.services + stored.services { #expect(after.index(of: service.name) > before.index) }
        for entry in before.keys.entries(under: try KeyPrefix("")) + stored.keys.entries(under: try KeyPrefix("")) {
            #expect(after.keys.index(of: entry.key) > before.index)
            #expect(batch.delta.keys.contains(entry.key))
        }
        // Whoever is told of the change can find out all that it did.
        #expect(batch.delta.services.isSuperset(of: (before.services + stored.services).map(\.name)))
        #expect(batch.delta.nodes.isSuperset(of: (before.nodes + stored.nodes).map(\.node.value.name)))
        #expect(batch.delta.sessions.isSuperset(of: (before.sessions.all + stored.sessions.all).map(\.value.id)))
        // A journal has the same to tell.
        var replayed = CatalogState(before)
        for entry in batch.entries {
            let change: CatalogChange = try JournalFormat.decode(from: JournalFormat.encode(entry.change))
            #expect(change == entry.change)
            _ = try replayed.replay(JournalEntry(position: entry.position, change: change))
        }
        #expect(replayed.snapshot.contents == after.contents)
    }

    @Test func `keeps its host's node and containers as they are now, and has no others' containers`() throws {
        let docker = Owner.docker(engine: "e", container: "c")
        let stored = try CatalogState([
            .putNode(node("n9", address: "10.0.0.8")), .putNode(node("n2")),
            .putCheck(check("_node_maintenance", of: nil, on: "n9")),
            // Its id is a container's check's now.
            .putCheck(check("docker:new", of: nil, on: "n9")),
            .putInstance(instance("old", of: "old", on: "n9", owner: docker), checks: nil),
            .putInstance(instance("far", of: "old", on: "n2", owner: docker), checks: nil),
            .putInstance(
                instance("mine", of: "web", on: "n9", owner: .agent), checks: [check("a", of: "mine", on: "n9")]),
            .putInstance(instance("new", of: "other", on: "n9"), checks: nil),
        ]).snapshot
        let current = try CatalogState([
            .putNode(node("n9", address: "10.0.0.9")),
            .putInstance(
                instance("new", of: "new", on: "n9", owner: docker), checks: [check("docker:new", of: "new", on: "n9")]),
            .putInstance(instance("gone", of: "gone", on: "n9", owner: .agent), checks: nil),
        ])
        let batch = try restored(stored, insteadOf: current)
        let after = batch.state.snapshot
        #expect(after.services.map(\.name.text) == ["new", "web"])
        let host = try #require(after.node(nodeName("n9")))
        #expect(try host.node.value == node("n9", address: "10.0.0.9") && host.checks.count == 1)
        #expect(try after.check(checkKey("docker:new", on: "n9")) != nil && after.check(checkKey("a", on: "n9")) != nil)
        #expect(try after.node(nodeName("n2"))?.instanceCount == 0)
    }

    @Test func `ends the sessions that cannot go on`() throws {
        let stored = try CatalogState([
            .putNode(node("n9")),
            .putInstance(
                instance("i", of: "s", on: "n9", owner: .docker(engine: "e", container: "c")),
                checks: [
                    check("c", of: "i", on: "n9", status: .passing)
                ]),
            .session(.put(Session(id: "s1", node: nodeName("n9"), nodeChecks: ["c"]))),
            .session(.put(Session(id: "s2", node: nodeName("n9"), nodeChecks: []))),
            .key(.lock(Key("k"), value: [1], flags: 0, "s1")), .key(.lock(Key("l"), value: [1], flags: 0, "s2")),
        ]).snapshot
        let current = try CatalogState([.putNode(node("n9"))])
        let after = try restored(stored, insteadOf: current).state.snapshot
        #expect(after.sessions.all.map(\.value.id) == ["s2"])
        #expect(try after.keys.entry(Key("k"))?.session == nil && after.keys.entry(Key("l"))?.session == "s2")
    }

    @Test func `keeps the index of its events, which may be greater than theirs`() throws {
        let stored = try CatalogState([.putNode(node("n9")), .event(Event(id: "e", name: "n"))]).snapshot
        let changes = (0..<9).map { CatalogChange.event(Event(id: "\($0)", name: "n")) }
        for archive in [stored, CatalogSnapshot()] {
            let after = try restored(archive, insteadOf: try CatalogState([.putNode(node("n9"))] + changes))
                .state.snapshot
            var readBack = CatalogState()
            for record in after.records { try readBack.restore(record) }
            #expect(readBack.snapshot.events.index == after.events.index)
            #expect(after.events.index > 10)
        }
    }

    /// As after a kill or a power loss at any moment.
    @Test func `is there wholly, or not at all, whenever the process ends`() async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: logger)
            try await registry.submit([.putNode(node("n9"))])
            try await registry.submit(
                (0..<500).map { .putInstance(try instance("a\($0)", of: "a", on: "n9"), checks: nil) })
            var stored = try CatalogState([.putNode(node("n1"))])
            for number in 0..<5000 {
                try stored.apply(.putInstance(try instance("b\(number)", of: "b\(number % 50)"), checks: nil))
                try stored.apply(.key(.put(try Key("k\(number)"), value: [UInt8](repeating: 7, count: 500), flags: 0)))
            }
            let before = registry.snapshot.contents
            let snapshot = stored.snapshot
            #expect(try await copiedCatalog(in: directory).contents == before)
            let restoring = Task { try await registry.restore(snapshot, on: try nodeName("n9")) }
            var copied = try await copiedCatalog(in: directory)
            while copied.contents == before { copied = try await copiedCatalog(in: directory) }
            #expect(copied.nodes.map(\.node.value.name.text) == ["n1", "n9"])
            #expect(copied.keys.count == 5000 && copied.instanceCount == 5000)
            let index = try await restoring.value
            #expect(index == registry.snapshot.index)
            try await registry.submit([.putNode(node("n2"))])
            // Compacted, and read back, it is the same.
            try await registry.journal.store(registry.snapshot)
            let contents = registry.snapshot.contents
            await registry.stop()
            let journal = try SQLiteJournal(directory: "\(directory)/data")
            #expect(journal.takeRecovery().state.snapshot.contents == contents)
            try await journal.close()
        }
    }

    /// What a journal would hold if the process ended now.
    private func copiedCatalog(in directory: String) async throws -> CatalogSnapshot {
        try copyJournal(from: "\(directory)/data", to: "\(directory)/copy")
        let journal = try SQLiteJournal(directory: "\(directory)/copy")
        let snapshot = journal.takeRecovery().state.snapshot
        try await journal.close()
        return snapshot
    }

    private func copyJournal(from source: String, to target: String) throws {
        let files = FileManager.default
        if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
        try files.createDirectory(atPath: target, withIntermediateDirectories: true)
        // The log last: what it has been emptied into the file is in the file then.
        for name in try files.contentsOfDirectory(atPath: source).filter({ $0.hasPrefix("journal") }).sorted() {
            try files.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
    }
}
