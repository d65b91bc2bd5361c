import Registry

/// One instance with its node and all checks that bear on it, as `/v1/health/service/{name}` lists it.
struct HealthEntryJSON: Encodable {
    var node: NodeJSON
    var service: ServiceJSON
    var checks: [HealthCheckJSON]

    enum CodingKeys: String, CodingKey {
        case node = "Node"
        case service = "Service"
        case checks = "Checks"
    }

    init(_ entry: InstanceEntry, on node: NodeEntry, datacenter: String) {
        self.node = NodeJSON(node.node, datacenter: datacenter)
        service = ServiceJSON(entry.instance)
        checks = HealthCheckJSON.checks(of: node) + HealthCheckJSON.checks(of: entry)
    }
}
