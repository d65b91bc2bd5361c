import APIClient
import ArgumentParser

/// `berth catalog services`.
struct CatalogServices: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "services", abstract: "List the services.")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Option(help: ArgumentHelp("Those alone of this node.", valueName: "name")) var node: String?
    @Option(help: ArgumentHelp("Those alone of nodes with this meta; may be repeated.", valueName: "key=value"))
    var nodeMeta: [String] = []
    @Flag(help: "Show their tags.") var tags = false
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String { "Error listing services" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        try ArgumentCount.expectNone(rest)
        let path = node == nil ? "/v1/catalog/services" : "/v1/catalog/node/"
        var request = APIRequest(.get, path, node ?? "").of(flags)
        for pair in nodeMeta { request = request.with("node-meta", pair) }
        let answer = try await api.ask(request)
        if terminal.json { return try terminal.show(json: answer) }
        let services = try node == nil ? answer.decoded(as: [String: [String]].self) : Self.services(of: answer)
        guard !services.isEmpty else {
            return StandardStream.error.write("No services match the given query - try expanding your search.\n")
        }
        let names = services.keys.sorted()
        guard tags else { return try terminal.show(names) }
        try terminal.show(
            Table(rows: names.map { [.init($0), .init((services[$0] ?? []).sorted().joined(separator: ","), .dim)] }))
    }

    /// Those on one node, each with the tags of all its instances.
    private static func services(of answer: APIAnswer) throws(APIClientError) -> [String: [String]] {
        // A node that is not there is `null`.
        let node = try answer.decoded(as: Node?.self)
        var services: [String: Set<String>] = [:]
        for instance in node?.services.values ?? [:].values {
            services[instance.name, default: []].formUnion(instance.tags ?? [])
        }
        return services.mapValues(Array.init)
    }
}

/// What `/v1/catalog/node` says.
private struct Node: Decodable {
    let services: [String: Instance]

    struct Instance: Decodable {
        let name: String
        let tags: [String]?

        enum CodingKeys: String, CodingKey {
            case name = "Service"
            case tags = "Tags"
        }
    }

    enum CodingKeys: String, CodingKey {
        case services = "Services"
    }
}
