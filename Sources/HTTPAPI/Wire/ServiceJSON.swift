import Registry

/// One instance as it stands beside its node: what ``AgentServiceJSON`` says, and the fields Consul adds there.
struct ServiceJSON: Encodable {
    var service: AgentServiceJSON
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case proxy = "Proxy"
        case connect = "Connect"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    init(_ indexed: Indexed<ServiceInstance>) {
        service = AgentServiceJSON(indexed.value)
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }

    func encode(to encoder: any Encoder) throws {
        try service.encode(to: encoder)
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(MeshJSON.Proxy(), forKey: .proxy)
        try json.encode(MeshJSON.Nothing(), forKey: .connect)
        try json.encode(createIndex, forKey: .createIndex)
        try json.encode(modifyIndex, forKey: .modifyIndex)
    }
}
