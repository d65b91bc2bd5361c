import HashTreeCollections

extension CatalogState {
    mutating func apply(_ change: SessionChange, _ delta: inout CatalogDelta) throws(CatalogError) {
        switch change {
        case .put(let session):
            guard snapshot.sessions.session(session.id) == nil else { return }
            if let reason = snapshot.reasonToEnd(session) { throw reason }
            snapshot.sessions.add(Indexed(value: session, createIndex: delta.index, modifyIndex: delta.index))
            snapshot.sessions.index = delta.index
            delta.sessions.insert(session.id)
        case .remove(let id): endSession(id, &delta)
        }
    }

    /// Ends the sessions that cannot go on after a change to the catalog, as a part of that change.
    ///
    /// - Parameter change: has been applied.
    mutating func endInvalidSessions(after change: CatalogChange, _ delta: inout CatalogDelta) {
        switch change {
        case .key, .session, .event, .query, .putNode, .restoration(.begin), .restoration(.record): break
        case .setStatus(let key, _, output: _), .removeCheck(let key): endInvalidSessions(boundTo: key, &delta)
        case .putCheck(let check): endInvalidSessions(boundTo: check.key, &delta)
        default:
            if snapshot.indexes.checks == delta.index {
                for check in snapshot.sessions.boundChecks { endInvalidSessions(boundTo: check, &delta) }
            }
            guard snapshot.indexes.nodes == delta.index else { return }
            for node in snapshot.sessions.boundNodes where snapshot.node(node) == nil {
                for session in snapshot.sessions.sessions(on: node) { endSession(session.value.id, &delta) }
            }
        }
    }

    private mutating func endInvalidSessions(boundTo check: CheckKey, _ delta: inout CatalogDelta) {
        guard snapshot.reasonToEnd(boundTo: check) != nil else { return }
        for id in snapshot.sessions.sessions(boundTo: check) { endSession(id, &delta) }
    }

    /// Ends a session and all it holds.
    private mutating func endSession(_ id: SessionID, _ delta: inout CatalogDelta) {
        guard let session = snapshot.sessions.session(id)?.value else { return }
        for key in snapshot.sessions.keys(heldBy: id) {
            guard let entry = snapshot.keys.entry(key) else { continue }
            switch session.behavior {
            case .release:
                var released = entry
                released.session = nil
                place(released, insteadOf: entry, &delta)
            case .delete: remove(entry, &delta)
            }
            if session.lockDelay > .zero { snapshot.sessions.beginLockDelay(of: key, session.lockDelay) }
        }
        for query in snapshot.queries.queries(of: id) { removeQuery(query, &delta) }
        snapshot.sessions.remove(session)
        snapshot.sessions.index = delta.index
        delta.sessions.insert(id)
    }
}

extension CatalogSnapshot {
    /// Why a session cannot begin or go on; `nil`: it can.
    func reasonToEnd(_ session: Session) -> CatalogError? {
        guard node(session.node) != nil else { return .missingNode(session.node) }
        return session.boundChecks.lazy.compactMap { reasonToEnd(boundTo: $0) }.first
    }

    fileprivate func reasonToEnd(boundTo key: CheckKey) -> CatalogError? {
        guard let check = check(key)?.value else {
            return key.id == Session.nodeHealthCheck ? nil : .missingCheck(key.id)
        }
        return check.status == .critical ? .criticalCheck(key.id) : nil
    }
}
