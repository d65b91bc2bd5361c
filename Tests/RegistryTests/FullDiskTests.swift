import Foundation
import Glibc
import Testing

@testable import Registry

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
            let registry = Registry(journal: try SQLiteJournal(directory: "\(disk)/data"), logger: quietLogger)
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
            let registry = Registry(journal: try SQLiteJournal(directory: "\(disk)/data"), logger: quietLogger)
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
