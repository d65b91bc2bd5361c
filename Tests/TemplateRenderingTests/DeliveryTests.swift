import Foundation
import Programs
import Synchronization
import Testing

@testable import TemplateRendering

@Suite struct `A delivery` {
    private func deliver(_ text: String, to path: String, check: String? = nil) async throws -> Delivery.Outcome {
        try await Delivery(destination: path, check: check).deliver(Array(text.utf8))
    }

    @Test func `makes a missing file and its directories`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/a/b/out.conf"
            #expect(try await deliver("new", to: path) == .replaced(ownerKept: true))
            #expect(contents(of: path) == "new")
            #expect(try attribute(.posixPermissions, of: path) == 0o644)
        }
    }

    @Test func `does nothing to a file that says so already`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/out.conf"
            try write("same", to: path)
            let inode = try attribute(.systemFileNumber, of: path)
            // A check that always fails shows that none is run.
            #expect(try await deliver("same", to: path, check: "false") == .unchanged(commandOwed: false))
            #expect(try attribute(.systemFileNumber, of: path) == inode)
        }
    }

    @Test func `keeps mode and owner`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/out.conf"
            try write("old", to: path)
            let isRoot = getuid() == 0
            if isRoot {
                try FileManager.default.setAttributes(
                    [.ownerAccountID: 65534, .groupOwnerAccountID: 12], ofItemAtPath: path)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(try await deliver("new", to: path) == .replaced(ownerKept: true))
            #expect(contents(of: path) == "new")
            #expect(try attribute(.posixPermissions, of: path) == 0o640)
            #expect(try attribute(.ownerAccountID, of: path) == (isRoot ? 65534 : Int(getuid())))
            if isRoot { #expect(try attribute(.groupOwnerAccountID, of: path) == 12) }
        }
    }

    @Test func `replaces what a symbolic link names, and keeps the link`() async throws {
        try await withDirectory { directory async throws in
            try FileManager.default.createDirectory(atPath: "\(directory)/real", withIntermediateDirectories: true)
            try write("old", to: "\(directory)/real/out.conf")
            let link = "\(directory)/link.conf"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real/out.conf")
            #expect(try await deliver("new", to: link) == .replaced(ownerKept: true))
            #expect(contents(of: "\(directory)/real/out.conf") == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real/out.conf")
        }
    }

    @Test func `that fails its check leaves the old file as it is, and tells what the check said`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/out.conf"
            try write("old", to: path)
            let inode = try attribute(.systemFileNumber, of: path)
            let error = await #expect(throws: DeliveryError.self) {
                try await deliver("new", to: path, check: "cat {}; echo ' is bad' >&2; exit 4")
            }
            guard case .checkFailed(_, let outcome) = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(outcome.ending == .exited(code: 4))
            #expect(outcome.output == "new is bad\n")
            #expect(contents(of: path) == "old")
            #expect(try attribute(.systemFileNumber, of: path) == inode)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["out.conf"])
        }
    }

    @Test func `is checked under a hidden name in the same directory, whatever that is called`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/it's $HOME; a \"dir\"/out.conf"
            let check = "test -f {} && printf %s {} > \(directory)/seen"
            #expect(try await deliver("new", to: path, check: check) == .replaced(ownerKept: true))
            #expect(contents(of: "\(directory)/seen") == "\(directory)/it's $HOME; a \"dir\"/.out.conf.berth")
        }
    }

    @Test func `replaces what an interrupted one has left behind`() async throws {
        try await withDirectory { directory async throws in
            try write("half a fi", to: "\(directory)/.out.conf.berth")
            _ = try await deliver("new", to: "\(directory)/out.conf")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["out.conf"])
        }
    }

    @Test func `onto a directory is refused`() async throws {
        try await withDirectory { directory async throws in
            let error = await #expect(throws: DeliveryError.self) { try await deliver("new", to: directory) }
            #expect(error?.description == "\(directory) is a directory or a device; name a regular file")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `onto a pipe is refused, not waited for`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/pipe"
            let result = unsafe mkfifo(path, 0o600)
            try #require(result == 0)
            await #expect(throws: DeliveryError.self) { try await deliver("new", to: path) }
        }
    }

    @Test func `names the package of a check that is not installed`() async throws {
        try await withDirectory { directory async throws in
            let error = await #expect(throws: DeliveryError.self) {
                try await deliver("new", to: "\(directory)/out.conf", check: "/nowhere/nginx -t -c {}")
            }
            #expect(error?.description.contains("install the package nginx") == true, "\(error as Any)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `is never seen half done`() async throws {
        try await withDirectory { directory async throws in
            let path = "\(directory)/out.conf"
            let texts = (0..<2).map { String(repeating: "\($0)", count: 300_000) }
            _ = try await deliver(texts[0], to: path)
            let seen = Sightings()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        seen.add(contents(of: path) ?? "missing")
                        await Task.yield()
                    }
                }
                var round = 0
                while round < 40 || seen.count < 40 {
                    round += 1
                    _ = try await deliver(texts[round % 2], to: path)
                }
                group.cancelAll()
            }
            #expect(seen.texts.isSubset(of: texts))
        }
    }
}

/// What a reader of a file has seen in it.
private final class Sightings: Sendable {
    private let all = Mutex<(count: Int, texts: Set<String>)>((0, []))

    var count: Int { all.withLock { $0.count } }
    var texts: Set<String> { all.withLock { $0.texts } }

    func add(_ text: String) {
        all.withLock { all in
            all.count += 1
            all.texts.insert(text)
        }
    }
}
