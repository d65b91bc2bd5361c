import Registry

/// Changes of services with very many instances, kept back to be published together.
struct GatheredChanges {
    struct Change {
        /// The catalog as these names were published from it.
        var base: CatalogSnapshot
        var delta: CatalogDelta
    }

    /// By the one service in their delta.
    private var changes: [ServiceName: Change] = [:]
    /// The catalog after the newest of all changes, as long as any is kept back.
    private var latest = CatalogSnapshot()

    var isEmpty: Bool { changes.isEmpty }

    /// Keeps back what a delta says of services that have more than `limit` instances before it and after it.
    ///
    /// - Returns: what is to be published now, up to `new`: the rest, and what was kept back of services that have fewer.
    mutating func sift(
        _ delta: CatalogDelta, from old: CatalogSnapshot, to new: CatalogSnapshot, limit: Int
    ) -> [Change] {
        var rest = delta
        var due: [Change] = []
        for name in delta.services {
            let isLarge = old.instanceCount(of: name) > limit && new.instanceCount(of: name) > limit
            guard isLarge || changes[name] != nil else { continue }
            rest.services.remove(name)
            let own = CatalogDelta(index: delta.index, services: [name], nodes: delta.nodes)
            changes[name, default: Change(base: old, delta: own)].delta.merge(own)
            if !isLarge, let change = changes.removeValue(forKey: name) { due.append(change) }
        }
        latest = changes.isEmpty ? CatalogSnapshot() : new
        return [Change(base: old, delta: rest)] + due
    }

    /// - Returns: all that was kept back, to be published up to `latest`.
    mutating func takeAll() -> (changes: [Change], latest: CatalogSnapshot) {
        defer { self = GatheredChanges() }
        return (Array(changes.values), latest)
    }
}

extension CatalogSnapshot {
    fileprivate func instanceCount(of name: ServiceName) -> Int { service(name)?.instances.count ?? 0 }
}
