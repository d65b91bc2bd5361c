import Registry

/// One check. `Definition` is empty, as it is in Consul, but for checks that somebody else runs.
struct HealthCheckJSON: Encodable {
    var node: String
    var checkID: String
    var name: String
    var status: String
    var notes: String
    var output: String
    var serviceID: String
    var serviceName: String
    var serviceTags: [String]
    var type: String
    var definition: CheckDefinitionJSON
    var createIndex: UInt64
    var modifyIndex: UInt64

    enum CodingKeys: String, CodingKey {
        case node = "Node"
        case checkID = "CheckID"
        case name = "Name"
        case status = "Status"
        case notes = "Notes"
        case output = "Output"
        case serviceID = "ServiceID"
        case serviceName = "ServiceName"
        case serviceTags = "ServiceTags"
        case type = "Type"
        case definition = "Definition"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    /// - Parameter instance: the instance checked; `nil`: the node itself.
    init(_ indexed: Indexed<HealthCheck>, of instance: ServiceInstance?) {
        let check = indexed.value
        node = check.node.text
        checkID = check.id
        name = check.name
        status = check.status.rawValue
        notes = check.notes
        output = check.output
        serviceID = instance?.id ?? ""
        serviceName = instance?.name.text ?? ""
        serviceTags = instance?.tags ?? []
        type = check.typeName
        definition = CheckDefinitionJSON(check.definition)
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }

    /// The checks of an instance, without those of its node.
    static func checks(of entry: InstanceEntry) -> [HealthCheckJSON] {
        entry.checks.map { HealthCheckJSON($0, of: entry.instance.value) }
    }

    /// The checks of a node itself.
    static func checks(of node: NodeEntry) -> [HealthCheckJSON] {
        node.checks.map { HealthCheckJSON($0, of: nil) }
    }

    /// All checks on a node: its own, then those of its instances.
    static func checks(on node: NodeEntry, in snapshot: CatalogSnapshot) -> [HealthCheckJSON] {
        checks(of: node) + snapshot.instances(on: node.node.value.name).flatMap { checks(of: $0) }
    }
}

extension HealthCheck {
    /// The word that Consul has for the kind of check.
    fileprivate var typeName: String {
        switch definition?.source {
        case .probe(let probe, interval: _, timeout: _): probe.typeName
        case .reports: "ttl"
        case .alias: "alias"
        case .container: "docker"
        case .elsewhere(let probe, interval: _, timeout: _): probe?.typeName ?? ""
        case nil: isMaintenance ? "maintenance" : ""
        }
    }
}

extension CheckDefinition.Probe {
    fileprivate var typeName: String {
        switch self {
        case .http: "http"
        case .tcp: "tcp"
        case .udp: "udp"
        case .grpc: "grpc"
        case .script: "script"
        case .docker: "docker"
        }
    }
}
