import HashTreeCollections

extension CatalogState {
    mutating func putInstance(
        _ instance: ServiceInstance, checks: [HealthCheck]?, _ delta: inout CatalogDelta
    ) throws(CatalogError) {
        let entry = newEntry(instance, checks: checks, at: delta.index)
        guard let old = snapshot.edit(instance.node, { $0.add(entry) }) else { throw .unknownNode(instance.node) }
        guard let old else {
            if !entry.checks.isEmpty { replaceOwnership(of: [], by: entry.checks, of: instance.key, &delta) }
            putInService(entry, &delta)
            snapshot.indexes.services = delta.index
            return
        }
        replace(old, by: instance, checks: checks, &delta)
    }

    /// An instance as it is if there is none with its id.
    private func newEntry(_ instance: ServiceInstance, checks: [HealthCheck]?, at index: UInt64) -> InstanceEntry {
        InstanceEntry(
            instance: Indexed(value: sharingStorage(instance), createIndex: index, modifyIndex: index),
            checks: checks.map { Self.merged($0, of: instance, into: [], at: index) } ?? [])
    }

    private mutating func replace(
        _ old: InstanceEntry, by instance: ServiceInstance, checks: [HealthCheck]?, _ delta: inout CatalogDelta
    ) {
        let newChecks = checks.map { Self.merged($0, of: instance, into: old.checks, at: delta.index) }
        let hasNewChecks = newChecks != nil && newChecks != old.checks
        let isNew = old.instance.value != instance
        guard isNew || hasNewChecks else { return }

        if old.instance.value.name != instance.name {
            removeFromService(old.instance.value, &delta)
            // Its checks are another service's now.
            if !old.checks.isEmpty { snapshot.indexes.checks = delta.index }
        }
        if let newChecks, hasNewChecks {
            replaceOwnership(of: old.checks, by: newChecks, of: instance.key, &delta)
        }
        let indexed =
            isNew
            ? Indexed(
                value: sharingStorage(instance), createIndex: old.instance.createIndex, modifyIndex: delta.index)
            : old.instance
        let entry = InstanceEntry(instance: indexed, checks: newChecks ?? old.checks)
        // Readers of its checks are shown its tags.
        if old.instance.value.tags != instance.tags, !entry.checks.isEmpty { snapshot.indexes.checks = delta.index }
        place(entry, &delta)
        if isNew { snapshot.indexes.services = delta.index }
    }

    mutating func removeInstance(_ key: InstanceKey, _ delta: inout CatalogDelta) {
        guard let entry = snapshot.edit(key.node, { $0.remove(key.id) }) ?? nil else { return }
        for check in entry.checks { snapshot.nodeEntries[key.node]?.checkedInstances[check.value.id] = nil }
        if !entry.checks.isEmpty { snapshot.indexes.checks = delta.index }
        removeFromService(entry.instance.value, &delta)
    }

    /// Puts an instance in its service and on its node.
    mutating func place(_ entry: InstanceEntry, _ delta: inout CatalogDelta) {
        _ = snapshot.edit(entry.instance.value.node) { $0.put(entry) }
        putInService(entry, &delta)
    }

    private mutating func putInService(_ entry: InstanceEntry, _ delta: inout CatalogDelta) {
        let name = entry.instance.value.name
        snapshot.serviceEntries.updateValue(forKey: name, default: ServiceEntry(name: name)) { service in
            service.put(entry, at: delta.index)
        }
        delta.services.insert(name)
        latest = entry
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
        let isNext = latest?.instance.value.name == instance.name
        if let sibling = isNext ? latest : snapshot.serviceEntries[instance.name]?.instances.first {
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
