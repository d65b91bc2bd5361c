import Registry

/// A node as `/v1/catalog/nodes` and `/v1/health/service` show it.
struct NodeJSON: Encodable {
    var id: String
    var node: String
    var address: String
    var datacenter: String
    var taggedAddresses: [String: String]
    var meta: [String: String]
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case node = "Node"
        case address = "Address"
        case datacenter = "Datacenter"
        case taggedAddresses = "TaggedAddresses"
        case meta = "Meta"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    init(_ indexed: Indexed<Node>, datacenter: String) {
        let node = indexed.value
        id = node.id
        self.node = node.name.text
        address = node.address.text
        self.datacenter = datacenter
        taggedAddresses = TaggedAddressJSON.map(of: node)
        meta = node.meta
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }
}
