package import DNS

/// Single records that a file adds inside the registry's domain, which is a zone already: no SOA, no delegations and no
/// wildcards, which that zone has none of.
package struct DomainRecords: Sendable, Equatable {
    package var path: String
    /// In the order of the file, each owner once.
    package var owners: [Owner]

    /// All that a file has at one name.
    package struct Owner: Sendable, Equatable {
        package var records: OwnerRecords
        /// Of the first record, counted from 1.
        package var line: Int
    }

    /// - Parameter found: what is wrong with the records already.
    /// - Throws: that, and every record that cannot be added.
    static func owners(
        _ records: [MasterRecord], in domain: DomainName, found: Mistakes
    ) throws(Mistakes) -> [Owner] {
        var mistakes = found
        for record in records {
            if let reason = fault(of: record, domain) { mistakes.note(record.located(reason)) }
        }
        Aliases.check(records, &mistakes)
        guard mistakes.isEmpty else { throw mistakes }
        let sets = RecordSets(records)
        var seen: Set<DomainName> = []
        return records.filter { seen.insert($0.owner).inserted }.map { record in
            Owner(records: OwnerRecords(owner: record.owner, sets: sets[record.owner]), line: record.line)
        }
    }

    private static func fault(of record: MasterRecord, _ domain: DomainName) -> ZoneFileError.Reason? {
        if !record.owner.isSubdomain(of: domain) {
            .outsideDomain(owner: record.owner, domain: domain)
        } else if record.type == .soa {
            .registryZone(apex: record.owner, domain: domain)
        } else if record.type == .ns || record.type == .dname {
            .delegationInDomain(owner: record.owner, domain: domain)
        } else if record.owner.labels.contains([UInt8(ascii: "*")]) {
            .wildcardInDomain(owner: record.owner, domain: domain)
        } else {
            nil
        }
    }
}
