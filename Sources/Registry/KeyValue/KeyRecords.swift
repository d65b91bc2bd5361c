import HashTreeCollections

extension CatalogSnapshot {
    /// Keys, sessions and events piece by piece; nothing where there never were any.
    var keyRecords: some Sequence<CatalogRecord> {
        let hasIndexes = keys.removalIndex > 0 || sessions.index > 0
        let indexes = hasIndexes ? [CatalogRecord.keyIndexes(removal: keys.removalIndex, sessions: sessions.index)] : []
        let sessionRecords = sessions.all.lazy.map { CatalogRecord.session($0) }
        let entries = keys.tree.root.entries.lazy.map { CatalogRecord.key($0) }
        let delays = sessions.lockDelays.lazy.map { CatalogRecord.lockDelay($0.key, $0.value) }
        let eventRecords = events.events.lazy.map { CatalogRecord.event($0) }
        let hasOlderEvents = events.index <= events.events.last?.createIndex ?? 0
        let eventIndexes = hasOlderEvents ? [] : [CatalogRecord.eventIndex(events.index)]
        return [
            AnySequence(indexes), AnySequence(sessionRecords), AnySequence(entries), AnySequence(delays),
            AnySequence(eventRecords), AnySequence(eventIndexes),
        ].joined()
    }
}

extension CatalogState {
    /// Adds the next piece of stored keys and sessions.
    mutating func restoreKeys(_ record: CatalogRecord) {
        switch record {
        case .keyIndexes(let removal, let sessions):
            snapshot.keys.restore(removalIndex: removal)
            snapshot.sessions.index = sessions
        case .session(let session): snapshot.sessions.add(session)
        case .key(let entry):
            snapshot.keys.put(entry)
            snapshot.sessions.noteHolder(of: entry.key, was: nil, is: entry.session)
        case .lockDelay(let key, let duration): snapshot.sessions.beginLockDelay(of: key, duration)
        default: preconditionFailure("not a record of keys or sessions")
        }
    }
}
