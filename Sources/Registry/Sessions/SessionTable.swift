import HashTreeCollections

/// All sessions at one index, what they hold, and what they hang on: immutable, and cheap to copy.
package struct SessionTable: Sendable {
    private var sessions: TreeDictionary<SessionID, Indexed<Session>> = [:]
    /// Only of sessions that hold any.
    private var heldKeys: TreeDictionary<SessionID, TreeSet<Key>> = [:]
    private var onNode: TreeDictionary<NodeName, TreeSet<SessionID>> = [:]
    private var onCheck: TreeDictionary<CheckKey, TreeSet<SessionID>> = [:]
    /// Keys that lost their lock with its session, and how long nobody else may have it.
    private(set) var lockDelays: TreeDictionary<Key, Duration> = [:]
    /// The index at which a session was last added or removed.
    package internal(set) var index: UInt64 = 0

    package var count: Int { sessions.count }
    package var isEmpty: Bool { sessions.isEmpty }

    package func session(_ id: SessionID) -> Indexed<Session>? { sessions[id] }

    /// In the order of their ids.
    package var all: [Indexed<Session>] { sessions.values.sorted { $0.value.id < $1.value.id } }

    /// In the order of their ids.
    package func sessions(on node: NodeName) -> [Indexed<Session>] {
        (onNode[node] ?? []).sorted().compactMap { sessions[$0] }
    }

    package func isDelayed(_ key: Key) -> Bool { lockDelays[key] != nil }

    func keys(heldBy id: SessionID) -> TreeSet<Key> { heldKeys[id] ?? [] }

    func sessions(boundTo check: CheckKey) -> TreeSet<SessionID> { onCheck[check] ?? [] }

    var boundNodes: some Collection<NodeName> { onNode.keys }
    var boundChecks: some Collection<CheckKey> { onCheck.keys }

    // MARK: Changing

    mutating func add(_ session: Indexed<Session>) {
        let value = session.value
        sessions[value.id] = session
        onNode[value.node, default: []].insert(value.id)
        for check in value.boundChecks { onCheck[check, default: []].insert(value.id) }
    }

    mutating func remove(_ session: Session) {
        sessions[session.id] = nil
        heldKeys[session.id] = nil
        onNode[session.node]?.remove(session.id)
        if onNode[session.node]?.isEmpty == true { onNode[session.node] = nil }
        for check in session.boundChecks {
            onCheck[check]?.remove(session.id)
            if onCheck[check]?.isEmpty == true { onCheck[check] = nil }
        }
    }

    mutating func noteHolder(of key: Key, was old: SessionID?, is new: SessionID?) {
        guard old != new else { return }
        if let old {
            heldKeys[old]?.remove(key)
            if heldKeys[old]?.isEmpty == true { heldKeys[old] = nil }
        }
        if let new { heldKeys[new, default: []].insert(key) }
    }

    mutating func beginLockDelay(of key: Key, _ duration: Duration) { lockDelays[key] = duration }

    /// - Returns: whether there was one.
    mutating func endLockDelay(of key: Key) -> Bool { lockDelays.removeValue(forKey: key) != nil }
}
