import DNS

/// The rules for DNAME records and what lies around them.
enum Redirections {
    private static let nsec3 = RecordType(rawValue: 50)
    private static let rrsig = RecordType(rawValue: 46)

    /// - Throws: ``LocatedReason`` unless each DNAME is its owner's only one, has no delegation beside it, and nothing
    ///   below (RFC 6672 2.3, 2.4). Hashed names of signed zones do no harm.
    static func check(
        _ records: [MasterRecord], sets: [DomainName: [RRSet]], apex: DomainName
    ) throws(LocatedReason) {
        let owners = Set(sets.lazy.filter { $0.value.contains { $0.type == .dname } }.map(\.key))
        guard !owners.isEmpty else { return }
        for record in records {
            if owners.contains(record.owner) {
                try check(record, beside: sets[record.owner, default: []], apex: apex)
            }
            guard record.type != nsec3, record.type != rrsig else { continue }
            if let owner = ancestor(of: record.owner, in: owners, apex: apex) {
                throw record.located(.belowRedirection(owner: record.owner, redirection: owner))
            }
        }
    }

    private static func check(
        _ record: MasterRecord, beside sets: [RRSet], apex: DomainName
    ) throws(LocatedReason) {
        if record.type == .dname, let set = sets.first(where: { $0.type == .dname }), set.rdata.count > 1,
            record.rdata != set.rdata[0]
        {
            throw record.located(.secondRedirection(owner: record.owner))
        }
        if record.type == .ns, record.owner != apex {
            throw record.located(.redirectedDelegation(owner: record.owner))
        }
    }

    private static func ancestor(of name: DomainName, in owners: Set<DomainName>, apex: DomainName) -> DomainName? {
        var name = name
        while name != apex, let parent = name.parent {
            if owners.contains(parent) { return parent }
            name = parent
        }
        return nil
    }
}
