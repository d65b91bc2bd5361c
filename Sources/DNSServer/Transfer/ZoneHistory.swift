import DNS
import DequeModule
import HashTreeCollections

/// All of a zone at one serial: immutable, and cheap to hold while it is sent.
struct ZoneVersion: Sendable {
    /// Exactly one record.
    var soa: RRSet
    /// Every set but the SOA, by owner; no owner without sets.
    var sets: TreeDictionary<DomainName, [RRSet]>
}

/// What a zone lost and gained from one serial to the next (RFC 1995 4).
struct ZoneDelta: Sendable {
    var from: RRSet
    var to: RRSet
    /// Records, in sets; none is in both.
    var removed: [RRSet]
    var added: [RRSet]

    var recordCount: Int { 2 + (removed + added).reduce(0) { $0 + $1.rdata.count } }
}

/// A zone as it is now, with its last changes, as many as are worth keeping.
struct ZoneHistory: Sendable {
    private(set) var version: ZoneVersion
    private var deltas: Deque<ZoneDelta> = []
    private var recordCount = 0

    /// Records of changes that are kept: more are sent no faster than most zones are as a whole.
    static let longest = 50_000

    init(_ version: ZoneVersion) { self.version = version }

    mutating func advance(to next: ZoneVersion, removed: [RRSet], added: [RRSet]) {
        let delta = ZoneDelta(from: version.soa, to: next.soa, removed: removed, added: added)
        version = next
        deltas.append(delta)
        recordCount += delta.recordCount
        while recordCount > Self.longest, let oldest = deltas.popFirst() { recordCount -= oldest.recordCount }
    }

    /// The changes since the zone had `serial`, oldest first; `nil` if they are not known any more, or never were.
    func deltas(since serial: UInt32) -> [ZoneDelta]? {
        guard let first = deltas.lastIndex(where: { $0.from.serial == serial }) else { return nil }
        return Array(deltas[first...])
    }

    /// The changes that make `old` `new`, record by record. A set whose TTL changes is taken away and put back.
    static func difference(from old: [RRSet], to new: [RRSet]) -> (removed: [RRSet], added: [RRSet]) {
        (Self.surplus(of: old, over: new), Self.surplus(of: new, over: old))
    }

    private static func surplus(of sets: [RRSet], over others: [RRSet]) -> [RRSet] {
        sets.compactMap { set in
            guard let other = others.first(where: { $0.type == set.type && $0.timeToLive == set.timeToLive }) else {
                return set
            }
            let known = Set(other.rdata)
            var set = set
            set.rdata.removeAll(where: known.contains)
            return set.rdata.isEmpty ? nil : set
        }
    }
}
