import APIClient
import ArgumentParser

/// `berth catalog nodes`.
struct CatalogNodes: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "nodes", abstract: "List the nodes.")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Flag(help: "Show all that is known of each.") var detailed = false
    @Option(help: ArgumentHelp("Those alone that this expression is true of.", valueName: "expression"))
    var filter: String?
    @Option(help: ArgumentHelp("Taken for Consul's sake: no node is nearer than another.", valueName: "node"))
    var near: String?
    @Option(help: ArgumentHelp("Those alone with this meta; may be repeated.", valueName: "key=value"))
    var nodeMeta: [String] = []
    @Option(help: ArgumentHelp("Those alone that have this service.", valueName: "name"))
    var service: String?
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error listing nodes" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        try ArgumentCount.expectNone(rest)
        let path = service == nil ? "/v1/catalog/nodes" : "/v1/catalog/service/"
        var request = APIRequest(.get, path, service ?? "").of(flags).with("near", near).with("filter", filter)
        for pair in nodeMeta { request = request.with("node-meta", pair) }
        let answer = try await api.ask(request)
        if terminal.json { return try terminal.show(json: answer) }
        var seen: Set<String> = []
        // A node is there once for each of its instances.
        let nodes = try answer.decoded(as: [Node].self).filter { seen.insert($0.name).inserted }
        guard !nodes.isEmpty else {
            return StandardStream.error.write("No nodes match the given query - try expanding your search.\n")
        }
        try terminal.show(detailed ? Self.details(nodes) : Self.overview(nodes))
    }

    private static func overview(_ nodes: [Node]) -> Table {
        Table(
            header: ["Node", "ID", "Address", "DC"],
            rows: nodes.map { node in
                [.init(node.name), .init(String(node.id.prefix(8))), .init(node.address), .init(node.datacenter)]
            })
    }

    private static func details(_ nodes: [Node]) -> Table {
        func pairs(_ pairs: [String: String]?) -> Table.Cell {
            .init((pairs ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: ", "))
        }
        return Table(
            header: ["Node", "ID", "Address", "DC", "TaggedAddresses", "Meta"],
            rows: nodes.map { node in
                [
                    .init(node.name), .init(node.id), .init(node.address), .init(node.datacenter),
                    pairs(node.taggedAddresses), pairs(node.meta ?? node.nodeMeta),
                ]
            })
    }
}

/// What `/v1/catalog/nodes` or `/v1/catalog/service` says of a node.
private struct Node: Decodable {
    let name: String
    let id: String
    let address: String
    let datacenter: String
    let taggedAddresses: [String: String]?
    let meta: [String: String]?
    let nodeMeta: [String: String]?

    enum CodingKeys: String, CodingKey {
        case name = "Node"
        case id = "ID"
        case address = "Address"
        case datacenter = "Datacenter"
        case taggedAddresses = "TaggedAddresses"
        case meta = "Meta"
        case nodeMeta = "NodeMeta"
    }
}
