import Foundation
import Glibc
import Logging
import Testing

@testable import Registry

private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

private func copyFiles(from source: String, to destination: String) throws {
    try? FileManager.default.removeItem(atPath: destination)
    try FileManager.default.copyItem(atPath: source, toPath: destination)
}

/// What a journal gives back, with nothing kept open.
private func recovered(_ directory: String) async throws -> Recovery {
    let journal = try SQLiteJournal(directory: directory)
    let recovery = journal.takeRecovery()
    try await journal.close()
    return recovery
}

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
                let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: logger)
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
            let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: logger)
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
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: logger)
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
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: logger)
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
            let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: logger)
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
            let registry = Registry(journal: journal, logger: logger)
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

@Suite struct `A SQLite journal says what is wrong` {
    @Test func `a directory is used by one journal at a time`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try SQLiteJournal(directory: directory)
            let error = #expect(throws: JournalError.self) { _ = try SQLiteJournal(directory: directory) }
            #expect(error == .inUse(directory: directory))
            #expect(error?.description.contains(directory) == true)
            try await first.close()
        }
        try await withTemporaryDirectory { directory in
            _ = try SQLiteJournal(directory: directory)
            _ = try SQLiteJournal(directory: directory)
        }
    }

    @Test func `another process finds it locked until it is closed`() async throws {
        func otherProcessGetsIt(_ directory: String) throws -> Bool {
            let process = try Process.run(
                URL(fileURLWithPath: "/usr/bin/flock"), arguments: ["--nonblock", directory, "true"])
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        try await withTemporaryDirectory { directory in
            let journal = try SQLiteJournal(directory: directory)
            #expect(try !otherProcessGetsIt(directory))
            try await journal.close()
            #expect(try otherProcessGetsIt(directory))
        }
    }

    @Test func `a directory is made, for its owner only`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a/b"
            _ = try SQLiteJournal(directory: path)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func `a file where the directory should be is refused`() async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: "\(directory)/file"))
            for path in ["\(directory)/file", "\(directory)/file/below"] {
                #expect(
                    throws: JournalError.inaccessible(path: path, reason: "Not a directory")
                ) { _ = try SQLiteJournal(directory: path) }
            }
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may do everything"))
    func `a directory that cannot be written is refused`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: directory)
            #expect(throws: JournalError.inaccessible(path: directory, reason: "Permission denied")) {
                _ = try SQLiteJournal(directory: directory)
            }
        }
    }

    enum Damage: String, CaseIterable {
        case empty, zeros, noise, text, halved, firstPageOnly, missing
    }

    @Test(arguments: Damage.allCases)
    func `a damaged file is never an empty catalog`(damage: Damage) async throws {
        try await withTemporaryDirectory { directory in
            let file = URL(fileURLWithPath: "\(directory)/\(SQLiteJournal.fileName)")
            try await fill(directory)
            let good = try Data(contentsOf: file)
            var generator = SeededGenerator(seed: 3)
            switch damage {
            case .empty: try Data().write(to: file)
            case .zeros: try Data(count: good.count).write(to: file)
            case .noise:
                try Data((0..<good.count).map { _ in UInt8.random(in: 0...255, using: &generator) }).write(to: file)
            case .text: try Data("not a database\n".utf8).write(to: file)
            case .halved: try good.prefix(good.count / 2).write(to: file)
            case .firstPageOnly: try good.prefix(4096).write(to: file)
            case .missing:
                try Data("x".utf8).write(to: URL(fileURLWithPath: file.path + "-wal"))
                try FileManager.default.removeItem(at: file)
            }
            let error = #expect(throws: JournalError.self) { _ = try SQLiteJournal(directory: directory) }
            guard case .damaged(file.path, _) = error else {
                Issue.record("\(error.debugDescription)")
                return
            }
            #expect(error?.description.contains(file.path) == true)
        }
    }

    @Test func `one damaged entry is named by its position`() async throws {
        try await withTemporaryDirectory { directory in
            let file = URL(fileURLWithPath: "\(directory)/\(SQLiteJournal.fileName)")
            try await fill(directory)
            var octets = try Data(contentsOf: file)
            let range = try #require(octets.range(of: Data("unmistakable".utf8)))
            octets[range.lowerBound] = UInt8(ascii: "U")
            try octets.write(to: file)
            #expect(
                throws: JournalError.unreadable(path: file.path, position: 201, reason: "its checksum is wrong")
            ) { _ = try SQLiteJournal(directory: directory) }
        }
    }

    @Test func `of several damaged entries far from each other the first is named`() async throws {
        try await withTemporaryDirectory { directory in
            let file = URL(fileURLWithPath: "\(directory)/\(SQLiteJournal.fileName)")
            let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: logger)
            try await registry.submit([.putNode(try node("n1"))])
            try await registry.submit(
                try (2...9000).map { .putInstance(try instance("number-\($0)-", of: "s"), checks: nil) })
            await registry.stop()
            var octets = try Data(contentsOf: file)
            for position in [2500, 8800] {
                let range = try #require(octets.range(of: Data("number-\(position)-".utf8)))
                octets[range.lowerBound] = UInt8(ascii: "N")
            }
            try octets.write(to: file)
            #expect(
                throws: JournalError.unreadable(path: file.path, position: 2500, reason: "its checksum is wrong")
            ) { _ = try SQLiteJournal(directory: directory) }
        }
    }

    private func fill(_ directory: String) async throws {
        let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: logger)
        try await registry.submit([.putNode(try node("n1"))])
        for number in 1..<200 {
            try await registry.submit([.putInstance(try instance("i\(number)", of: "s", tags: ["tag"]), checks: nil)])
        }
        try await registry.submit([.putInstance(try instance("unmistakable", of: "last"), checks: nil)])
        await registry.stop()
    }
}

