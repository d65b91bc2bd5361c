import HashTreeCollections

extension CatalogState {
    mutating func setStatus(
        _ key: CheckKey, _ status: HealthStatus, output: String, _ delta: inout CatalogDelta
    ) {
        guard var check = snapshot.check(key)?.value, check.status != status || check.output != output else { return }
        check.status = status
        check.output = output
        replace(check, &delta)
    }

    mutating func putCheck(_ check: HealthCheck, _ delta: inout CatalogDelta) throws(CatalogError) {
        guard snapshot.nodeEntries[check.node] != nil else { throw .unknownNode(check.node) }
        if let key = check.instance.map({ InstanceKey(node: check.node, id: $0) }), snapshot.instance(key) == nil {
            throw .unknownInstance(key)
        }
        let old = snapshot.check(check.key)
        guard old?.value != check else { return }
        if let old, old.value.instance != check.instance { removeCheck(check.key, &delta) }
        replace(check, &delta)
    }

    mutating func removeCheck(_ key: CheckKey, _ delta: inout CatalogDelta) {
        guard let old = snapshot.check(key) else { return }
        snapshot.nodeEntries[key.node]?.checkedInstances[key.id] = nil
        edit(of: key.node, instance: old.value.instance, &delta) { checks in
            checks.removeAll { $0.value.id == key.id }
        }
    }

    /// Puts a check where it belongs, which exists.
    private mutating func replace(_ check: HealthCheck, _ delta: inout CatalogDelta) {
        if let instance = check.instance {
            snapshot.nodeEntries[check.node]?.checkedInstances[check.id] = instance
        }
        let index = delta.index
        edit(of: check.node, instance: check.instance, &delta) { checks in
            let position = checks.firstIndex { $0.value.id >= check.id } ?? checks.endIndex
            if position < checks.endIndex, checks[position].value.id == check.id {
                checks[position].value = check
                checks[position].modifyIndex = index
            } else {
                checks.insert(Indexed(value: check, createIndex: index, modifyIndex: index), at: position)
            }
        }
    }

    /// Changes the checks of an instance or, where that is `nil`, of the node itself.
    private mutating func edit(
        of node: NodeName, instance: InstanceID?, _ delta: inout CatalogDelta,
        _ change: (inout [Indexed<HealthCheck>]) -> Void
    ) {
        snapshot.indexes.checks = delta.index
        if let instance {
            guard let entry = snapshot.nodeEntries[node]?.instances[instance] else { return }
            var checks = entry.checks
            change(&checks)
            place(InstanceEntry(instance: entry.instance, checks: checks), &delta)
        } else {
            var checks = snapshot.nodeEntries[node]?.checks ?? []
            change(&checks)
            snapshot.nodeEntries[node]?.checks = checks
            touchServices(of: node, &delta)
        }
    }

    // MARK: Checks that come with a registration

    /// The checks of a registration, each with the status it had if its definition is the same.
    static func merged(
        _ checks: [HealthCheck], of instance: ServiceInstance, into old: [Indexed<HealthCheck>], at index: UInt64
    ) -> [Indexed<HealthCheck>] {
        guard !checks.isEmpty else { return [] }
        let unique = Dictionary(checks.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        return unique.values.sorted { $0.id < $1.id }.map { check in
            var check = check
            check.node = instance.node
            check.instance = instance.id
            guard let before = old.first(where: { $0.value.id == check.id }) else {
                return Indexed(value: check, createIndex: index, modifyIndex: index)
            }
            check = check.resuming(before.value)
            let modifyIndex = check == before.value ? before.modifyIndex : index
            return Indexed(value: check, createIndex: before.createIndex, modifyIndex: modifyIndex)
        }
    }

    /// Notes which checks are the instance's from now on, and takes their ids from whatever had them.
    mutating func replaceOwnership(
        of old: [Indexed<HealthCheck>], by new: [Indexed<HealthCheck>], of key: InstanceKey, _ delta: inout CatalogDelta
    ) {
        for check in old { snapshot.nodeEntries[key.node]?.checkedInstances[check.value.id] = nil }
        for check in new {
            removeCheck(check.value.key, &delta)
            snapshot.nodeEntries[key.node]?.checkedInstances[check.value.id] = key.id
        }
        snapshot.indexes.checks = delta.index
    }
}
