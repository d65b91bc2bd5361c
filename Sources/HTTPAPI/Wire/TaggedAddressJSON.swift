import DNS
import Registry

/// An address and port of a service in one role. An IP address is shown under the roles of its family as well, unless
/// the registration said otherwise.
struct TaggedAddressJSON: Encodable {
    var address: String
    var port: UInt16

    enum CodingKeys: String, CodingKey {
        case address = "Address"
        case port = "Port"
    }

    /// - Returns: `nil` where there is none, for fields that Consul leaves out then.
    static func map(of instance: ServiceInstance) -> [String: TaggedAddressJSON]? {
        var map = instance.taggedAddresses.mapValues { TaggedAddressJSON(address: $0.address.text, port: $0.port) }
        if let address = instance.address {
            let tagged = TaggedAddressJSON(address: address.text, port: instance.port)
            for role in defaultRoles(of: address) where map[role] == nil { map[role] = tagged }
        }
        return map.isEmpty ? nil : map
    }

    /// The addresses of a node, which have no ports.
    static func map(of node: Node) -> [String: String] {
        var map = node.taggedAddresses.mapValues(\.text)
        for role in ["lan", "wan"] + defaultRoles(of: node.address) where map[role] == nil {
            map[role] = node.address.text
        }
        return map
    }

    private static func defaultRoles(of address: Address) -> [String] {
        switch address.ip {
        case .v4: ["lan_ipv4", "wan_ipv4"]
        case .v6: ["lan_ipv6", "wan_ipv6"]
        case nil: []
        }
    }
}
