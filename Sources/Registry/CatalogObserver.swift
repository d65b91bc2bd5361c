/// A reader that must be up to date before a write is acknowledged, such as the DNS answers.
package protocol CatalogObserver: Sendable {
    /// Called once, when it joins and before any change: what there is. Where an observer says nothing else, it hears of
    /// that as of a change from the empty catalog.
    func observationDidBegin(with snapshot: CatalogSnapshot)

    /// Called by the one writer after each batch, in order, before the batch is acknowledged. Must be quick and must not
    /// submit changes.
    ///
    /// - Parameter delta: the names that differ between `old` and `new`; empty where only the index does.
    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta)
}

/// What an observer hears of.
package enum ObservedScope: Sendable {
    /// Services, nodes, and prepared queries.
    case catalog
    /// These, keys and sessions.
    case everything
}

extension CatalogObserver {
    package func observationDidBegin(with snapshot: CatalogSnapshot) {
        catalogDidChange(from: CatalogSnapshot(), to: snapshot, delta: snapshot.names)
    }
}
