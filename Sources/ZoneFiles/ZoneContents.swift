import DNS

/// The records of one zone, gathered into sets and cut at its delegations.
struct ZoneContents {
    let zone: Zone
    let sets: RecordSets
    /// In the order of their text.
    private let names: [DomainName]
    /// The names below the apex that have NS records: what lies under them is another server's (RFC 1034 4.2).
    private let delegations: Set<DomainName>

    /// - Parameter found: what is wrong with the records already; then some that are missing may only not have been read.
    /// - Throws: that, and all that is wrong besides: there must be exactly one SOA, everything must be at or below its
    ///   owner, no alias may have other data, and nothing may be below a DNAME.
    init(_ records: [MasterRecord], found: Mistakes = Mistakes()) throws(Mistakes) {
        var mistakes = found
        guard let apex = Self.startOfAuthority(in: records, &mistakes) else { throw mistakes }
        let own = records.filter { record in
            let isInside = record.owner.isSubdomain(of: apex.owner)
            if !isInside { mistakes.note(record.located(.outOfZone(owner: record.owner, apex: apex.owner))) }
            return isInside
        }
        Aliases.check(own, &mistakes)
        let sets = RecordSets(own)
        Redirections.check(own, sets, apex: apex.owner, &mistakes)
        guard mistakes.isEmpty else { throw mistakes }
        self.sets = sets
        let soa = RRSet(owner: apex.owner, type: .soa, timeToLive: apex.timeToLive, rdata: [apex.rdata])
        zone = Zone(apex: apex.owner, source: .masterFile, soa: soa)
        names = sets.byOwner.keys.map { (name: $0, text: $0.description) }.sorted { $0.text < $1.text }.map(\.name)
        delegations = Set(own.lazy.filter { $0.type == .ns && $0.owner != apex.owner }.map(\.owner))
    }

    /// What is published at each name, in the order of the names' text.
    var owners: [OwnerRecords] {
        names.filter { !isOccluded($0) }.map { owner in
            let own = published(at: owner)
            return OwnerRecords(owner: owner, sets: own, additional: additional(for: own))
        }
    }

    /// Every set, in the order of the owners' text.
    var records: [RRSet] { names.flatMap { sets[$0] } }

    /// - Returns: the first SOA record.
    private static func startOfAuthority(in records: [MasterRecord], _ mistakes: inout Mistakes) -> MasterRecord? {
        let all = records.filter { $0.type == .soa }
        guard let first = all.first else {
            // It may be what could not be read.
            if mistakes.isEmpty {
                let first = records.first
                mistakes.note(LocatedReason(line: first?.line, file: first?.file, reason: .noStartOfAuthority))
            }
            return nil
        }
        for other in all.dropFirst() {
            mistakes.note(
                other.located(.secondStartOfAuthority(firstLine: first.line, firstFile: first.file)))
        }
        return first
    }

    /// True for what a delegation leaves to another server.
    func isDelegated(_ name: DomainName) -> Bool { delegations.contains(name) || isOccluded(name) }

    /// True for what lies below a delegation.
    private func isOccluded(_ name: DomainName) -> Bool {
        guard !delegations.isEmpty else { return false }
        var ancestor = name.parent
        while let parent = ancestor, parent != zone.apex, parent.isSubdomain(of: zone.apex) {
            if delegations.contains(parent) { return true }
            ancestor = parent.parent
        }
        return false
    }

    /// A delegation's owner keeps what belongs to this side of the cut: NS and DS (RFC 4035 3.1.4.1).
    private func published(at owner: DomainName) -> [RRSet] {
        let own = sets[owner]
        return delegations.contains(owner) ? own.filter { $0.type == .ns || $0.type == .ds } : own
    }

    /// The addresses that the zone has for the names that `sets` point at, glue included, each set once.
    private func additional(for own: [RRSet]) -> [RRSet] {
        var seen: Set<DomainName> = []
        return own.flatMap { set in
            // Glue is for referrals alone (RFC 2181 5.4.1).
            set.rdata.compactMap { Self.target(of: $0, type: set.type) }
                .filter { set.type == .ns || !isDelegated($0) }
        }
        .filter { seen.insert($0).inserted }
        .flatMap { sets[$0] }
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
