import Registry

/// A service as `/v1/internal/ui/services` sums it up.
struct UIServiceJSON: Encodable {
    var name: String
    var datacenter: String
    var tags: [String]
    var nodes: [String]
    var instanceCount: Int
    var checksPassing: Int
    var checksWarning: Int
    var checksCritical: Int
    /// Who registered it, as instances say in their meta.
    var externalSources: [String]
    var gatewayConfig = MeshJSON.Nothing()

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case datacenter = "Datacenter"
        case tags = "Tags"
        case nodes = "Nodes"
        case instanceCount = "InstanceCount"
        case checksPassing = "ChecksPassing"
        case checksWarning = "ChecksWarning"
        case checksCritical = "ChecksCritical"
        case externalSources = "ExternalSources"
        case gatewayConfig = "GatewayConfig"
    }

    /// - Parameter instances: all of one service. A check of a node counts for each of them that is on it.
    init(name: ServiceName, instances: [HealthEntryJSON], datacenter: String) {
        self.name = name.text
        self.datacenter = datacenter
        let services = instances.map(\.service.service)
        tags = Set(services.flatMap(\.tags)).sorted()
        nodes = Set(instances.map(\.node.node)).sorted()
        instanceCount = instances.count
        let statuses = instances.flatMap(\.checks).map(\.status)
        func count(_ status: HealthStatus) -> Int { statuses.count { $0 == status.rawValue } }
        checksPassing = count(.passing)
        checksWarning = count(.warning)
        checksCritical = count(.critical)
        externalSources = Set(services.compactMap { $0.meta["external-source"] }).sorted()
    }
}
