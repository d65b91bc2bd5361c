import Foundation
import Testing

@testable import Registry

@Suite struct `An unfinished write at the end of the journal` {
    /// The files of a journal that was not closed: thirty acknowledged changes, the last batches in the write-ahead log.
    private func withUnclosedFiles(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let registry = Registry(journal: try SQLiteJournal(directory: "\(directory)/data"), logger: quietLogger)
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
