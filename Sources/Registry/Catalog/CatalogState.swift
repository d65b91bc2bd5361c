import HashTreeCollections

/// The catalog as the one writer holds it: applies changes, pure of I/O and clocks.
///
/// Everything below it is a value, so a copy is the state of that moment and costs nothing; what both share is copied
/// where one of them changes, path by path.
package struct CatalogState: Sendable {
    package internal(set) var snapshot = CatalogSnapshot()
    /// The instance placed last: the next one is often its neighbour.
    var latest: InstanceEntry?

    package init() {}

    /// The state that a snapshot is of, to try changes on.
    init(_ snapshot: CatalogSnapshot) { self.snapshot = snapshot }

    /// Applies a change under `index`, which is greater than any before.
    ///
    /// - Returns: what it touched; empty if the catalog already said the same, in which case nothing is bumped.
    /// - Throws: ``CatalogError``, with the catalog as it was.
    package mutating func apply(_ change: CatalogChange, at index: UInt64) throws(CatalogError) -> CatalogDelta {
        var delta = CatalogDelta(index: index)
        try apply(change, &delta)
        return delta.isEmpty ? CatalogDelta(index: snapshot.index) : delta
    }

    /// Applies a change under the index that `delta` has, and adds to it what the change touches.
    mutating func apply(_ change: CatalogChange, _ delta: inout CatalogDelta) throws(CatalogError) {
        switch change {
        case .putNode(let node): putNode(node, &delta)
        case .removeNode(let name): removeNode(name, &delta)
        case .putInstance(let instance, let checks): try putInstance(instance, checks: checks, &delta)
        case .removeInstance(let key): removeInstance(key, &delta)
        case .setStatus(let key, let status, let output): setStatus(key, status, output: output, &delta)
        case .putCheck(let check): try putCheck(check, &delta)
        case .removeCheck(let key): removeCheck(key, &delta)
        case .advance: delta.isAdvance = true
        case .key(let change): try apply(change, &delta)
        case .session(let change): try apply(change, &delta)
        case .event(let event):
            snapshot.events.add(Indexed(value: event, createIndex: delta.index, modifyIndex: delta.index))
            delta.hasEvents = true
        case .query(let change): try apply(change, &delta)
        case .restoration(let change): try apply(change, &delta)
        }
        if !snapshot.sessions.isEmpty { endInvalidSessions(after: change, &delta) }
        // A restoration may be further on.
        if !delta.isEmpty { snapshot.indexes.catalog = max(delta.index, snapshot.indexes.catalog) }
    }

    // MARK: Nodes

    private mutating func putNode(_ node: Node, _ delta: inout CatalogDelta) {
        guard let old = snapshot.nodeEntries[node.name]?.node else {
            snapshot.nodeEntries[node.name] = NodeEntry(
                node: Indexed(value: node, createIndex: delta.index, modifyIndex: delta.index))
            snapshot.indexes.nodes = delta.index
            delta.nodes.insert(node.name)
            return
        }
        guard old.value != node else { return }
        snapshot.nodeEntries[node.name]?.node = Indexed(
            value: node, createIndex: old.createIndex, modifyIndex: delta.index)
        snapshot.indexes.nodes = delta.index
        touchServices(of: node.name, &delta)
    }

    private mutating func removeNode(_ name: NodeName, _ delta: inout CatalogDelta) {
        guard let node = snapshot.nodeEntries.removeValue(forKey: name) else { return }
        for entry in node.instances.values {
            removeFromService(entry.instance.value, &delta)
        }
        if !node.checks.isEmpty || !node.checkedInstances.isEmpty { snapshot.indexes.checks = delta.index }
        snapshot.indexes.nodes = delta.index
        delta.nodes.insert(name)
    }

    /// Every reader of a service on this node sees the change.
    mutating func touchServices(of name: NodeName, _ delta: inout CatalogDelta) {
        delta.nodes.insert(name)
        guard let node = snapshot.nodeEntries[name] else { return }
        for service in Set(node.instances.values.lazy.map(\.instance.value.name)) {
            snapshot.serviceEntries[service]?.index = delta.index
            delta.services.insert(service)
        }
    }
}
