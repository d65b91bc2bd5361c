import DNS

/// The rules for DNAME records and what lies around them.
enum Redirections {
    /// Notes whatever is wrong: each DNAME must be its owner's only one, have no delegation beside it, and nothing below
    /// (RFC 6672 2.3, 2.4). Hashed names of signed zones do no harm.
    static func check(_ records: [MasterRecord], _ sets: RecordSets, apex: DomainName, _ mistakes: inout Mistakes) {
        let owners = Set(records.lazy.filter { $0.type == .dname }.map(\.owner))
        guard !owners.isEmpty else { return }
        for record in records {
            if owners.contains(record.owner), let reason = fault(of: record, beside: sets, apex: apex) {
                mistakes.note(record.located(reason))
            }
            guard record.type != .nsec3, record.type != .rrsig else { continue }
            if let owner = ancestor(of: record.owner, in: owners, apex: apex) {
                mistakes.note(record.located(.belowRedirection(owner: record.owner, redirection: owner)))
            }
        }
    }

    private static func fault(
        of record: MasterRecord, beside sets: RecordSets, apex: DomainName
    ) -> ZoneFileError.Reason? {
        if record.type == .dname, record.rdata != sets.set(record.owner, .dname)?.rdata[0] {
            return .secondRedirection(owner: record.owner)
        }
        return record.type == .ns && record.owner != apex ? .redirectedDelegation(owner: record.owner) : nil
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
