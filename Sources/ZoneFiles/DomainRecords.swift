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

    /// - Throws: ``LocatedReason`` for a record that cannot be added.
    static func owners(_ records: [MasterRecord], in domain: DomainName) throws(LocatedReason) -> [Owner] {
        var owners: [Owner] = []
        var places: [DomainName: Int] = [:]
        for record in records {
            try check(record, domain)
            let place = places[record.owner] ?? owners.count
            if place == owners.count {
                places[record.owner] = place
                owners.append(Owner(records: OwnerRecords(owner: record.owner), line: record.line))
            }
            ZoneContents.add(record, to: &owners[place].records.sets)
            guard ZoneContents.aliasStandsAlone(owners[place].records.sets) else {
                throw record.located(.aliasWithOtherData(owner: record.owner))
            }
        }
        return owners
    }

    private static func check(_ record: MasterRecord, _ domain: DomainName) throws(LocatedReason) {
        let reason: ZoneFileError.Reason? =
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
        if let reason { throw record.located(reason) }
    }
}
