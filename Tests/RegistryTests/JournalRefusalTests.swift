import Foundation
import Glibc
import Testing

@testable import Registry

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

    /// Root may write wherever writing is possible at all.
    @Test func `a directory that cannot be written is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let isRoot = geteuid() == 0
            if isRoot {
                try #require(unsafe mount("tmpfs", directory, "tmpfs", UInt(MS_RDONLY), nil) == 0)
            } else {
                try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: directory)
            }
            defer { if isRoot { unsafe umount2(directory, CInt(MNT_DETACH)) } }
            let reason = isRoot ? "Read-only file system" : "Permission denied"
            #expect(throws: JournalError.inaccessible(path: directory, reason: reason)) {
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
            let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: quietLogger)
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
        let registry = Registry(journal: try SQLiteJournal(directory: directory), logger: quietLogger)
        try await registry.submit([.putNode(try node("n1"))])
        for number in 1..<200 {
            try await registry.submit([.putInstance(try instance("i\(number)", of: "s", tags: ["tag"]), checks: nil)])
        }
        try await registry.submit([.putInstance(try instance("unmistakable", of: "last"), checks: nil)])
        await registry.stop()
    }
}
