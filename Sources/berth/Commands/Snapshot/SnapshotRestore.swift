import APIClient
import ArgumentParser
import Foundation

/// `berth snapshot restore`.
struct SnapshotRestore: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a saved file in the place of all there is.",
        usage: "berth snapshot restore [<options>] <file>")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Argument(help: .hidden) var arguments: [String] = []

    var trouble: String { "Error restoring snapshot" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let file = try SavedSnapshot.path(in: arguments)
        let handle: FileHandle
        let size: UInt64
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: file))
            // Of a folder that fails.
            _ = try handle.read(upToCount: 1)
            size = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
        } catch {
            throw CommandFailure(message: "Error opening snapshot file: \(GivenData.reason(error, file))")
        }
        var request = APIRequest(.put, "/v1/snapshot").of(flags)
        request.upload = Upload(handle, size: Int(clamping: size))
        request.patience = .seconds(900)
        let answer = try await api.ask(request)
        try terminal.json ? terminal.show(json: answer) : terminal.show("Restored snapshot")
    }
}
