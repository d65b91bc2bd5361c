import DNS
import Registry

/// `/v1/agent/self`: what this process is, in the fields that Consul's clients read.
struct AgentSelfJSON: Encodable {
    var config: Config
    var member: MemberJSON
    var meta: [String: String]

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case member = "Member"
        case meta = "Meta"
    }

    init(_ agent: Agent, version: String) {
        config = Config(
            datacenter: agent.datacenter, nodeName: agent.node.text, nodeID: agent.nodeID, version: version)
        member = MemberJSON(agent, version: version)
        meta = [:]
    }

    struct Config: Encodable {
        var datacenter: String
        var nodeName: String
        var nodeID: String
        var revision = ""
        var server = true
        var version: String

        enum CodingKeys: String, CodingKey {
            case datacenter = "Datacenter"
            case nodeName = "NodeName"
            case nodeID = "NodeID"
            case revision = "Revision"
            case server = "Server"
            case version = "Version"
        }
    }
}

/// This process as the only member of the cluster that `/v1/agent/members` lists.
struct MemberJSON: Encodable {
    var name: String
    var address: String
    var port = 8301
    var tags: [String: String]
    /// 1: alive.
    var status = 1
    var protocolMinimum = 1
    var protocolMaximum = 5
    var protocolCurrent = 2
    var delegateMinimum = 2
    var delegateMaximum = 5
    var delegateCurrent = 4

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case address = "Addr"
        case port = "Port"
        case tags = "Tags"
        case status = "Status"
        case protocolMinimum = "ProtocolMin"
        case protocolMaximum = "ProtocolMax"
        case protocolCurrent = "ProtocolCur"
        case delegateMinimum = "DelegateMin"
        case delegateMaximum = "DelegateMax"
        case delegateCurrent = "DelegateCur"
    }

    init(_ agent: Agent, version: String) {
        name = agent.node.text
        address = agent.address.description
        tags = [
            "build": version, "dc": agent.datacenter, "id": agent.nodeID, "port": "\(agent.serverPort)",
            "role": "consul", "segment": "",
        ]
    }
}

extension Agent {
    /// The port under which Consul's servers name themselves. Nothing listens there.
    var serverPort: Int { 8300 }

    /// `10.0.0.1:8300`, an IPv6 address in brackets.
    var serverAddress: String {
        switch address {
        case .v4: "\(address):\(serverPort)"
        case .v6: "[\(address)]:\(serverPort)"
        }
    }
}
