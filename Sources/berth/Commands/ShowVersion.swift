import ArgumentParser

/// `berth version`.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print this program's version.")

    @Option(help: "pretty or json.") var format: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let text =
            switch format {
            case nil where json, "json"?: "{\n    \"Version\": \"\(Version.current)\"\n}\n"
            case nil, "pretty"?: "Berth v\(Version.current)\n"
            case let other?:
                throw CommandFailure(message: "Unknown format: \(other)")
            }
        try Terminal(json: json).write(text)
    }
}
