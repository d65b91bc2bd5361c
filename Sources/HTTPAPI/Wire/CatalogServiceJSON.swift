import Registry

/// One instance beside its node's fields, as `/v1/catalog/service/{name}` lists it.
struct CatalogServiceJSON: Encodable {
    var node: NodeJSON
    var service: AgentServiceJSON
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case node = "Node"
        case address = "Address"
        case datacenter = "Datacenter"
        case taggedAddresses = "TaggedAddresses"
        case nodeMeta = "NodeMeta"
        case serviceKind = "ServiceKind"
        case serviceID = "ServiceID"
        case serviceName = "ServiceName"
        case serviceTags = "ServiceTags"
        case serviceAddress = "ServiceAddress"
        case serviceTaggedAddresses = "ServiceTaggedAddresses"
        case serviceWeights = "ServiceWeights"
        case serviceMeta = "ServiceMeta"
        case servicePort = "ServicePort"
        case serviceEnableTagOverride = "ServiceEnableTagOverride"
        case serviceProxy = "ServiceProxy"
        case serviceConnect = "ServiceConnect"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    init(_ indexed: Indexed<ServiceInstance>, on node: NodeJSON) {
        self.node = node
        service = AgentServiceJSON(indexed.value)
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(node.id, forKey: .id)
        try json.encode(node.node, forKey: .node)
        try json.encode(node.address, forKey: .address)
        try json.encode(node.datacenter, forKey: .datacenter)
        try json.encode(node.taggedAddresses, forKey: .taggedAddresses)
        try json.encode(node.meta, forKey: .nodeMeta)
        try json.encode("", forKey: .serviceKind)
        try json.encode(service.id, forKey: .serviceID)
        try json.encode(service.service, forKey: .serviceName)
        try json.encode(service.tags, forKey: .serviceTags)
        try json.encode(service.address, forKey: .serviceAddress)
        try json.encodeIfPresent(service.taggedAddresses, forKey: .serviceTaggedAddresses)
        try json.encode(service.weights, forKey: .serviceWeights)
        try json.encode(service.meta, forKey: .serviceMeta)
        try json.encode(service.port, forKey: .servicePort)
        try json.encode(service.enableTagOverride, forKey: .serviceEnableTagOverride)
        try json.encode(MeshJSON.Proxy(), forKey: .serviceProxy)
        try json.encode(MeshJSON.Nothing(), forKey: .serviceConnect)
        try json.encode(createIndex, forKey: .createIndex)
        try json.encode(modifyIndex, forKey: .modifyIndex)
    }
}
