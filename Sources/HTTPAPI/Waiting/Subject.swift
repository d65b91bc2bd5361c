import Registry

/// A part of the catalog that a read shows, and that its reader may wait on.
enum Subject: Hashable, Sendable {
    /// The nodes themselves.
    case nodes
    /// Which instances there are, and what was registered of them.
    case services
    /// Every check.
    case checks
    /// One service: its instances, their checks, and the nodes they are on.
    case service(ServiceName)
    /// Services that nobody has an instance of any more.
    case extinctions
    case key(Key)
    /// All keys with a prefix.
    case keys(under: KeyPrefix)
    /// All sessions.
    case sessions
    /// All events.
    case events
    /// All prepared queries.
    case queries
}

extension CatalogSnapshot {
    /// The index of the newest change to any of `subjects`: what readers of them all wait on.
    ///
    /// Never 0, which would tell a client to start over (Consul's rules for blocking queries).
    func index(of subjects: [Subject]) -> UInt64 { subjects.map(index).reduce(1, max) }

    private func index(of subject: Subject) -> UInt64 {
        switch subject {
        case .nodes: nodesIndex
        case .services: servicesIndex
        case .checks: checksIndex
        case .service(let name): index(of: name)
        case .extinctions: extinctionIndex
        case .key(let key): keys.index(of: key)
        case .keys(let prefix): keys.index(under: prefix)
        case .sessions: sessions.index
        case .events: events.index
        case .queries: queries.index
        }
    }
}
