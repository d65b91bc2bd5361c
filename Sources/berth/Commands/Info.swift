import APIClient
import ArgumentParser

/// `berth info`: the server's figures, in sections.
struct Info: ClientCommand {
    static let configuration = CommandConfiguration(abstract: "Show the server's figures.")

    @OptionGroup var connection: ConnectionFlags
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error querying agent" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let answer = try await api.ask(APIRequest(.get, "/v1/agent/self"))
        if terminal.json { return try terminal.show(json: answer) }
        let sections = try answer.decoded(as: Agent.self).statistics.sorted { $0.key < $1.key }
        try terminal.show(
            painted: sections.flatMap { name, figures in
                [Colour.bold.paint(terminal.clean("\(name):"), if: terminal.colour)]
                    + figures.sorted { $0.key < $1.key }.map { terminal.clean("\t\($0) = \($1)") }
            })
    }

    private struct Agent: Decodable {
        let statistics: [String: [String: String]]

        enum CodingKeys: String, CodingKey {
            case statistics = "Stats"
        }
    }
}
