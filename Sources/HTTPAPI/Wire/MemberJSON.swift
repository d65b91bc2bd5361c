import DNS
import Registry

/// This process as the only member of the cluster that `/v1/agent/members` lists.
struct MemberJSON: Encodable {
    var name: String
    var address: String
    var port: Int
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

    /// - Parameter isWide: as Consul's servers are listed among those of all datacenters.
    init(_ agent: Agent, version: String, isWide: Bool = false) {
        name = agent.node.text + (isWide ? ".\(agent.datacenter)" : "")
        port = isWide ? 8302 : 8301
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
