import APIClient
import ArgumentParser

/// `berth monitor`: the server's log as it is written, also of levels that the server itself does not write.
struct Monitor: ClientCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow the server's log.",
        discussion: "Ends when it is interrupted, or with status 1 when the server does.")

    @OptionGroup var connection: ConnectionFlags
    @Flag(help: "Follow it as JSON, an object a line, as --json does.") var logJson = false
    @Option(help: ArgumentHelp("From which level up: trace, debug, info, notice, warn or err.", valueName: "level"))
    var logLevel = "info"
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error starting monitor" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let request = APIRequest(.get, "/v1/agent/monitor").with("loglevel", logLevel)
            .with("logjson", if: logJson || terminal.json)
        do {
            try await api.stream(request) { try terminal.write($0) }
        } catch APIClientError.closed {
            // It ended without a word, which says the same.
        }
        throw CommandFailure(
            message: "\nRemote side ended the monitor! This usually means that the\nremote side has exited or crashed.")
    }
}
