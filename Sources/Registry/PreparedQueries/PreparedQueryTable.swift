import HashTreeCollections

/// All prepared queries at one index: immutable, and cheap to copy.
package struct PreparedQueryTable: Sendable {
    private var queries: TreeDictionary<PreparedQueryID, Indexed<PreparedQuery>> = [:]
    /// By name in lower case; of those without a name the template alone.
    private var names: TreeDictionary<String, PreparedQueryID> = [:]
    /// What follows a dot in a name, and after how many dots it does: names in DNS that have others below them.
    private var parents: TreeDictionary<String, Int> = [:]
    private var ofSession: TreeDictionary<SessionID, TreeSet<PreparedQueryID>> = [:]
    /// How many octets the names of templates have, and how many of them have so many.
    private var templateLengths: [Int: Int] = [:]
    /// The index at which a query was last added, altered or removed.
    package internal(set) var index: UInt64 = 0

    package var count: Int { queries.count }

    package func query(_ id: PreparedQueryID) -> Indexed<PreparedQuery>? { queries[id] }

    /// In the order of their ids.
    package var all: [Indexed<PreparedQuery>] { queries.values.sorted { $0.value.id < $1.value.id } }

    /// The query that a name is asked of: the one with this id, or with this name, or the template with the longest name that
    /// this one begins with.
    ///
    /// - Parameter text: compared without case.
    package func find(_ text: String) -> Indexed<PreparedQuery>? {
        let folded = CaselessText(text).folded
        if let query = queries[folded] ?? names[folded].flatMap({ queries[$0] }), !folded.isEmpty { return query }
        for length in templateLengths.keys.sorted(by: >) where length <= folded.utf8.count {
            guard let prefix = String(validating: folded.utf8.prefix(length), as: UTF8.self),
                let query = names[prefix].flatMap({ queries[$0] }), query.value.template != nil
            else { continue }
            return query
        }
        return nil
    }

    /// Whether a query's name ends in a dot and this one. What a template would answer for has no name before it is asked.
    ///
    /// - Parameter text: compared without case.
    package func isParent(_ text: String) -> Bool { parents[CaselessText(text).folded] != nil }

    func queries(of session: SessionID) -> TreeSet<PreparedQueryID> { ofSession[session] ?? [] }

    /// - Throws: ``CatalogError`` if another query has the name.
    func ensureNameIsFree(for query: PreparedQuery) throws(CatalogError) {
        if let id = query.nameKey.flatMap({ names[$0] }), id != query.id {
            throw query.name.isEmpty ? .secondCatchAll : .queryNameTaken(query.name)
        }
        let folded = CaselessText(query.name).folded
        if queries[folded] != nil { throw .queryNameIsID(query.name) }
    }

    // MARK: Changing

    mutating func put(_ query: Indexed<PreparedQuery>) {
        remove(query.value.id)
        let value = query.value
        queries[value.id] = query
        if let key = value.nameKey { names[key] = value.id }
        for parent in value.parents { parents[parent, default: 0] += 1 }
        if let session = value.session { ofSession[session, default: []].insert(value.id) }
        if value.template != nil { templateLengths[value.name.utf8.count, default: 0] += 1 }
    }

    mutating func remove(_ id: PreparedQueryID) {
        guard let value = queries.removeValue(forKey: id)?.value else { return }
        if let key = value.nameKey { names[key] = nil }
        for parent in value.parents {
            guard let count = parents[parent] else { continue }
            parents[parent] = count > 1 ? count - 1 : nil
        }
        if let session = value.session {
            ofSession[session]?.remove(id)
            if ofSession[session]?.isEmpty == true { ofSession[session] = nil }
        }
        let length = value.name.utf8.count
        guard value.template != nil, let count = templateLengths[length] else { return }
        templateLengths[length] = count > 1 ? count - 1 : nil
    }
}

extension PreparedQuery {
    /// What it is found by, besides its id; `nil`: nothing.
    fileprivate var nameKey: String? { name.isEmpty && template == nil ? nil : CaselessText(name).folded }

    /// Every end of its name that follows a dot.
    fileprivate var parents: [String] {
        guard template == nil else { return [] }
        let folded = CaselessText(name).folded
        return folded.indices.filter { folded[$0] == "." }.map { String(folded[folded.index(after: $0)...]) }
            .filter { !$0.isEmpty }
    }
}
