/// The durable, ordered log of what was done to the catalog: the one seam between the registry and storage.
///
///     position    41         42            43          44
///              ┌──────────────────┐ ┌───────────┐ ┌────────────┐
///              │ snapshot up to 42│ │ putNode   │ │ setStatus  │  ...
///              └──────────────────┘ └───────────┘ └────────────┘
///
/// A position is the catalog's index after the entry: one more than the entry before, or more where that began a restoration
/// and so moved the index on. A journal is opened by its own
/// initializer, which reads back what is there; it has one user, the registry, which never calls it twice at once except
/// for ``store(_:)``. It may be a file on this machine or a log that several machines agree on.
package protocol Journal: Sendable {
    /// Gives away what was found at opening: the newest snapshot with all entries after it applied. Asked for once.
    func takeRecovery() -> Recovery

    /// Adds entries at the end, all or none. When this returns ``AppendOutcome/durable``, they survive a crash and a
    /// power loss: they are acknowledged up to the last one's position. It may block the calling thread, which is the
    /// registry's own.
    ///
    /// - Parameter entries: at least one; the first follows on the newest position, the others on each other.
    /// - Throws: ``JournalError``. Nothing was added, and a later call may succeed.
    func append(_ entries: [JournalEntry]) async throws(JournalError) -> AppendOutcome

    /// Entries that others added, in order, for a journal that has several writers; ends at once for one that has not.
    /// What ``append(_:)`` has handed over already may come again.
    var arrivals: AsyncStream<[JournalEntry]> { get }

    /// Stores a whole catalog and drops the entries it covers. Appends go on meanwhile. If the task is cancelled or the
    /// process dies before the end, what was there before stays.
    ///
    /// - Throws: ``JournalError``. What was there before stays.
    func store(_ snapshot: CatalogSnapshot) async throws(JournalError)

    /// Ends all use. Nothing is lost if it is never called.
    func close() async throws(JournalError)
}

/// One change and its place in the order.
package struct JournalEntry: Hashable, Sendable {
    /// The catalog's index after the change, but for one that begins a restoration and moves it on.
    package var position: UInt64
    package var change: CatalogChange

    package init(position: UInt64, change: CatalogChange) {
        self.position = position
        self.change = change
    }
}

package enum AppendOutcome: Hashable, Sendable {
    case durable
    /// Another writer was first: nothing was added. These entries stand at the end now, in order.
    case overtaken(by: [JournalEntry])
}

/// What a journal held when it was opened.
package struct Recovery: Sendable {
    package private(set) var state = CatalogState()
    /// What was read after the newest snapshot, in entries of ordinary size.
    package private(set) var entryCount = 0
    /// What a person should know, such as that an unfinished write was dropped: whole sentences.
    package var remarks: [String] = []
    /// What the entry before touched: nobody is told.
    private var delta = CatalogDelta(index: 0)

    package init() {}

    /// Adds a piece of the snapshot.
    package mutating func restore(_ record: CatalogRecord) throws(CatalogError) { try state.restore(record) }

    /// Adds an entry after the snapshot.
    package mutating func replay(_ entry: JournalEntry) throws(CatalogError) {
        delta.reuse(at: entry.position)
        try state.replay(entry, &delta)
        entryCount += entry.change.weight
    }
}

extension CatalogState {
    /// Applies an entry that a journal holds already.
    package mutating func replay(_ entry: JournalEntry) throws(CatalogError) -> CatalogDelta {
        var delta = CatalogDelta(index: entry.position)
        try replay(entry, &delta)
        return delta
    }

    fileprivate mutating func replay(_ entry: JournalEntry, _ delta: inout CatalogDelta) throws(CatalogError) {
        try apply(entry.change, &delta)
        snapshot.indexes.catalog = max(entry.position, snapshot.index)
    }
}
