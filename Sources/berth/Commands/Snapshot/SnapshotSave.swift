import APIClient
import ArgumentParser
import Foundation
import Glibc
import NIOFoundationCompat
import Snapshots

/// `berth snapshot save`.
struct SnapshotSave: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Save all there is as a file, and verify it.",
        usage: "berth snapshot save [<options>] <file>")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Argument(help: .hidden) var arguments: [String] = []

    var trouble: String { "Error saving snapshot" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let file = try SavedSnapshot.path(in: arguments)
        // Under its name there is nothing but what can be restored.
        let draft = "\(file).unverified.tmp\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try await write(api, to: draft)
        let meta = try SavedSnapshot.verify(draft)
        // Safe: both texts live as long as the call.
        guard unsafe rename(draft, file) == 0 else {
            throw CommandFailure(message: "Error writing snapshot file: \(file) cannot be written")
        }
        if terminal.json { return try terminal.show(json: try SavedSnapshot.json(meta)) }
        try terminal.show("Saved and verified snapshot to index \(meta.index)")
    }

    private func write(_ api: APIClient, to draft: String) async throws {
        // It holds every value there is.
        let isMade = FileManager.default.createFile(
            atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600])
        guard isMade, let handle = FileHandle(forWritingAtPath: draft) else {
            throw CommandFailure(message: "Error writing unverified snapshot file: \(draft) cannot be written")
        }
        try await api.stream(APIRequest(.get, "/v1/snapshot").of(flags)) { part in
            do {
                try handle.write(contentsOf: Data(buffer: part))
            } catch {
                throw CommandFailure(message: "Error writing unverified snapshot file: \(error.localizedDescription)")
            }
        }
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw CommandFailure(message: "Error writing unverified snapshot file: \(error.localizedDescription)")
        }
    }
}
