import Foundation
import Registry

/// The body of `PUT /v1/catalog/register`: a node, and with it an instance and checks.
///
/// - SeeAlso: Consul's "Register Entity" page; Go's `api.CatalogRegistration`.
struct CatalogRegistration {
    let node: NodeName
    /// Lower case; `nil`: none was given.
    let nodeID: String?
    /// `nil`: the node stays as it is.
    let description: NodeDescription?
    let service: InstanceFields?
    let checks: [HealthCheck]

    struct NodeDescription {
        var address: Address
        var taggedAddresses: [String: Address]
        var meta: [String: String]
    }

    private static let maximumChecks = 64

    /// - Throws: ``FieldError``, or `LabelError` for a name that cannot be.
    init(_ body: JSONValue, datacenter: String, policy: NamePolicy) throws {
        var fields = try JSONFields(body)
        node = try fields.nodeName()
        nodeID = try Self.nodeID(&fields)
        try fields.takeDatacenter(datacenter)
        let skipsNode = try fields.bool("SkipNodeUpdate") ?? false
        description = try Self.description(&fields, isNeeded: !skipsNode)
        service = try Self.service(&fields, on: node, policy)
        checks = try Self.checks(&fields, on: node)
        try fields.end()
    }

    /// What is to be done to a catalog.
    ///
    /// - Parameter agent: whose own node stays as it is.
    /// - Throws: ``CatalogError``.
    func changes(to catalog: CatalogSnapshot, agent: Agent) throws(CatalogError) -> [CatalogChange] {
        var changes = try nodeChanges(to: catalog, agent: agent)
        if let instance = service?.instance {
            changes.append(.putInstance(try Self.settled(instance, in: catalog), checks: nil))
        }
        for check in checks {
            guard catalog.check(check.key)?.value.definition?.isKeptHere != true else { throw .keptHere(check.key) }
            changes.append(.putCheck(check))
        }
        return changes
    }

    /// What becomes of an instance: as it was asked for, unless it is the agent's. Then it stays, but for its tags where the
    /// agent's registration leaves those to the catalog (`EnableTagOverride`).
    private static func settled(
        _ instance: ServiceInstance, in catalog: CatalogSnapshot
    ) throws(CatalogError) -> ServiceInstance {
        guard var present = catalog.instance(instance.key)?.instance.value else { return instance }
        switch present.owner {
        case .docker(let engine, let container):
            throw .derived(instance.key, from: .docker(engine: engine, container: container))
        case nil: return instance
        case .agent:
            guard present.enableTagOverride || present.tags == instance.tags else { throw .agents(instance.key) }
            present.tags = instance.tags
            return present
        }
    }

    private func nodeChanges(to catalog: CatalogSnapshot, agent: Agent) throws(CatalogError) -> [CatalogChange] {
        let present = catalog.node(node)?.node.value
        guard node != agent.node else {
            guard nodeID == nil || nodeID == agent.nodeID else { throw .wrongNodeID(node, id: nodeID ?? "") }
            // It knows best itself where it is.
            return present == nil ? [.putNode(Node(name: node, id: agent.nodeID, address: Address(agent.address)))] : []
        }
        var changes: [CatalogChange] = []
        if let nodeID, present?.id != nodeID, let namesake = catalog.nodes.first(where: { $0.node.value.id == nodeID })
        {
            let former = namesake.node.value.name
            guard former != agent.node else { throw .wrongNodeID(node, id: nodeID) }
            // As in Consul, a node that has got another name is another node.
            changes.append(.removeNode(former))
        }
        guard let description else {
            guard present != nil else { throw .missingAddress(node) }
            return changes
        }
        let new = Node(
            name: node, id: nodeID ?? present?.id ?? "", address: description.address,
            taggedAddresses: description.taggedAddresses, meta: description.meta)
        return changes + [.putNode(new)]
    }

    private static func nodeID(_ fields: inout JSONFields) throws(FieldError) -> String? {
        guard let text = try fields.text("ID"), !text.isEmpty else { return nil }
        guard let id = UUID(uuidString: text) else { throw FieldError("Bad node ID: \(quoted(text)) is no UUID") }
        return id.uuidString.lowercased()
    }

    private static func description(
        _ fields: inout JSONFields, isNeeded: Bool
    ) throws(FieldError) -> NodeDescription? {
        let address = try fields.address("Address")
        let meta = try fields.meta("NodeMeta", reserving: false)
        var taggedAddresses: [String: Address] = [:]
        for (role, value) in try fields.roles("TaggedAddresses") {
            let path = "TaggedAddresses.\(role)"
            let text = try JSONFields.text(value, at: path)
            taggedAddresses[role] = try JSONFields.address(text, at: path)
        }
        guard isNeeded else { return nil }
        guard let address else { throw FieldError("Must provide address if SkipNodeUpdate is not set") }
        return NodeDescription(address: address, taggedAddresses: taggedAddresses, meta: meta)
    }

    private static func service(
        _ fields: inout JSONFields, on node: NodeName, _ policy: NamePolicy
    ) throws -> InstanceFields? {
        guard let value = fields.take("Service") else { return nil }
        var fields = try JSONFields(value, at: "Service")
        let service = try InstanceFields(from: &fields, nameField: "Service", node: node, policy: policy)
        fields.dropAnswers(["ContentHash"])
        try fields.end()
        return service
    }

    private static func checks(_ fields: inout JSONFields, on node: NodeName) throws(FieldError) -> [HealthCheck] {
        var checks: [HealthCheck] = []
        for (position, value) in (try fields.list("Checks", atMost: maximumChecks) ?? []).enumerated() {
            checks.append(try CatalogCheck(value, at: "Checks[\(position)]", node: node).check)
        }
        if let value = fields.take("Check") { checks.append(try CatalogCheck(value, at: "Check", node: node).check) }
        return checks
    }
}

extension JSONFields {
    mutating func nodeName() throws -> NodeName {
        guard let text = try text("Node"), !text.isEmpty else { throw FieldError("Must provide node") }
        return try NodeName(text)
    }

    /// - Throws: ``FieldError`` for another datacenter than ours.
    mutating func takeDatacenter(_ own: String) throws(FieldError) {
        if let asked = try text("Datacenter"), !asked.isEmpty, asked.lowercased() != own.lowercased() {
            throw FieldError("No path to datacenter \(quoted(asked)): this is \(quoted(own))")
        }
        // Access control lists are off: a token is taken and not looked at.
        _ = take("WriteRequest")
    }

    /// Takes members that only answers have, for those who send back what they read.
    mutating func dropAnswers(_ names: [String]) {
        for name in ["CreateIndex", "ModifyIndex"] + names { _ = take(name) }
    }
}
