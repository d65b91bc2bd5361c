package import HashTreeCollections

/// The whole catalog at one index: immutable, cheap to hold, safe to read from any thread.
///
/// Indexes follow Consul's rules: one counter for all changes; every object carries the index of its creation and of its
/// last change; every service carries the index of the last change that its readers can see.
package struct CatalogSnapshot: Sendable {
    package internal(set) var indexes = CatalogIndexes()

    var nodeEntries: TreeDictionary<NodeName, NodeEntry> = [:]
    var serviceEntries: TreeDictionary<ServiceName, ServiceEntry> = [:]

    package internal(set) var keys = KeyTable()
    package internal(set) var sessions = SessionTable()
    package internal(set) var events = EventTable()
    package internal(set) var queries = PreparedQueryTable()

    package init() {}

    /// The index of the newest change; 0 for an empty catalog.
    package var index: UInt64 { indexes.catalog }
    /// The index of the newest change to any node itself: what readers of the list of nodes wait on.
    package var nodesIndex: UInt64 { indexes.nodes }
    /// The index at which an instance was last added, altered or removed: what readers of the list of services wait on.
    package var servicesIndex: UInt64 { indexes.services }
    /// The index of the newest change to any check.
    package var checksIndex: UInt64 { indexes.checks }
    /// The index at which a service last disappeared: what an unknown service's readers wait on.
    package var extinctionIndex: UInt64 { indexes.extinction }

    package var serviceCount: Int { serviceEntries.count }
    package var nodeCount: Int { nodeEntries.count }
    package var instanceCount: Int { nodeEntries.values.reduce(0) { $0 + $1.instances.count } }

    package func node(_ name: NodeName) -> NodeEntry? { nodeEntries[name] }

    package func service(_ name: ServiceName) -> ServiceEntry? { serviceEntries[name] }

    package func instance(_ key: InstanceKey) -> InstanceEntry? { nodeEntries[key.node]?.instances[key.id] }

    package func check(_ key: CheckKey) -> Indexed<HealthCheck>? {
        guard let node = nodeEntries[key.node] else { return nil }
        let checks = node.checkedInstances[key.id].flatMap { node.instances[$0]?.checks } ?? node.checks
        return checks.first { $0.value.id == key.id }
    }

    /// - Throws: ``CatalogError/containersCheck(_:)`` if it is one: it would come back, or stay for ever.
    package func ensureNoContainer(has key: CheckKey) throws(CatalogError) {
        if check(key)?.value.definition?.source == .container { throw .containersCheck(key) }
    }

    /// In the order of their names.
    package var nodes: [NodeEntry] { nodeEntries.values.sorted { $0.node.value.name < $1.node.value.name } }

    /// In the order of their names.
    package var services: [ServiceEntry] { serviceEntries.values.sorted { $0.name < $1.name } }

    /// The names of so many services at most, in no order. Costs time for those alone.
    package func someServices(_ count: Int) -> [ServiceName] { serviceEntries.keys.prefix(count).map(\.self) }

    /// Edits a node in place, which `nodeEntries[name]?` does not: it takes the node out and puts it in again.
    ///
    /// - Returns: `nil` if there is no such node.
    mutating func edit<Result>(_ name: NodeName, _ change: (inout NodeEntry) -> Result) -> Result? {
        guard nodeEntries.keys.contains(name) else { return nil }
        func missing() -> NodeEntry { preconditionFailure("it is there") }
        return nodeEntries.updateValue(forKey: name, default: missing(), with: change)
    }

    /// The names of all services. Costs no pass over their text.
    package var serviceNames: TreeSet<ServiceName> { TreeSet(serviceEntries.keys) }

    /// All services and nodes, as a change from the empty catalog.
    package var names: CatalogDelta {
        CatalogDelta(index: index, services: Set(serviceEntries.keys), nodes: Set(nodeEntries.keys))
    }

    /// The instances on a node in the order of their ids; empty for an unknown node.
    package func instances(on node: NodeName) -> [InstanceEntry] {
        nodeEntries[node]?.instances.values.sorted { $0.instance.value.id < $1.instance.value.id } ?? []
    }

    /// The instances on a node that are derived from something, in no order. Costs a pass over the node if there are any.
    package func derivedInstances(on node: NodeName) -> [InstanceEntry] {
        guard let entry = nodeEntries[node], entry.derivedCount > 0 else { return [] }
        return entry.instances.values.filter(\.isDerived)
    }

    /// The instances on a node that a container of this engine stands behind, in no order. Costs a pass over the node.
    package func instances(on node: NodeName, ofEngine engine: String) -> [InstanceEntry] {
        nodeEntries[node]?.instances.values.filter { entry in
            guard case .docker(engine, container: _) = entry.instance.value.owner else { return false }
            return true
        } ?? []
    }

    /// The worst status among the checks of the instance and of its node; passing without any.
    package func health(of entry: InstanceEntry) -> HealthStatus {
        let own = entry.checks.lazy.map(\.value.status).max() ?? .passing
        let nodes = nodeEntries[entry.instance.value.node]?.checks.lazy.map(\.value.status).max() ?? .passing
        return max(own, nodes)
    }

    /// The address an instance is reached under: its own, or its node's.
    package func address(of instance: ServiceInstance) -> Address? {
        instance.address ?? nodeEntries[instance.node]?.node.value.address
    }

    /// The index that a reader of one service waits on.
    package func index(of service: ServiceName) -> UInt64 { serviceEntries[service]?.index ?? extinctionIndex }
}

/// The indexes that belong to the catalog as a whole. None ever goes back.
package struct CatalogIndexes: Hashable, Sendable {
    package var catalog: UInt64 = 0
    package var nodes: UInt64 = 0
    package var services: UInt64 = 0
    package var checks: UInt64 = 0
    package var extinction: UInt64 = 0

    package init() {}
}
