/// What one or more changes touched: the names whose readers must look again.
package struct CatalogDelta: Hashable, Sendable {
    /// The catalog's index after the change.
    package var index: UInt64
    /// Services with an instance added, removed or altered, or whose health or node's address may have changed.
    package var services: Set<ServiceName>
    package var nodes: Set<NodeName>
    /// Keys added, removed, altered, locked or unlocked.
    package var keys: Set<Key> = []
    package var sessions: Set<SessionID> = []
    package var hasEvents = false
    /// Whether prepared queries were added, altered or removed.
    package var hasQueries = false
    /// Whether an index was taken for something beside the catalog (``CatalogChange/advance``).
    package var isAdvance = false

    package init(index: UInt64, services: Set<ServiceName> = [], nodes: Set<NodeName> = []) {
        self.index = index
        self.services = services
        self.nodes = nodes
    }

    package var isEmpty: Bool {
        services.isEmpty && nodes.isEmpty && keys.isEmpty && sessions.isEmpty && !hasEvents && !hasQueries
            && !isAdvance
    }

    /// What it says of services, nodes and the queries for them, for readers of these alone.
    var ofCatalog: CatalogDelta {
        var delta = CatalogDelta(index: index, services: services, nodes: nodes)
        delta.hasQueries = hasQueries
        delta.isAdvance = isAdvance
        return delta
    }

    /// Becomes a delta that says nothing yet, in the memory it has where that is little.
    mutating func reuse(at index: UInt64) {
        services.removeAll(keepingCapacity: services.count < 16)
        self = CatalogDelta(index: index, services: services)
    }

    /// Both deltas in one, for a reader that missed the first.
    package mutating func merge(_ later: CatalogDelta) {
        index = max(index, later.index)
        services.formUnion(later.services)
        nodes.formUnion(later.nodes)
        keys.formUnion(later.keys)
        sessions.formUnion(later.sessions)
        hasEvents = hasEvents || later.hasEvents
        hasQueries = hasQueries || later.hasQueries
        isAdvance = isAdvance || later.isAdvance
    }
}