@Suite struct `An unfinished write at the end of the journal` {
    /// The files of a journal that was not closed: thirty acknowledged changes, the last batches in the write-ahead log.
    private func withUnclosedFiles(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: logger)
            try await registry.submit([.putNode(try node("n1"))])
            for number in 2...30 {
                try await registry.submit([.putInstance(try instance("i\(number)", of: "s"), checks: nil)])
            }
            try copyFiles(from: "\(directory)/data", to: "\(directory)/copy")
            await registry.stop()
            try await body("\(directory)/copy")
        }
    }

    private func edit(_ directory: String, _ change: (inout Data) -> Void) throws -> URL {
        let file = URL(fileURLWithPath: "\(directory)/\(SQLiteJournal.fileName)-wal")
        var octets = try Data(contentsOf: file)
        change(&octets)
        try octets.write(to: file)
        return file
    }

    @Test(arguments: [1, 8, 4095, 4119]) func `loses the last batch at most, and is told`(cut: Int) async throws {
        try await withUnclosedFiles { directory in
            let file = try edit(directory) { $0.removeLast(cut) }
            let recovery = try await recovered(directory)
            #expect(recovery.state.snapshot.index == 29)
            // What is left of a frame is too short to be looked at; the frames before it may be one transaction's.
            for remark in recovery.remarks { #expect(remark.contains(file.path)) }
        }
    }

    @Test func `junk behind it loses nothing`() async throws {
        try await withUnclosedFiles { directory in
            var generator = SeededGenerator(seed: 5)
            _ = try edit(directory) { octets in
                octets.append(contentsOf: (0..<9000).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
            #expect(try await recovered(directory).state.snapshot.index == 30)
        }
    }

    @Test func `damage further back is no unfinished write`() async throws {
        try await withUnclosedFiles { directory in
            let file = try edit(directory) { $0[$0.count - 4120 * 3 - 100] ^= 1 }
            #expect(throws: JournalError.damaged(path: file.path, reason: "4 batches at its end cannot be read")) {
                _ = try SQLiteJournal(directory: directory)
            }
        }
    }

    @Test func `a damaged last frame is dropped with its transaction and reported`() async throws {
        try await withUnclosedFiles { directory in
            _ = try edit(directory) { $0[$0.count - 100] ^= 1 }
            let recovery = try await recovered(directory)
            #expect(recovery.state.snapshot.index == 29)
            #expect(recovery.remarks.count == 1)
            #expect(recovery.remarks.first?.contains("4120 octets") == true)
        }
    }
}

@Suite(.serialized) struct `A full disk` {
    /// A file system of one mebibyte, really mounted.
    private func withSmallDisk(_ body: (String) async throws -> Void) async throws {
        try #require(geteuid() == 0, "mounting a small file system takes root: run the tests as root")
        try await withTemporaryDirectory { directory in
            let status = unsafe mount("tmpfs", directory, "tmpfs", 0, "size=1m")
            try #require(status == 0, "\(unsafe String(cString: strerror(errno)))")
            defer { unsafe umount2(directory, CInt(MNT_DETACH)) }
            try await body(directory)
        }
    }

    @Test func `refuses changes, loses nothing, and heals without a restart`() async throws {
        try await withSmallDisk { disk in
            let path = "\(disk)/data/\(SQLiteJournal.fileName)"
            let registry = Registry(journal: try SQLiteJournal(directory: "\(disk)/data"), logger: logger)
            try await registry.submit([.putNode(try node("n1"))])
            let ballast = URL(fileURLWithPath: "\(disk)/ballast")
            try Data(count: 600_000).write(to: ballast)

            var accepted = 0
            var failure: RegistryError?
            let long = String(repeating: "x", count: 2000)
            while failure == nil, accepted < 2000 {
                do {
                    try await registry.submit(
                        [.putInstance(try instance("i\(accepted)", of: "s", tags: [long]), checks: nil)])
                    accepted += 1
                } catch let error as RegistryError {
                    failure = error
                }
            }
            #expect(failure == .storage(JournalError.full(path: path).description))
            #expect(accepted > 10)
            let contents = registry.snapshot.contents
            #expect(registry.snapshot.instanceCount == accepted, "nothing of a refused change is visible")
            await #expect(throws: RegistryError.self) {
                try await registry.submit([.putNode(try node("n2", meta: ["k": long]))])
            }
            try copyFiles(from: "\(disk)/data", to: NSTemporaryDirectory() + "berth-full-\(accepted)")
            let copy = NSTemporaryDirectory() + "berth-full-\(accepted)"
            defer { try? FileManager.default.removeItem(atPath: copy) }
            #expect(try await recovered(copy).state.snapshot.contents == contents)

            try FileManager.default.removeItem(at: ballast)
            try await registry.submit([.putInstance(try instance("later", of: "s"), checks: nil)])
            await registry.stop()
            let last = try await recovered("\(disk)/data")
            #expect(last.state.snapshot.contents == registry.snapshot.contents)
            #expect(last.state.snapshot.instanceCount == accepted + 1)
        }
    }

    @Test func `does not keep a journal from opening`() async throws {
        try await withSmallDisk { disk in
            let registry = Registry(journal: try SQLiteJournal(directory: "\(disk)/data"), logger: logger)
            try await registry.submit([.putNode(try node("n1"))])
            try copyFiles(from: "\(disk)/data", to: "\(disk)/copy")
            let ballast = URL(fileURLWithPath: "\(disk)/ballast")
            #expect(throws: (any Error).self) { try Data(count: 2_000_000).write(to: ballast) }
            #expect(try SQLiteJournal(directory: "\(disk)/copy").takeRecovery().state.snapshot.index == 1)
            try FileManager.default.removeItem(at: ballast)
            await registry.stop()
        }
    }

    @Test func `refuses a new journal, and takes it when there is space`() async throws {
        try await withSmallDisk { disk in
            let ballast = URL(fileURLWithPath: "\(disk)/ballast")
            #expect(throws: (any Error).self) { try Data(count: 2_000_000).write(to: ballast) }
            let file = FileHandle(forWritingAtPath: ballast.path)
            try file?.seekToEnd()
            while (try? file?.write(contentsOf: Data(count: 1024))) != nil {}
            #expect(throws: JournalError.self) { _ = try SQLiteJournal(directory: "\(disk)/data") }
            try FileManager.default.removeItem(at: ballast)
            try file?.close()
            #expect(try await recovered("\(disk)/data").state.snapshot.index == 0)
        }
    }
}
