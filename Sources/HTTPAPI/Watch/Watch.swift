import NIOCore
import Registry

/// A watched thing, and what its reader was told of it.
///
/// It is told what is, not what happened in between: a reader that is slow misses steps, but never where they led. What is
/// told is encoded once, however many readers a change concerns.
struct Watch {
    let thing: WatchedThing
    private let datacenter: String
    private let encoded: EncodedAnswers
    /// The index up to which the reader has heard of everything; `nil`: of nothing.
    private var seen: UInt64?
    /// What it knows: of a list, the catalog that has it, for as long as another has not taken its place.
    private var known: CatalogSnapshot?
    /// What it knows, if that is not a list.
    private var fingerprint: Int?

    /// - Parameter seen: the index that the reader was last told, when it had another connection.
    init(
        _ thing: WatchedThing, seen: UInt64?, in snapshot: CatalogSnapshot, datacenter: String, encoded: EncodedAnswers
    ) {
        self.thing = thing
        self.datacenter = datacenter
        self.encoded = encoded
        // What is newer than that is told whole. A greater index than there is belongs to a catalog that is gone.
        guard let seen, seen <= snapshot.index, thing.index(in: snapshot) <= seen else { return }
        self.seen = seen
        if thing.isList {
            known = snapshot
        } else {
            fingerprint = thing.fingerprint(in: snapshot)
        }
    }

    /// What the reader is to be told: JSON in one line.
    ///
    /// - Returns: `nil`: nothing that it does not know.
    mutating func news(in snapshot: CatalogSnapshot) throws -> ByteBuffer? {
        let index = thing.index(in: snapshot)
        if let seen, index <= seen { return nil }
        seen = index
        if thing.isList { return try changes(to: snapshot, index) }
        let fingerprint = thing.fingerprint(in: snapshot)
        guard fingerprint != self.fingerprint else { return nil }
        self.fingerprint = fingerprint
        return try encoded.answer(to: "watch \(thing)", version: index) {
            try thing.state(in: snapshot, datacenter: datacenter).json(index: index)
        }
    }

    private mutating func changes(to snapshot: CatalogSnapshot, _ index: UInt64) throws -> ByteBuffer? {
        let old = known
        known = snapshot
        let start = old.map { " after \(thing.index(in: $0))" } ?? ""
        let json = try encoded.answer(to: "watch \(thing)\(start)", version: index) {
            // Nothing stands for nothing.
            try thing.changes(from: old, to: snapshot)?.json(index: index) ?? ByteBuffer()
        }
        return json.readableBytes == 0 ? nil : json
    }
}
