import Registry

/// The one server of the cluster, as `/v1/operator/raft/configuration` shows it.
struct RaftConfigurationJSON: Encodable {
    var servers: [Server]
    var index = 0

    enum CodingKeys: String, CodingKey {
        case servers = "Servers"
        case index = "Index"
    }

    init(_ agent: Agent) {
        servers = [Server(id: agent.nodeID, node: agent.node.text, address: agent.serverAddress)]
    }

    struct Server: Encodable {
        var id: String
        var node: String
        var address: String
        var leader = true
        var protocolVersion = "3"
        var voter = true

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case node = "Node"
            case address = "Address"
            case leader = "Leader"
            case protocolVersion = "ProtocolVersion"
            case voter = "Voter"
        }
    }
}
