import DNS

/// The records of one zone, gathered into sets and cut at its delegations.
struct ZoneContents {
    let zone: Zone
    private let sets: [DomainName: [RRSet]]
    /// The names below the apex that have NS records: what lies under them is another server's (RFC 1034 4.2).
    private let delegations: Set<DomainName>

    /// - Throws: ``LocatedReason`` unless there is exactly one SOA, everything is at or below its owner, no alias has
    ///   other data, and nothing is below a DNAME.
    init(_ records: [MasterRecord]) throws(LocatedReason) {
        let apex = try Self.startOfAuthority(in: records)
        var sets: [DomainName: [RRSet]] = [:]
        for record in records {
            guard record.owner.isSubdomain(of: apex.owner) else {
                throw record.located(.outOfZone(owner: record.owner, apex: apex.owner))
            }
            Self.add(record, to: &sets[record.owner, default: []])
            guard Self.aliasStandsAlone(sets[record.owner, default: []]) else {
                throw record.located(.aliasWithOtherData(owner: record.owner))
            }
        }
        try Redirections.check(records, sets: sets, apex: apex.owner)
        self.sets = sets
        let soa = RRSet(owner: apex.owner, type: .soa, timeToLive: apex.timeToLive, rdata: [apex.rdata])
        zone = Zone(apex: apex.owner, source: .masterFile, soa: soa)
        delegations = Set(
            sets.lazy.filter { owner, sets in owner != apex.owner && sets.contains { $0.type == .ns } }.map(\.key))
    }

    /// What is published at each name, in the order of the names' text.
    var owners: [OwnerRecords] {
        sets.keys.filter { !isOccluded($0) }.sorted { $0.description < $1.description }.map { owner in
            let own = published(at: owner)
            return OwnerRecords(owner: owner, sets: own, additional: additional(for: own))
        }
    }

    /// Every set, in the order of the owners' text.
    var records: [RRSet] { sets.values.sorted { $0[0].owner.description < $1[0].owner.description }.flatMap(\.self) }

    private static func startOfAuthority(in records: [MasterRecord]) throws(LocatedReason) -> MasterRecord {
        let all = records.filter { $0.type == .soa }
        guard let first = all.first else {
            throw records.first?.located(.noStartOfAuthority) ?? LocatedReason(line: nil, reason: .noStartOfAuthority)
        }
        if let second = all.dropFirst().first {
            throw second.located(.secondStartOfAuthority(firstLine: first.line, firstFile: first.file))
        }
        return first
    }

    static func add(_ record: MasterRecord, to sets: inout [RRSet]) {
        guard let position = sets.firstIndex(where: { $0.type == record.type }) else {
            sets.append(
                RRSet(
                    owner: sets.first?.owner ?? record.owner, type: record.type, timeToLive: record.timeToLive,
                    rdata: [record.rdata]))
            return
        }
        // RFC 2181 5.2: the TTLs of a set must be the same; where a file differs, the lowest does no harm.
        sets[position].timeToLive = min(sets[position].timeToLive, record.timeToLive)
        if !sets[position].rdata.contains(record.rdata) { sets[position].rdata.append(record.rdata) }
    }

    /// RFC 1034 3.6.2, with RFC 4034 2.5 and 3.1's exception for the records that sign the alias.
    static func aliasStandsAlone(_ sets: [RRSet]) -> Bool {
        guard let alias = sets.first(where: { $0.type == .cname }) else { return true }
        let rrsig = RecordType(rawValue: 46)
        let nsec = RecordType(rawValue: 47)
        return alias.rdata.count == 1 && sets.allSatisfy { [.cname, rrsig, nsec].contains($0.type) }
    }

    private func isOccluded(_ name: DomainName) -> Bool {
        var ancestor = name.parent
        while let parent = ancestor, parent != zone.apex, parent.isSubdomain(of: zone.apex) {
            if delegations.contains(parent) { return true }
            ancestor = parent.parent
        }
        return false
    }

    /// A delegation's owner keeps what belongs to this side of the cut: NS and DS (RFC 4035 3.1.4.1).
    private func published(at owner: DomainName) -> [RRSet] {
        let own = sets[owner, default: []]
        guard delegations.contains(owner) else { return own }
        let ds = RecordType(rawValue: 43)
        return own.filter { $0.type == .ns || $0.type == ds }
    }

    /// The addresses that the zone has for the names that `sets` point at, glue included, each set once.
    private func additional(for own: [RRSet]) -> [RRSet] {
        var seen: Set<DomainName> = []
        return own.flatMap { set in
            // Glue is for referrals alone (RFC 2181 5.4.1).
            set.rdata.compactMap { Self.target(of: $0, type: set.type) }
                .filter { set.type == .ns || !(isOccluded($0) || delegations.contains($0)) }
        }
        .filter { seen.insert($0).inserted }
        .flatMap { sets[$0, default: []] }
        .filter { $0.type == .a || $0.type == .aaaa }
    }

    /// The name whose addresses an asker will want next.
    private static func target(of rdata: [UInt8], type: RecordType) -> DomainName? {
        switch type {
        case .ns: try? DomainName(wire: rdata)
        case .mx: try? DomainName(wire: rdata.dropFirst(2))
        case .srv: try? DomainName(wire: rdata.dropFirst(6))
        default: nil
        }
    }
}
