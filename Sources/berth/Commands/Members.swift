import APIClient
import ArgumentParser

/// `berth members`: the servers, of which there is one.
struct Members: ClientCommand {
    static let configuration = CommandConfiguration(abstract: "List the servers.")

    @OptionGroup var connection: ConnectionFlags
    @Flag(help: "Show all that is known of each.") var detailed = false
    @Option(help: ArgumentHelp("Show those alone whose status this regular expression matches.", valueName: "regexp"))
    var status: String?
    @Flag(help: "List those of all datacenters.") var wan = false
    @Option(help: .hidden) var segment: String?
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error retrieving members" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let pattern = try status.map { try RegularExpression($0, of: "status") }
        var request = APIRequest(.get, "/v1/agent/members")
        request = wan ? request.with("wan", "1") : request.with("segment", segment ?? "_all")
        let answer = try await api.ask(request)
        if terminal.json { return try terminal.show(json: answer) }
        let members = try answer.decoded(as: [Member].self)
            .filter { pattern?.matches($0.statusWord) ?? true }
            .sorted { ($0.segment, $0.name) < ($1.segment, $1.name) }
        // Consul's status for "nobody".
        guard !members.isEmpty else { throw CommandFailure(message: "", status: 2) }
        try terminal.show(detailed ? Self.details(members) : Self.overview(members))
    }

    private static func overview(_ members: [Member]) -> Table {
        Table(
            header: ["Node", "Address", "Status", "Type", "Build", "Protocol", "DC", "Segment"],
            rows: members.map { member in
                [
                    .init(member.name), .init(member.endpoint), .init(member.statusWord, member.colour),
                    .init(member.tags["role"] == "consul" ? "server" : "client"),
                    .init(member.tags["build"].map { String($0.prefix { $0 != ":" }) } ?? "unknown"),
                    "\(member.protocolVersion)", .init(member.tags["dc"] ?? ""), .init(member.segment),
                ]
            })
    }

    private static func details(_ members: [Member]) -> Table {
        Table(
            header: ["Node", "Address", "Status", "Tags"],
            rows: members.map { member in
                let tags = member.tags.map { "\($0)=\($1)" }.sorted().joined(separator: ",")
                return [
                    .init(member.name), .init(member.endpoint), .init(member.statusWord, member.colour), .init(tags),
                ]
            })
    }
}

/// What `/v1/agent/members` says of one.
private struct Member: Decodable {
    let name: String
    let address: String
    let port: Int
    let tags: [String: String]
    let status: Int
    let protocolVersion: Int

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case address = "Addr"
        case port = "Port"
        case tags = "Tags"
        case status = "Status"
        case protocolVersion = "ProtocolCur"
    }

    var endpoint: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// Servers are of every segment.
    var segment: String {
        let segment = tags["segment"] ?? ""
        if tags["role"] == "consul" { return "<all>" }
        return segment.isEmpty ? "<default>" : segment
    }

    var statusWord: String {
        let words = ["none", "alive", "leaving", "left", "failed"]
        return words.indices.contains(status) ? words[status] : "unknown"
    }

    var colour: Colour { status == 1 ? .green : status == 4 ? .red : .yellow }
}
