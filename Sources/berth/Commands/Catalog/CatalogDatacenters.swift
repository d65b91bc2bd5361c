import APIClient
import ArgumentParser

/// `berth catalog datacenters`.
struct CatalogDatacenters: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "datacenters", abstract: "List the datacenters.")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error listing datacenters" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        try ArgumentCount.expectNone(rest)
        let answer = try await api.ask(APIRequest(.get, "/v1/catalog/datacenters"))
        if terminal.json { return try terminal.show(json: answer) }
        try terminal.show(try answer.decoded(as: [String].self))
    }
}
