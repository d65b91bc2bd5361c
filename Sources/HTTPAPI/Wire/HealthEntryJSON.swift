import Registry

/// One instance with its node and all checks that bear on it, as `/v1/health/service/{name}` lists it.
struct HealthEntryJSON: Encodable {
    var node: NodeJSON
    var service: Service
    var checks: [HealthCheckJSON]

    enum CodingKeys: String, CodingKey {
        case node = "Node"
        case service = "Service"
        case checks = "Checks"
    }

    init(_ entry: InstanceEntry, on node: NodeEntry, datacenter: String) {
        self.node = NodeJSON(node.node, datacenter: datacenter)
        service = Service(entry.instance)
        checks =
            node.checks.map { HealthCheckJSON($0, of: nil) }
            + entry.checks.map { HealthCheckJSON($0, of: entry.instance.value) }
    }

    /// What ``AgentServiceJSON`` says, and the fields Consul adds here.
    struct Service: Encodable {
        var service: AgentServiceJSON
        var createIndex: UInt64
        var modifyIndex: UInt64

        enum CodingKeys: String, CodingKey {
            case proxy = "Proxy"
            case connect = "Connect"
            case createIndex = "CreateIndex"
            case modifyIndex = "ModifyIndex"
        }

        init(_ indexed: Indexed<ServiceInstance>) {
            service = AgentServiceJSON(indexed.value)
            createIndex = indexed.createIndex
            modifyIndex = indexed.modifyIndex
        }

        func encode(to encoder: any Encoder) throws {
            try service.encode(to: encoder)
            var json = encoder.container(keyedBy: CodingKeys.self)
            try json.encode(MeshJSON.Proxy(), forKey: .proxy)
            try json.encode(MeshJSON.Nothing(), forKey: .connect)
            try json.encode(createIndex, forKey: .createIndex)
            try json.encode(modifyIndex, forKey: .modifyIndex)
        }
    }
}

/// One check. `Definition` is empty, as it is in Consul for checks that an agent runs.
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
    var definition = MeshJSON.Nothing()
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
        type =
            switch check.definition?.probe {
            case .http: "http"
            case .tcp: "tcp"
            case nil: ""
            }
        createIndex = indexed.createIndex
        modifyIndex = indexed.modifyIndex
    }
}
