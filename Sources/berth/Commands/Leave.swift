import APIClient
import ArgumentParser

/// `berth leave`: has the server end, as SIGTERM does.
struct Leave: ClientCommand {
    static let configuration = CommandConfiguration(abstract: "Have the server end.")

    @OptionGroup var connection: ConnectionFlags
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error leaving" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        try ArgumentCount.expectNone(rest)
        let answer = try await api.ask(APIRequest(.put, "/v1/agent/leave"))
        try terminal.json ? terminal.show(json: answer) : terminal.show("Graceful leave complete")
    }
}
