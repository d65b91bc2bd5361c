import DNS
import Registry

/// `/v1/agent/self`: what this process is, in the fields that Consul's clients read.
struct AgentSelfJSON: Encodable {
    var config: Config
    var settings: Settings
    var coordinate = CoordinateJSON()
    var member: MemberJSON
    var statistics: [String: [String: String]]
    var meta: [String: String]

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case settings = "DebugConfig"
        case coordinate = "Coord"
        case member = "Member"
        case statistics = "Stats"
        case meta = "Meta"
    }

    init(_ agent: Agent, version: String, dnsPort: UInt16, snapshot: CatalogSnapshot) {
        config = Config(
            datacenter: agent.datacenter, nodeName: agent.node.text, nodeID: agent.nodeID, version: version)
        settings = Settings(agent, dnsPort: dnsPort)
        member = MemberJSON(agent, version: version)
        statistics = AgentStatistics(agent, version: version, snapshot: snapshot).sections
        meta = snapshot.node(agent.node)?.node.value.meta ?? [:]
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

    /// What Consul would show of these settings.
    struct Settings: Encodable {
        var accessControl = false
        var advertisedAddress: String
        var datacenter: String
        var domain: String
        var dnsPort: UInt16
        var nodeID: String
        var nodeName: String
        var isServer = true

        enum CodingKeys: String, CodingKey {
            case accessControl = "ACLsEnabled"
            case advertisedAddress = "AdvertiseAddrLAN"
            case datacenter = "Datacenter"
            case domain = "DNSDomain"
            case dnsPort = "DNSPort"
            case nodeID = "NodeID"
            case nodeName = "NodeName"
            case isServer = "ServerMode"
        }

        init(_ agent: Agent, dnsPort: UInt16) {
            advertisedAddress = agent.address.description
            datacenter = agent.datacenter
            domain = agent.domain.description
            self.dnsPort = dnsPort
            nodeID = agent.nodeID
            nodeName = agent.node.text
        }
    }
}
