import APIClient
import ArgumentParser
import NIOCore

/// `berth event`: a message to everybody who listens.
struct FireEvent: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Send a message to everybody who listens.",
        usage: "berth event --name <name> [<options>] [<payload>]")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Option(help: "The event's name.") var name: String?
    @Option(help: ArgumentHelp("For nodes alone whose name this matches.", valueName: "regexp")) var node: String?
    @Option(help: ArgumentHelp("For nodes alone with a service whose name this matches.", valueName: "regexp"))
    var service: String?
    @Option(help: ArgumentHelp("With --service: that has a tag that this matches.", valueName: "regexp")) var tag:
        String?
    @Argument(help: .hidden) var arguments: [String] = []

    var trouble: String { "Error firing event" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard let name, !name.isEmpty else {
            throw CommandFailure(message: "Event name must be specified\n\n\(Self.helpMessage())")
        }
        guard tag == nil || service != nil else {
            throw CommandFailure(message: "Cannot provide tag filter without service filter.")
        }
        guard arguments.count <= 1 else {
            throw CommandFailure(message: "Too many command line arguments.\n\n\(Self.helpMessage())")
        }
        let request = APIRequest(.put, "/v1/event/fire/", name, body: arguments.first.map { ByteBuffer(string: $0) })
            .of(flags).with("node", node).with("service", service).with("tag", tag)
        let answer = try await api.ask(request)
        if terminal.json { return try terminal.show(json: answer) }
        try terminal.show("Event ID: \(try answer.decoded(as: Event.self).id)")
    }

    private struct Event: Decodable {
        let id: String

        enum CodingKeys: String, CodingKey {
            case id = "ID"
        }
    }
}
