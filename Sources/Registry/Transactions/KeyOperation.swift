/// One thing to do with keys, by Consul's names for it.
///
/// - SeeAlso: Consul's "Transaction" page, "KV Operations"; the errors are Consul's.
package enum KeyOperation: Hashable, Sendable {
    package struct Content: Hashable, Sendable {
        package var value: [UInt8]
        package var flags: UInt64

        package init(value: [UInt8], flags: UInt64) {
            self.value = value
            self.flags = flags
        }
    }

    case set(Key, Content)
    /// Only if the key was last changed at `index`; 0: only if it is not there.
    case compareAndSet(Key, Content, index: UInt64)
    /// Only if nobody else holds the key's lock, and none is delayed.
    case lock(Key, Content, SessionID)
    /// Only if the session holds the key's lock.
    case unlock(Key, Content, SessionID)
    case get(Key)
    case getTree(KeyPrefix)
    case checkIndex(Key, UInt64)
    case checkSession(Key, SessionID)
    case checkNotExists(Key)
    case delete(Key)
    case deleteTree(KeyPrefix)
    /// Only if the key was last changed at `index`, or is not there.
    case compareAndDelete(Key, index: UInt64)

    var isRead: Bool {
        switch self {
        case .get, .getTree, .checkIndex, .checkSession, .checkNotExists: true
        case .set, .compareAndSet, .lock, .unlock, .delete, .deleteTree, .compareAndDelete: false
        }
    }

    /// What the operation changes; `nil`: nothing.
    func change(in snapshot: CatalogSnapshot) throws(TransactionFault.Reason) -> KeyChange? {
        switch self {
        case .set(let key, let content): return .put(key, value: content.value, flags: content.flags)
        case .compareAndSet(let key, let content, let index):
            guard (snapshot.keys.entry(key)?.modifyIndex ?? 0) == index else {
                throw .conflict("failed to set key \"\(key.text)\", index is stale")
            }
            return .put(key, value: content.value, flags: content.flags)
        case .lock(let key, let content, let session):
            try Self.checkLock(on: key, for: session, in: snapshot)
            return .lock(key, value: content.value, flags: content.flags, session)
        case .unlock(let key, let content, let session):
            guard !session.isEmpty else { throw .impossible("missing session") }
            guard snapshot.keys.entry(key)?.session == session else {
                throw .conflict("failed to unlock key \"\(key.text)\", lock isn't held, or is held by another session")
            }
            return .unlock(key, value: content.value, flags: content.flags)
        case .delete(let key): return .remove(key)
        case .deleteTree(let prefix): return .removeAll(under: prefix)
        case .compareAndDelete(let key, let index):
            guard let entry = snapshot.keys.entry(key) else { return nil }
            guard entry.modifyIndex == index else {
                throw .conflict("failed to delete key \"\(key.text)\", index is stale")
            }
            return .remove(key)
        case .get, .getTree, .checkIndex, .checkSession, .checkNotExists:
            try check(in: snapshot)
            return nil
        }
    }

    private static func checkLock(
        on key: Key, for session: SessionID, in snapshot: CatalogSnapshot
    ) throws(TransactionFault.Reason) {
        guard !session.isEmpty else { throw .impossible("missing session") }
        guard snapshot.sessions.session(session) != nil else {
            throw .impossible(CatalogError.unknownSession(session).description)
        }
        if snapshot.sessions.isDelayed(key) {
            throw .conflict("failed to lock key \"\(key.text)\" due to lock delay")
        }
        if let holder = snapshot.keys.entry(key)?.session, holder != session {
            throw .conflict("failed to lock key \"\(key.text)\", lock is already held")
        }
    }

    private func check(in snapshot: CatalogSnapshot) throws(TransactionFault.Reason) {
        switch self {
        case .get(let key):
            guard snapshot.keys.entry(key) != nil else { throw .conflict("key \"\(key.text)\" doesn't exist") }
        case .checkIndex(let key, let index):
            guard let entry = snapshot.keys.entry(key) else {
                throw .conflict("failed to check index, key \"\(key.text)\" doesn't exist")
            }
            guard entry.modifyIndex == index else {
                throw .conflict(
                    "failed index check for key \"\(key.text)\", current modify index \(entry.modifyIndex) != \(index)")
            }
        case .checkSession(let key, let session):
            guard let entry = snapshot.keys.entry(key) else {
                throw .conflict("failed to check session, key \"\(key.text)\" doesn't exist")
            }
            let holder = entry.session ?? ""
            guard holder == session else {
                throw .conflict(
                    "failed session check for key \"\(key.text)\", current session \"\(holder)\" != \"\(session)\"")
            }
        case .checkNotExists(let key):
            guard snapshot.keys.entry(key) == nil else { throw .conflict("key \"\(key.text)\" exists") }
        default: break
        }
    }

    /// What the operation answers after its change.
    func results(in snapshot: CatalogSnapshot) -> [Transaction.Result] {
        switch self {
        case .get(let key): snapshot.keys.entry(key).map { [.key($0)] } ?? []
        case .getTree(let prefix): snapshot.keys.entries(under: prefix).map { .key($0) }
        case .set(let key, _), .compareAndSet(let key, _, _), .lock(let key, _, _), .unlock(let key, _, _),
            .checkIndex(let key, _), .checkSession(let key, _):
            snapshot.keys.entry(key).map { [.keyWithoutValue($0)] } ?? []
        case .checkNotExists, .delete, .deleteTree, .compareAndDelete: []
        }
    }
}
