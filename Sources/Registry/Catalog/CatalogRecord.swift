import HashTreeCollections

/// One piece of a whole catalog, as journals store it: a catalog is its records in order, and its records are a catalog.
package enum CatalogRecord: Hashable, Sendable {
    /// Comes first.
    case indexes(CatalogIndexes)
    case node(Indexed<Node>, checks: [Indexed<HealthCheck>])
    /// Comes before the service's instances.
    case service(ServiceName, index: UInt64)
    /// Comes after its node and its service.
    case instance(Indexed<ServiceInstance>, checks: [Indexed<HealthCheck>])
    /// Comes before the keys and the sessions.
    case keyIndexes(removal: UInt64, sessions: UInt64)
    /// Comes after its node.
    case session(Indexed<Session>)
    /// Comes after the session that holds its lock.
    case key(KeyEntry)
    case lockDelay(Key, Duration)
    /// Comes after those before it.
    case event(Indexed<Event>)
    /// Comes after the events, where it is greater than theirs: a restoration has taken away newer ones.
    case eventIndex(UInt64)
    /// Comes before the queries.
    case queryIndex(UInt64)
    case query(Indexed<PreparedQuery>)
}

extension CatalogSnapshot {
    /// The catalog piece by piece, made while it is read.
    package var records: some Sequence<CatalogRecord> {
        let nodes = nodeEntries.values.lazy.map { CatalogRecord.node($0.node, checks: $0.checks) }
        let services = serviceEntries.values.lazy.flatMap { service in
            [.service(service.name, index: service.index)]
                + service.instances.map { CatalogRecord.instance($0.instance, checks: $0.checks) }
        }
        return [
            AnySequence([.indexes(indexes)]), AnySequence(nodes), AnySequence(services), AnySequence(keyRecords),
            AnySequence(queryRecords),
        ].joined()
    }

    /// How many nodes, instances, sessions, keys and queries there are: what the catalog weighs in a journal.
    var objectCount: Int {
        nodeCount + instanceCount + sessions.count + keys.weight + events.events.count + queries.count
    }
}

extension CatalogState {
    /// Adds the next piece of a stored catalog.
    ///
    /// - Throws: ``CatalogError`` if it is out of order. The state is then useless.
    package mutating func restore(_ record: CatalogRecord) throws(CatalogError) {
        switch record {
        case .indexes(let indexes):
            snapshot.indexes = indexes
        case .node(let node, let checks):
            var entry = NodeEntry(node: node)
            entry.checks = checks
            snapshot.nodeEntries[node.value.name] = entry
        case .service(let name, let index):
            var entry = ServiceEntry(name: name)
            entry.index = index
            snapshot.serviceEntries[name] = entry
        case .instance(let instance, let checks):
            try restore(instance, checks: checks)
        case .keyIndexes, .key, .session, .lockDelay: restoreKeys(record)
        case .event(let event): snapshot.events.add(event)
        case .eventIndex(let index): snapshot.events.index = max(index, snapshot.events.index)
        case .queryIndex(let index): snapshot.queries.index = index
        case .query(let query): snapshot.queries.put(query)
        }
    }

    private mutating func restore(
        _ instance: Indexed<ServiceInstance>, checks: [Indexed<HealthCheck>]
    ) throws(CatalogError) {
        let value = instance.value
        guard let index = snapshot.serviceEntries[value.name]?.index else { throw .unknownInstance(value.key) }
        let entry = InstanceEntry(
            instance: Indexed(
                value: sharingStorage(value), createIndex: instance.createIndex, modifyIndex: instance.modifyIndex),
            checks: checks)
        let isOnNode: Void? = snapshot.edit(value.node) { node in
            node.put(entry)
            for check in checks { node.checkedInstances[check.value.id] = value.id }
        }
        guard isOnNode != nil else { throw .unknownNode(value.node) }
        snapshot.serviceEntries.updateValue(forKey: value.name, default: ServiceEntry(name: value.name)) { service in
            service.put(entry, at: index)
        }
        latest = entry
    }
}
