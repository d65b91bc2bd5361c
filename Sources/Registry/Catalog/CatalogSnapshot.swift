package import HashTreeCollections

/// The whole catalog at one index: immutable, cheap to hold, safe to read from any thread.
///
/// Indexes follow Consul's rules: one counter for all changes; every object carries the index of its creation and of its
/// last change; every service carries the index of the last change that its readers can see.
package struct CatalogSnapshot: Sendable {
    /// The index of the newest change; 0 for an empty catalog.
    package internal(set) var index: UInt64 = 0
    /// The index of the newest change to any node, and to any service.
    package internal(set) var nodesIndex: UInt64 = 0
    package internal(set) var servicesIndex: UInt64 = 0
    /// The index at which a service last disappeared: what an unknown service's readers wait on.
    package internal(set) var extinctionIndex: UInt64 = 0

    var nodeEntries: TreeDictionary<NodeName, NodeEntry> = [:]
    var serviceEntries: TreeDictionary<ServiceName, ServiceEntry> = [:]

    package init() {}

    package var serviceCount: Int { serviceEntries.count }
    package var instanceCount: Int { nodeEntries.values.reduce(0) { $0 + $1.services.count } }

    package func node(_ name: NodeName) -> NodeEntry? { nodeEntries[name] }

    package func service(_ name: ServiceName) -> ServiceEntry? { serviceEntries[name] }

    package func instance(_ key: InstanceKey) -> InstanceEntry? {
        guard let name = nodeEntries[key.node]?.services[key.id] else { return nil }
        return serviceEntries[name]?.instances.first { $0.instance.value.key == key }
    }

    /// In the order of their names.
    package var nodes: [NodeEntry] { nodeEntries.values.sorted { $0.node.value.name < $1.node.value.name } }

    /// In the order of their names.
    package var services: [ServiceEntry] { serviceEntries.values.sorted { $0.name < $1.name } }

    /// The instances on a node in the order of their ids; empty for an unknown node.
    package func instances(on node: NodeName) -> [InstanceEntry] {
        guard let entry = nodeEntries[node] else { return [] }
        return Set(entry.services.values)
            .compactMap { serviceEntries[$0] }
            .flatMap { $0.instances.filter { $0.instance.value.node == node } }
            .sorted { $0.instance.value.id < $1.instance.value.id }
    }

    /// The worst status among the checks of the instance and of its node; passing without any.
    package func health(of entry: InstanceEntry) -> HealthStatus {
        let nodeChecks = nodeEntries[entry.instance.value.node]?.checks ?? []
        return (entry.checks + nodeChecks).map(\.value.status).max() ?? .passing
    }

    /// The address an instance is reached under: its own, or its node's.
    package func address(of instance: ServiceInstance) -> Address? {
        instance.address ?? nodeEntries[instance.node]?.node.value.address
    }

    /// The index that a reader of one service waits on.
    package func index(of service: ServiceName) -> UInt64 { serviceEntries[service]?.index ?? extinctionIndex }
}

/// A catalog object with the indexes of its creation and of its last change.
package struct Indexed<Value: Hashable & Sendable>: Hashable, Sendable {
    package var value: Value
    package var createIndex: UInt64
    package var modifyIndex: UInt64

    package init(value: Value, createIndex: UInt64, modifyIndex: UInt64) {
        self.value = value
        self.createIndex = createIndex
        self.modifyIndex = modifyIndex
    }
}

/// One instance with its checks.
package struct InstanceEntry: Hashable, Sendable {
    package var instance: Indexed<ServiceInstance>
    /// In the order of their ids.
    package var checks: [Indexed<HealthCheck>]

    package init(instance: Indexed<ServiceInstance>, checks: [Indexed<HealthCheck>]) {
        self.instance = instance
        self.checks = checks
    }
}

/// One service: all its instances. A class, so that a path copied in the persistent map copies references only.
package final class ServiceEntry: Sendable {
    package let name: ServiceName
    /// In the order of node name, then id; never empty.
    package let instances: [InstanceEntry]
    /// The index of the last change a reader of this service can see: instance, check or node.
    package let index: UInt64
    /// The tags of all instances, each once, sorted.
    package let tags: [String]

    init(name: ServiceName, instances: [InstanceEntry], index: UInt64) {
        self.name = name
        self.instances = instances
        self.index = index
        tags = Set(instances.flatMap(\.instance.value.tags)).sorted()
    }
}

/// One node: itself, its own checks, and which service each of its instances belongs to.
package final class NodeEntry: Sendable {
    package let node: Indexed<Node>
    /// Checks of the node itself, in the order of their ids.
    package let checks: [Indexed<HealthCheck>]
    package let services: TreeDictionary<InstanceID, ServiceName>

    init(node: Indexed<Node>, checks: [Indexed<HealthCheck>], services: TreeDictionary<InstanceID, ServiceName>) {
        self.node = node
        self.checks = checks
        self.services = services
    }
}
