import APIClient
import ArgumentParser
import Foundation
import NIOCore
import NIOFoundationCompat

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
        let octets: Data
        do {
            octets = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw CommandFailure(message: "Error opening snapshot file: \(GivenData.reason(error, file))")
        }
        var request = APIRequest(.put, "/v1/snapshot", body: ByteBuffer(data: octets)).of(flags)
        request.patience = .seconds(900)
        let answer = try await api.ask(request)
        try terminal.json ? terminal.show(json: answer) : terminal.show("Restored snapshot")
    }
}
