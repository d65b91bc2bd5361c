/// A node with its services, as `/v1/catalog/node/{name}` and `/v1/catalog/node-services/{name}` show it.
struct NodeServicesJSON<Services: Encodable>: Encodable {
    /// `nil`: no such node.
    var node: NodeJSON?
    var services: Services?

    enum CodingKeys: String, CodingKey {
        case node = "Node"
        case services = "Services"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        // Consul says null, where the synthesized code would leave them out.
        try json.encode(node, forKey: .node)
        try json.encode(services, forKey: .services)
    }
}
