import HashTreeCollections

extension CatalogState {
    mutating func putInstance(
        _ instance: ServiceInstance, checks: [HealthCheck]?, _ delta: inout CatalogDelta
    ) throws(CatalogError) {
        let old = try placed(instance.key)
        let newChecks = checks.map { Self.merged($0, of: instance, into: old?.checks ?? [], at: delta.index) }
        let hasNewChecks = newChecks != nil && newChecks != old?.checks ?? []
        let isNew = old?.instance.value != instance
        guard isNew || hasNewChecks else { return }

        if let old, old.instance.value.name != instance.name {
            removeFromService(old.instance.value, &delta)
            // Its checks are another service's now.
            if !old.checks.isEmpty { snapshot.indexes.checks = delta.index }
        }
        if let newChecks, hasNewChecks {
            replaceOwnership(of: old?.checks ?? [], by: newChecks, of: instance.key, &delta)
        }
        let indexed =
            if let old, !isNew {
                old.instance
            } else {
                Indexed(
                    value: sharingStorage(instance), createIndex: old?.instance.createIndex ?? delta.index,
                    modifyIndex: delta.index)
            }
        let entry = InstanceEntry(instance: indexed, checks: newChecks ?? old?.checks ?? [])
        // Readers of its checks are shown its tags.
        if let old, old.instance.value.tags != instance.tags, !entry.checks.isEmpty {
            snapshot.indexes.checks = delta.index
        }
        place(entry, &delta)
        if isNew { snapshot.indexes.services = delta.index }
    }

    /// The instance as it is. Nothing else of its node is kept in hand: a second reference would make edits copy what it
    /// holds.
    private func placed(_ key: InstanceKey) throws(CatalogError) -> InstanceEntry? {
        guard let node = snapshot.nodeEntries[key.node] else { throw .unknownNode(key.node) }
        return node.instances[key.id]
    }

    mutating func removeInstance(_ key: InstanceKey, _ delta: inout CatalogDelta) {
        guard let entry = snapshot.nodeEntries[key.node]?.instances.removeValue(forKey: key.id) else { return }
        for check in entry.checks { snapshot.nodeEntries[key.node]?.checkedInstances[check.value.id] = nil }
        if !entry.checks.isEmpty { snapshot.indexes.checks = delta.index }
        removeFromService(entry.instance.value, &delta)
    }

    /// Puts an instance in its service and on its node.
    mutating func place(_ entry: InstanceEntry, _ delta: inout CatalogDelta) {
        let instance = entry.instance.value
        snapshot.nodeEntries[instance.node]?.instances[instance.id] = entry
        snapshot.serviceEntries[instance.name, default: ServiceEntry(name: instance.name)].put(entry, at: delta.index)
        delta.services.insert(instance.name)
    }

    mutating func removeFromService(_ instance: ServiceInstance, _ delta: inout CatalogDelta) {
        snapshot.serviceEntries[instance.name]?.remove(instance.key, at: delta.index)
        if snapshot.serviceEntries[instance.name]?.instances.isEmpty == true {
            snapshot.serviceEntries[instance.name] = nil
            snapshot.indexes.extinction = delta.index
        }
        snapshot.indexes.services = delta.index
        delta.services.insert(instance.name)
    }

    /// The same instance, its strings and collections shared with neighbours that say the same: fifty thousand instances
    /// repeat a few names, tags and engine ids.
    func sharingStorage(_ instance: ServiceInstance) -> ServiceInstance {
        var instance = instance
        if let sibling = snapshot.serviceEntries[instance.name]?.instances.first {
            instance.shareStorage(with: sibling)
            // It shares its neighbours' already.
            guard sibling.instance.value.node != instance.node else { return instance }
        }
        if let neighbour = snapshot.nodeEntries[instance.node]?.instances.values.first {
            instance.shareStorage(with: neighbour)
        }
        return instance
    }
}

extension ServiceInstance {
    /// Takes over the storage of whatever is equal, spelling included. The value stays the same.
    fileprivate mutating func shareStorage(with other: InstanceEntry) {
        if node.text == other.instance.value.node.text { node = other.instance.value.node }
        if name.text == other.instance.value.name.text { name = other.instance.value.name }
        if tags == other.instance.value.tags { tags = other.instance.value.tags }
        if meta == other.instance.value.meta { meta = other.instance.value.meta }
        if taggedAddresses == other.instance.value.taggedAddresses {
            taggedAddresses = other.instance.value.taggedAddresses
        }
        if case .docker(let engine, let container) = owner,
            case .docker(let otherEngine, container: _) = other.instance.value.owner, engine == otherEngine
        {
            owner = .docker(engine: otherEngine, container: container)
        }
    }
}
