import HashTreeCollections

/// One step of putting a stored catalog in the place of all there is. A restoration is one submission: nobody sees a part of
/// it, and a journal has all of it or nothing.
package enum RestorationChange: Hashable, Sendable {
    /// Takes away everything.
    ///
    /// - Parameter index: of the stored catalog. The indexes that are given from now on are greater, and greater than any
    ///   before.
    case begin(index: UInt64)
    /// Adds a piece, under this change's index: whoever waits on something hears of it. What it says of indexes of the
    /// whole is passed over.
    case record(CatalogRecord)
    /// Ends the sessions that cannot go on with what there is now.
    case end
}

extension CatalogState {
    mutating func apply(_ change: RestorationChange, _ delta: inout CatalogDelta) throws(CatalogError) {
        // Also where there was nothing: a restoration is no less for that.
        delta.isAdvance = true
        switch change {
        case .begin(let index): begin(at: index, &delta)
        case .record(let record): try put(record, &delta)
        // All checks may be others now.
        case .end: snapshot.indexes.checks = delta.index
        }
    }

    private mutating func begin(at index: UInt64, _ delta: inout CatalogDelta) {
        let old = snapshot
        snapshot = CatalogSnapshot()
        snapshot.indexes = CatalogIndexes()
        snapshot.indexes.catalog = max(index, delta.index)
        snapshot.indexes.nodes = delta.index
        snapshot.indexes.services = delta.index
        snapshot.indexes.checks = delta.index
        snapshot.indexes.extinction = delta.index
        snapshot.keys.removeAll(under: KeyPrefix(octets: []), at: delta.index)
        snapshot.sessions.index = delta.index
        snapshot.events.index = delta.index
        snapshot.queries.index = delta.index
        delta.services.formUnion(old.serviceEntries.keys)
        delta.nodes.formUnion(old.nodeEntries.keys)
        delta.keys.formUnion(old.keys.entries(under: KeyPrefix(octets: [])).map(\.key))
        delta.keys.formUnion(old.sessions.lockDelays.keys)
        delta.sessions.formUnion(old.sessions.all.map(\.value.id))
        delta.hasEvents = true
        delta.hasQueries = true
    }

    private mutating func put(_ record: CatalogRecord, _ delta: inout CatalogDelta) throws(CatalogError) {
        let index = delta.index
        switch record {
        case .indexes, .service, .keyIndexes, .eventIndex, .queryIndex: break
        case .node(let node, let checks):
            var entry = NodeEntry(node: node.changed(at: index))
            entry.checks = checks.map { $0.changed(at: index) }
            snapshot.nodeEntries[node.value.name] = entry
            snapshot.indexes.nodes = index
            if !checks.isEmpty { snapshot.indexes.checks = index }
            delta.nodes.insert(node.value.name)
        case .instance(let instance, let checks):
            let value = instance.value
            guard snapshot.nodeEntries[value.node] != nil else { throw .unknownNode(value.node) }
            var shared = instance.changed(at: index)
            shared.value = sharingStorage(value)
            place(InstanceEntry(instance: shared, checks: checks.map { $0.changed(at: index) }), &delta)
            for check in checks { snapshot.nodeEntries[value.node]?.checkedInstances[check.value.id] = value.id }
            snapshot.indexes.services = index
            if !checks.isEmpty { snapshot.indexes.checks = index }
            delta.nodes.insert(value.node)
        case .session(let session):
            snapshot.sessions.add(session.changed(at: index))
            snapshot.sessions.index = index
            delta.sessions.insert(session.value.id)
        case .key(let entry): place(entry, insteadOf: nil, &delta)
        case .lockDelay(let key, let duration):
            snapshot.sessions.beginLockDelay(of: key, duration)
            delta.keys.insert(key)
        case .event(let event):
            snapshot.events.add(Indexed(value: event.value, createIndex: index, modifyIndex: index))
            delta.hasEvents = true
        case .query(let query):
            snapshot.queries.put(query.changed(at: index))
            snapshot.queries.index = index
            delta.hasQueries = true
        }
    }
}

extension Indexed {
    fileprivate func changed(at index: UInt64) -> Indexed {
        Indexed(value: value, createIndex: createIndex, modifyIndex: index)
    }
}
