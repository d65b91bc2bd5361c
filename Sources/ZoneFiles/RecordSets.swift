import DNS

/// Records gathered into sets, the sets by owner.
struct RecordSets {
    private(set) var byOwner: [DomainName: [RRSet]] = [:]

    /// - Parameter records: of a type several may be the same, and of a set the TTLs may differ.
    init(_ records: [MasterRecord]) {
        for record in records { Self.add(record, to: &byOwner[record.owner, default: []]) }
        for (owner, sets) in byOwner where sets.contains(where: { $0.rdata.count > 1 }) {
            byOwner[owner] = sets.map(Self.withoutRepetition)
        }
    }

    subscript(owner: DomainName) -> [RRSet] { byOwner[owner] ?? [] }

    func set(_ owner: DomainName, _ type: RecordType) -> RRSet? {
        byOwner[owner]?.first { $0.type == type }
    }

    func has(_ owner: DomainName, _ type: RecordType) -> Bool { set(owner, type) != nil }

    private static func add(_ record: MasterRecord, to sets: inout [RRSet]) {
        guard let position = sets.firstIndex(where: { $0.type == record.type }) else {
            sets.append(
                RRSet(
                    owner: sets.first?.owner ?? record.owner, type: record.type,
                    timeToLive: record.timeToLive,
                    rdata: [record.rdata]))
            return
        }
        // RFC 2181 5.2: the TTLs of a set must be the same; where a file differs, the lowest does no harm.
        sets[position].timeToLive = min(sets[position].timeToLive, record.timeToLive)
        sets[position].rdata.append(record.rdata)
    }

    private static func withoutRepetition(_ set: RRSet) -> RRSet {
        guard set.rdata.count > 1 else { return set }
        var set = set
        var seen: Set<[UInt8]> = []
        set.rdata.removeAll { !seen.insert($0).inserted }
        return set
    }
}
