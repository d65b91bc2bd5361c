import APIClient
import ArgumentParser
import Foundation

/// `berth kv export`: many keys as JSON that `berth kv import` and Consul's read.
struct KeyExport: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print keys with their values as JSON, for kv import.",
        usage: "berth kv export [<options>] [<prefix>]")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Argument(help: .hidden) var arguments: [String] = []

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard arguments.count <= 1 else {
            throw CommandFailure(message: "Too many arguments (expected 1, got \(arguments.count))")
        }
        let answer = try await api.find(
            APIRequest.key(.get, arguments.first ?? "").of(flags).with("recurse", if: true))
        let keys = try answer?.decoded(as: [StoredKey].self) ?? []
        // Consul's very layout, so that two exports can be compared as texts.
        let entries = keys.map { key in
            """
            \t{
            \t\t"key": \(JSONText.quoted(key.key)),
            \t\t"flags": \(key.flags),
            \t\t"value": "\(key.value.base64EncodedString())"
            \t}
            """
        }
        try terminal.write(
            entries.isEmpty ? "[]\n" : "[\n\(entries.joined(separator: ",\n"))\n]\n")
    }
}
