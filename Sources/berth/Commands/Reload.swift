import APIClient
import ArgumentParser

/// `berth reload`: has the server read its files again, as SIGHUP does.
struct Reload: ClientCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the server read its configuration, zones and templates again.")

    @OptionGroup var connection: ConnectionFlags
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error reloading" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let answer = try await api.ask(APIRequest(.put, "/v1/agent/reload"))
        try terminal.json ? terminal.show(json: answer) : terminal.show("Configuration reload triggered")
    }
}
