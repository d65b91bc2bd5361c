extension Registry {
    /// Puts a stored catalog in the place of all there is, in one change: durable and visible as a whole, or not at all.
    ///
    /// What is no more than a fact about this host stays as it is now: its own node, but for the checks that somebody gave
    /// it, and the instances that containers stand behind. Containers of the stored catalog do not come back.
    ///
    /// - Parameters:
    ///   - stored: its objects keep the index of their creation, and were changed by this.
    ///   - node: this host.
    /// - Returns: the catalog's index after it.
    /// - Throws: ``RegistryError``.
    @discardableResult
    package func restore(_ stored: CatalogSnapshot, on node: NodeName) async throws(RegistryError) -> UInt64 {
        try await submit { current throws(CatalogError) in stored.restoration(insteadOf: current, on: node) }
    }
}

extension CatalogSnapshot {
    /// The changes that make this the catalog.
    func restoration(insteadOf current: CatalogSnapshot, on host: NodeName) -> [CatalogChange] {
        var changes: [RestorationChange] = [.begin(index: index)]
        var kept: Set<InstanceKey> = []
        var keptRecords: [CatalogRecord] = []
        for entry in current.derivedInstances(on: host) {
            kept.insert(entry.instance.value.key)
            keptRecords.append(.instance(entry.instance, checks: entry.checks))
        }
        // Their checks' ids are theirs.
        let keptChecks = Set(keptRecords.flatMap(\.checkIDs))
        if let node = current.node(host) {
            let own = (self.node(host)?.checks ?? []).filter { !keptChecks.contains($0.value.id) }
            changes.append(.record(.node(node.node, checks: own)))
        }
        for record in records {
            switch record {
            case .indexes, .service, .keyIndexes, .eventIndex, .queryIndex: continue
            case .node(let node, checks: _) where node.value.name == host && current.node(host) != nil: continue
            case .instance(let instance, let checks):
                guard instance.value.source == nil, !kept.contains(instance.value.key) else { continue }
                let isHere = instance.value.node == host
                let own = isHere ? checks.filter { !keptChecks.contains($0.value.id) } : checks
                changes.append(.record(.instance(instance, checks: own)))
            default: changes.append(.record(record))
            }
        }
        // Keys and sessions come after all instances, which they do not need.
        changes += keptRecords.map { .record($0) }
        changes.append(.end)
        return changes.map { .restoration($0) }
    }
}

extension CatalogRecord {
    fileprivate var checkIDs: [CheckID] {
        if case .instance(_, let checks) = self { checks.map(\.value.id) } else { [] }
    }
}
