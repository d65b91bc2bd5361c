import HashTreeCollections

/// The catalog as the one writer holds it: applies changes, pure of I/O and clocks.
package struct CatalogState: Sendable {
    package private(set) var snapshot = CatalogSnapshot()

    package init() {}

    /// Applies a change under `index`, which is greater than any before.
    ///
    /// - Returns: what it touched; empty if the catalog already said the same, in which case nothing is bumped.
    /// - Throws: ``CatalogError``, with the catalog as it was.
    package mutating func apply(_ change: CatalogChange, at index: UInt64) throws(CatalogError) -> CatalogDelta {
        var delta = CatalogDelta(index: snapshot.index)
        switch change {
        case .putNode(let node): putNode(node, at: index, &delta)
        case .removeNode(let name): removeNode(name, at: index, &delta)
        case .putInstance(let instance, let checks): try putInstance(instance, checks: checks, at: index, &delta)
        case .removeInstance(let key): removeInstance(key, at: index, &delta)
        case .setStatus(let key, let status, let output): setStatus(key, status, output: output, at: index, &delta)
        }
        guard !delta.isEmpty else { return delta }
        snapshot.index = index
        delta.index = index
        if !delta.nodes.isEmpty { snapshot.nodesIndex = index }
        if !delta.services.isEmpty { snapshot.servicesIndex = index }
        return delta
    }

    private mutating func putNode(_ node: Node, at index: UInt64, _ delta: inout CatalogDelta) {
        let old = snapshot.nodeEntries[node.name]
        guard old?.node.value != node else { return }
        let indexed = Indexed(value: node, createIndex: old?.node.createIndex ?? index, modifyIndex: index)
        snapshot.nodeEntries[node.name] = NodeEntry(
            node: indexed, checks: old?.checks ?? [], services: old?.services ?? [:])
        delta.nodes.insert(node.name)
        for name in Set(old?.services.values.map(\.self) ?? []) {
            touch(name, at: index)
            delta.services.insert(name)
        }
    }

    private mutating func removeNode(_ name: NodeName, at index: UInt64, _ delta: inout CatalogDelta) {
        guard let entry = snapshot.nodeEntries.removeValue(forKey: name) else { return }
        delta.nodes.insert(name)
        for service in Set(entry.services.values) {
            let instances = snapshot.serviceEntries[service]?.instances ?? []
            store(service, instances.filter { $0.instance.value.node != name }, at: index)
            delta.services.insert(service)
        }
    }

    private mutating func putInstance(
        _ instance: ServiceInstance, checks: [HealthCheck]?, at index: UInt64, _ delta: inout CatalogDelta
    ) throws(CatalogError) {
        guard let node = snapshot.nodeEntries[instance.node] else { throw .unknownNode(instance.node) }
        let old = snapshot.instance(instance.key)
        let newChecks = merged(checks, into: old?.checks ?? [], at: index)
        guard old?.instance.value != instance || old?.checks != newChecks else { return }

        let unchanged = old?.instance.value == instance
        let entry = InstanceEntry(
            instance: Indexed(
                value: instance, createIndex: old?.instance.createIndex ?? index,
                modifyIndex: unchanged ? old?.instance.modifyIndex ?? index : index),
            checks: newChecks)
        if let oldName = old?.instance.value.name, oldName != instance.name {
            remove(instance.key, from: oldName, at: index)
            delta.services.insert(oldName)
        }
        var instances = (snapshot.serviceEntries[instance.name]?.instances ?? []).filter {
            $0.instance.value.key != instance.key
        }
        let position = instances.firstIndex { Self.order(entry, $0) } ?? instances.endIndex
        instances.insert(entry, at: position)
        store(instance.name, instances, at: index)
        var services = node.services
        services[instance.id] = instance.name
        snapshot.nodeEntries[instance.node] = NodeEntry(node: node.node, checks: node.checks, services: services)
        delta.services.insert(instance.name)
    }

    private mutating func removeInstance(_ key: InstanceKey, at index: UInt64, _ delta: inout CatalogDelta) {
        guard let node = snapshot.nodeEntries[key.node], let name = node.services[key.id] else { return }
        var services = node.services
        services[key.id] = nil
        snapshot.nodeEntries[key.node] = NodeEntry(node: node.node, checks: node.checks, services: services)
        remove(key, from: name, at: index)
        delta.services.insert(name)
    }

    private mutating func setStatus(
        _ key: CheckKey, _ status: HealthStatus, output: String, at index: UInt64, _ delta: inout CatalogDelta
    ) {
        guard let node = snapshot.nodeEntries[key.node] else { return }
        // A check's instance is found through the node's services: checks are few, and looked up only when they change.
        for name in Set(node.services.values) {
            guard let service = snapshot.serviceEntries[name] else { continue }
            var instances = service.instances
            for position in instances.indices where instances[position].instance.value.node == key.node {
                guard let check = instances[position].checks.firstIndex(where: { $0.value.id == key.id }) else {
                    continue
                }
                let old = instances[position].checks[check]
                guard old.value.status != status || old.value.output != output else { return }
                instances[position].checks[check].value.status = status
                instances[position].checks[check].value.output = output
                instances[position].checks[check].modifyIndex = index
                store(name, instances, at: index)
                delta.services.insert(name)
                return
            }
        }
    }

    private func merged(
        _ checks: [HealthCheck]?, into old: [Indexed<HealthCheck>], at index: UInt64
    ) -> [Indexed<HealthCheck>] {
        guard let checks else { return old }
        return checks.sorted { $0.id < $1.id }.map { check in
            guard let before = old.first(where: { $0.value.id == check.id }) else {
                return Indexed(value: check, createIndex: index, modifyIndex: index)
            }
            var kept = check
            if before.value.definition == check.definition {
                kept.status = before.value.status
                kept.output = before.value.output
            }
            let modifyIndex = kept == before.value ? before.modifyIndex : index
            return Indexed(value: kept, createIndex: before.createIndex, modifyIndex: modifyIndex)
        }
    }

    private mutating func remove(_ key: InstanceKey, from name: ServiceName, at index: UInt64) {
        let instances = snapshot.serviceEntries[name]?.instances ?? []
        store(name, instances.filter { $0.instance.value.key != key }, at: index)
    }

    private mutating func touch(_ name: ServiceName, at index: UInt64) {
        store(name, snapshot.serviceEntries[name]?.instances ?? [], at: index)
    }

    private mutating func store(_ name: ServiceName, _ instances: [InstanceEntry], at index: UInt64) {
        if instances.isEmpty {
            snapshot.serviceEntries[name] = nil
            snapshot.extinctionIndex = index
        } else {
            snapshot.serviceEntries[name] = ServiceEntry(name: name, instances: instances, index: index)
        }
    }

    private static func order(_ left: InstanceEntry, _ right: InstanceEntry) -> Bool {
        let (left, right) = (left.instance.value, right.instance.value)
        return left.node == right.node ? left.id < right.id : left.node < right.node
    }
}
