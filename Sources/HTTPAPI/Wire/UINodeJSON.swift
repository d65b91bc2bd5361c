import Registry

/// A node with all that is on it, as `/v1/internal/ui/nodes` lists it.
struct UINodeJSON: Encodable {
    var node: NodeJSON
    var services: [ServiceJSON]
    var checks: [HealthCheckJSON]

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case node = "Node"
        case address = "Address"
        case taggedAddresses = "TaggedAddresses"
        case meta = "Meta"
        case services = "Services"
        case checks = "Checks"
    }

    init(_ entry: NodeEntry, in snapshot: CatalogSnapshot, datacenter: String) {
        node = NodeJSON(entry.node, datacenter: datacenter)
        services = snapshot.instances(on: entry.node.value.name).map { ServiceJSON($0.instance) }
        checks = HealthCheckJSON.checks(on: entry, in: snapshot)
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(node.id, forKey: .id)
        try json.encode(node.node, forKey: .node)
        try json.encode(node.address, forKey: .address)
        try json.encode(node.taggedAddresses, forKey: .taggedAddresses)
        try json.encode(node.meta, forKey: .meta)
        try json.encode(services, forKey: .services)
        try json.encode(checks, forKey: .checks)
    }
}
