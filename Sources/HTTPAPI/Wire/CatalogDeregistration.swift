import Registry

/// The body of `PUT /v1/catalog/deregister`: an instance, a check, or a node with all it has.
struct CatalogDeregistration {
    private let node: NodeName
    private let instance: InstanceID
    private let check: CheckID

    /// - Throws: ``FieldError``, or `LabelError` for a node that cannot be.
    init(_ body: JSONValue, datacenter: String) throws {
        var fields = try JSONFields(body)
        node = try fields.nodeName()
        instance = try fields.text("ServiceID") ?? ""
        check = try fields.text("CheckID") ?? ""
        try fields.takeDatacenter(datacenter)
        _ = try fields.text("Address")
        try fields.end()
    }

    /// - Throws: ``CatalogError``.
    func changes(to catalog: CatalogSnapshot, agent: Agent) throws(CatalogError) -> [CatalogChange] {
        if !instance.isEmpty {
            let key = InstanceKey(node: node, id: instance)
            if let source = catalog.instance(key)?.instance.value.source { throw .derived(key, from: source) }
            return [.removeInstance(key)]
        }
        guard check.isEmpty else {
            let key = CheckKey(node: node, id: check)
            try catalog.ensureNoContainer(has: key)
            return [.removeCheck(key)]
        }
        guard node != agent.node else { throw .ownNode(node) }
        return [.removeNode(node)]
    }
}
