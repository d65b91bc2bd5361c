import Foundation
import Testing

@testable import Registry

/// A registry that has been through `count` random submissions, refused ones among them.
private func exercise(_ registry: Registry, _ history: inout RandomHistory, count: Int) async throws {
    for _ in 0..<count {
        let changes = try (0...history.number(3)).map { _ in try history.next() }
        do { try await registry.submit(changes) } catch RegistryError.refused { continue }
    }
}

@Suite struct `A SQLite journal gives back what was acknowledged` {
    @Test(arguments: 0..<6)
    func `after any history, compacted or not, reopened or not`(seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            var history = RandomHistory(seed: seed)
            var contents: Set<CatalogRecord>?
            for round in 0..<4 {
                let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: quietLogger)
                if let contents { #expect(registry.snapshot.contents == contents) }
                try await exercise(registry, &history, count: 60)
                if round % 2 == 1 { try await registry.journal.store(registry.snapshot) }
                try await exercise(registry, &history, count: 10)
                contents = registry.snapshot.contents
                await registry.stop()
            }
            let last = try await recovered(directory)
            #expect(last.state.snapshot.contents == contents)
            #expect(last.entryCount <= 40, "the snapshot took the place of what it covers")
            #expect(last.remarks.isEmpty)
        }
    }

    @Test(arguments: [1999, 2000, 2001, 4500])
    func `of any length, compacted or not`(count: Int) async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: quietLogger)
            try await registry.submit([.putNode(try node("n1"))])
            // Each twice, so that a snapshot holds something else than the entries.
            for port in [80, 81] as [UInt16] {
                try await registry.submit(
                    try (1..<count).map {
                        .putInstance(try instance("i\($0)", of: "s\($0 % 700)", port: port), checks: nil)
                    })
            }
            let contents = registry.snapshot.contents
            await registry.stop()
            let entries = try await recovered(directory)
            #expect(entries.state.snapshot.contents == contents)
            #expect(entries.entryCount == 2 * count - 1)
            let journal = try SQLiteJournal(directory: directory)
            try await journal.store(entries.state.snapshot)
            try await journal.close()
            let records = try await recovered(directory)
            #expect(records.state.snapshot.contents == contents)
            #expect(records.entryCount == 0)
        }
    }

    @Test func `from the files as they are at any moment, without a goodbye`() async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: quietLogger)
            var history = RandomHistory(seed: 7)
            for round in 0..<8 {
                try await exercise(registry, &history, count: 20)
                if round == 5 { try await registry.journal.store(registry.snapshot) }
                try copyFiles(from: "\(directory)/data", to: "\(directory)/copy")
                let copy = try await recovered("\(directory)/copy")
                #expect(copy.state.snapshot.contents == registry.snapshot.contents)
            }
            await registry.stop()
        }
    }

    @Test func `while a snapshot is being stored`() async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: quietLogger)
            try await registry.submit([.putNode(try node("n1"))])
            for chunk in 0..<8 {
                try await registry.submit(
                    try (0..<500).map { .putInstance(try instance("i\(chunk)-\($0)", of: "s\($0)"), checks: nil) })
            }
            let storing = Task { try await registry.journal.store(registry.snapshot) }
            var copies = 0
            while copies < 8 {
                try await registry.submit([
                    .putInstance(try instance("extra", of: "x", port: UInt16(copies)), checks: nil)
                ])
                try copyFiles(from: "\(directory)/data", to: "\(directory)/copy")
                let copy = try await recovered("\(directory)/copy")
                #expect(copy.state.snapshot.contents == registry.snapshot.contents)
                copies += 1
            }
            try await storing.value
            try copyFiles(from: "\(directory)/data", to: "\(directory)/copy")
            let copy = try await recovered("\(directory)/copy")
            #expect(copy.state.snapshot.contents == registry.snapshot.contents)
            #expect(copy.entryCount < 10)
            await registry.stop()
        }
    }

    @Test func `when storing a snapshot is cancelled`() async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: quietLogger)
            try await registry.submit([.putNode(try node("n1"))])
            try await registry.submit((0..<2000).map { .putInstance(try instance("i\($0)", of: "s"), checks: nil) })
            let storing = Task { try await registry.journal.store(registry.snapshot) }
            storing.cancel()
            try await storing.value
            try await registry.journal.store(registry.snapshot)
            let contents = registry.snapshot.contents
            await registry.stop()
            let last = try await recovered(directory)
            #expect(last.state.snapshot.contents == contents)
            #expect(last.entryCount == 0)
        }
    }

    @Test func `with a running registry that compacts by itself`() async throws {
        try await withTemporaryDirectory { directory in
            let journal = try SQLiteJournal(directory: directory)
            let registry = Registry(journal: journal, logger: quietLogger)
            let running = Task { try await registry.run() }
            try await registry.submit([.putNode(try node("n1"))])
            for round in 0..<6 {
                try await registry.submit(
                    (0..<1000).map { _ in .putInstance(try instance("i", of: "s", port: UInt16(round)), checks: nil) }
                        .flatMap { [$0, .removeInstance(try instanceKey("i"))] })
            }
            #expect(await eventually { registry.compaction.entryCount < 10_000 })
            running.cancel()
            try await running.value
            await #expect(throws: RegistryError.stopped) { try await registry.submit([]) }
            let last = try await recovered(directory)
            #expect(last.state.snapshot.contents == registry.snapshot.contents)
            #expect(last.entryCount < 10_000)
        }
    }
}
