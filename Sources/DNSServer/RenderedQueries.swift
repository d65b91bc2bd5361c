import Registry

/// What templates of prepared queries have come to for names that were asked for, so that nothing is worked out twice.
struct RenderedQueries {
    private struct Known {
        var id: PreparedQueryID
        /// Of the template.
        var index: UInt64
        /// `nil`: it comes to nothing for this name.
        var query: PreparedQuery?
    }

    private var known: [String: Known] = [:]
    private var octets = 0

    /// Octets of texts that are kept.
    private static let room = 1 << 20
    /// What each costs besides its texts, about.
    private static let overhead = 500

    /// - Returns: `nil` if it is not known what this template comes to for this name.
    func query(_ name: String, of template: Indexed<PreparedQuery>) -> PreparedQuery?? {
        guard let found = known[name], found.id == template.value.id, found.index == template.modifyIndex else {
            return nil
        }
        return .some(found.query)
    }

    mutating func keep(_ query: PreparedQuery?, for name: String, of template: Indexed<PreparedQuery>) {
        let cost = Self.overhead + name.utf8.count + (query?.search.textSize ?? 0)
        guard cost <= Self.room else { return }
        if octets + cost > Self.room || known[name] != nil { self = RenderedQueries() }
        known[name] = Known(id: template.value.id, index: template.modifyIndex, query: query)
        octets += cost
    }
}

extension PreparedQuery.Search {
    fileprivate var textSize: Int {
        let texts = [service, near] + tags + ignoredChecks + failover.datacenters
        let pairs = nodeMeta.map { $0.key + $0.value } + serviceMeta.map { $0.key + $0.value }
        return (texts + pairs).reduce(0) { $0 + $1.utf8.count + 50 }
    }
}
