import Registry

/// One instance as `/v1/agent/services` shows it.
struct AgentServiceJSON: Encodable {
    var id: String
    var service: String
    var tags: [String]
    var meta: [String: String]
    var port: UInt16
    /// Empty: the node's.
    var address: String
    var taggedAddresses: [String: TaggedAddressJSON]?
    var weights: WeightsJSON
    var enableTagOverride: Bool

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case service = "Service"
        case tags = "Tags"
        case meta = "Meta"
        case port = "Port"
        case address = "Address"
        case taggedAddresses = "TaggedAddresses"
        case weights = "Weights"
        case enableTagOverride = "EnableTagOverride"
    }

    init(_ instance: ServiceInstance) {
        id = instance.id
        service = instance.name.text
        tags = instance.tags
        meta = instance.meta
        port = instance.port
        address = instance.address?.text ?? ""
        taggedAddresses = TaggedAddressJSON.map(of: instance)
        weights = WeightsJSON(instance.weights)
        enableTagOverride = instance.enableTagOverride
    }
}
