import Registry

/// A watched thing, and what its reader was told of it.
///
/// It is told what is, not what happened in between: a reader that is slow misses steps, but never where they led.
struct Watch {
    let thing: WatchedThing
    private let datacenter: String
    /// The index up to which the reader has heard of everything; `nil`: of nothing.
    private var seen: UInt64?
    /// What it knows: of a list, the catalog that has it, for as long as another has not taken its place.
    private var known: CatalogSnapshot?
    /// What it knows, if that is not a list.
    private var fingerprint: Int?

    /// - Parameter seen: the index that the reader was last told, when it had another connection.
    init(_ thing: WatchedThing, seen: UInt64?, in snapshot: CatalogSnapshot, datacenter: String) throws {
        self.thing = thing
        self.datacenter = datacenter
        // What is newer than that is told whole. A greater index than there is belongs to a catalog that is gone.
        guard let seen, seen <= snapshot.index, thing.index(in: snapshot) <= seen else { return }
        self.seen = seen
        if thing.isList {
            known = snapshot
        } else {
            fingerprint = try thing.state(in: snapshot, datacenter: datacenter).fingerprint
        }
    }

    /// What the reader is to be told.
    ///
    /// - Returns: `nil`: nothing that it does not know.
    mutating func news(in snapshot: CatalogSnapshot) throws -> String? {
        let index = thing.index(in: snapshot)
        if let seen, index <= seen { return nil }
        seen = index
        if thing.isList {
            defer { known = snapshot }
            return try thing.changes(from: known, to: snapshot)?.json(index: index)
        }
        let state = try thing.state(in: snapshot, datacenter: datacenter)
        guard state.fingerprint != fingerprint else { return nil }
        fingerprint = state.fingerprint
        return state.json(index: index)
    }
}
