extension CatalogState {
    mutating func apply(_ change: PreparedQueryChange, _ delta: inout CatalogDelta) throws(CatalogError) {
        switch change {
        case .put(let query):
            if let session = query.session, snapshot.sessions.session(session) == nil {
                throw .unknownSession(session)
            }
            try snapshot.queries.ensureNameIsFree(for: query)
            let old = snapshot.queries.query(query.id)
            guard old?.value != query else { return }
            snapshot.queries.put(
                Indexed(value: query, createIndex: old?.createIndex ?? delta.index, modifyIndex: delta.index))
            snapshot.queries.index = delta.index
            delta.hasQueries = true
        case .remove(let id): removeQuery(id, &delta)
        }
    }

    mutating func removeQuery(_ id: PreparedQueryID, _ delta: inout CatalogDelta) {
        guard snapshot.queries.query(id) != nil else { return }
        snapshot.queries.remove(id)
        snapshot.queries.index = delta.index
        delta.hasQueries = true
    }
}

extension CatalogSnapshot {
    /// Prepared queries piece by piece; nothing where there never were any.
    var queryRecords: some Sequence<CatalogRecord> {
        let indexes = queries.index > 0 ? [CatalogRecord.queryIndex(queries.index)] : []
        return indexes + queries.all.map { .query($0) }
    }
}
