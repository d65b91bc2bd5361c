import APIClient
import ArgumentParser
import NIOCore

/// A command that asks a server, and ends as Consul's does: status 0, or 1 with a sentence on standard error.
protocol ClientCommand: AsyncParsableCommand {
    var connection: ConnectionFlags { get }
    /// What a failed request is introduced with, in Consul's words: `Error listing nodes`.
    var trouble: String { get }

    /// - Throws: ``CommandFailure``, `APIClientError`.
    func run(_ api: APIClient, _ terminal: Terminal) async throws
}

/// Why a command ends with another status than 0.
struct CommandFailure: Error {
    /// Without a line break at its end; empty: nothing is to be said.
    var message: String
    var status: Int32 = 1
}

extension ClientCommand {
    var trouble: String { "Error querying Consul agent" }

    func run() async throws {
        // One connection has one loop.
        NIOSingletons.groupLoopCountSuggestion = 1
        let terminal = Terminal(json: connection.json)
        do {
            try await APIClient.open(try connection.settings()) { api in try await run(api, terminal) }
        } catch let error as APIClientError {
            throw CommandFailure(message: "\(trouble): \(error)")
        }
    }
}

/// The arguments that a command has no use for, and Consul's way to say so.
enum ArgumentCount {
    static func expectNone(_ arguments: [String]) throws(CommandFailure) {
        guard arguments.isEmpty else {
            throw CommandFailure(message: "Too many arguments (expected 0, got \(arguments.count))")
        }
    }
}
