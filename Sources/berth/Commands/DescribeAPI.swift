import ArgumentParser
import HTTPAPI

/// `berth openapi`: the HTTP API's description, without a server.
struct DescribeAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the HTTP API's description, as OpenAPI or as a page.")

    @Flag(help: "Print the reference page, docs/api.md.") var markdown = false

    func run() throws {
        let terminal = Terminal(json: true)
        guard markdown else { return try terminal.show(json: OpenAPIDocument(version: Version.current).text.utf8) }
        try terminal.write(APIReference.page)
    }
}
