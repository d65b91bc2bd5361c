import HashTreeCollections

extension CatalogState {
    /// - Throws: ``CatalogError/unknownSession(_:)`` for a lock.
    mutating func apply(_ change: KeyChange, _ delta: inout CatalogDelta) throws(CatalogError) {
        switch change {
        case .put(let key, let value, let flags):
            put(key, value, flags, heldBy: snapshot.keys.entry(key)?.session, &delta)
        case .lock(let key, let value, let flags, let session):
            guard snapshot.sessions.session(session) != nil else { throw .unknownSession(session) }
            put(key, value, flags, heldBy: session, &delta)
        case .unlock(let key, let value, let flags): put(key, value, flags, heldBy: nil, &delta)
        case .remove(let key):
            guard let entry = snapshot.keys.entry(key) else { return }
            remove(entry, &delta)
        case .removeAll(let prefix): removeAll(under: prefix, &delta)
        case .endLockDelay(let key):
            guard snapshot.sessions.endLockDelay(of: key) else { return }
            delta.keys.insert(key)
        }
    }

    private mutating func put(
        _ key: Key, _ value: [UInt8], _ flags: UInt64, heldBy session: SessionID?, _ delta: inout CatalogDelta
    ) {
        let old = snapshot.keys.entry(key)
        let isLocked = session != nil && session != old?.session
        let new = KeyEntry(
            key: key, value: value, flags: flags, lockIndex: (old?.lockIndex ?? 0) + (isLocked ? 1 : 0),
            session: session, createIndex: old?.createIndex ?? delta.index,
            modifyIndex: old?.modifyIndex ?? delta.index)
        guard new != old else { return }
        place(new, insteadOf: old, &delta)
    }

    /// Puts an entry in the place of the one with its key, under the change's index.
    mutating func place(_ entry: KeyEntry, insteadOf old: KeyEntry?, _ delta: inout CatalogDelta) {
        var entry = entry
        entry.modifyIndex = delta.index
        snapshot.keys.put(entry)
        snapshot.sessions.noteHolder(of: entry.key, was: old?.session, is: entry.session)
        delta.keys.insert(entry.key)
    }

    mutating func remove(_ entry: KeyEntry, _ delta: inout CatalogDelta) {
        snapshot.keys.remove(entry.key, at: delta.index)
        snapshot.sessions.noteHolder(of: entry.key, was: entry.session, is: nil)
        delta.keys.insert(entry.key)
    }

    private mutating func removeAll(under prefix: KeyPrefix, _ delta: inout CatalogDelta) {
        let entries = snapshot.keys.entries(under: prefix)
        guard !entries.isEmpty else { return }
        snapshot.keys.removeAll(under: prefix, at: delta.index)
        for entry in entries {
            snapshot.sessions.noteHolder(of: entry.key, was: entry.session, is: nil)
            delta.keys.insert(entry.key)
        }
    }
}
