import DNS
import HashTreeCollections

/// The registry's zone as a secondary holds it, which looks names up but computes none: what this server finds out at
/// each query is spelled out in records.
///
///     web.service.consul.             SRV, A, ... as published
///     _web._tcp.service.consul.       CNAME web.service.consul., and so _web._tcp.consul.
///     _dns._tcp.service.consul.       SRV, A, ... of those that speak it, where others do not
///     server01.node.dc1.consul.       what server01.node.consul has: SRV records point at it
///     0a000001.addr.dc1.consul.       A 10.0.0.1, as long as a record points at it
///     service.dc1.consul.             DNAME service.consul.
///     addr.consul.                    DNAME addr.dc1.consul.
///     _empty.web.service.consul.      TXT, where web.service.consul is there but has no records
///
/// Follows publications one by one; what they come to is taken with ``takeChanges()``.
struct SpelledOutZone {
    private let zone: RegistryZone
    private let identity: Zone
    /// What was published.
    private var owners: [DomainName: OwnerRecords] = [:]
    /// How many names have each of these sets in their additional section, by the set's owner.
    private var targets: [DomainName: [RRSet: Int]] = [:]
    /// What the secondary holds.
    private(set) var sets: TreeDictionary<DomainName, [RRSet]> = [:]
    /// What it had, as of the last ``takeChanges()``, at the names that were touched since.
    private var before: [DomainName: [RRSet]] = [:]
    /// Below these there is nothing but what they stand for (RFC 6672 2.4).
    private let aliases: [DomainName]
    /// What is worked out for an RFC 2782 name.
    private let supplement: @Sendable (DomainName) -> OwnerRecords?

    init(_ zone: RegistryZone, supplement: @escaping @Sendable (DomainName) -> OwnerRecords? = { _ in nil }) {
        self.zone = zone
        self.supplement = supplement
        identity = zone.zone(at: 0)
        let aliases = zone.aliases
        self.aliases = aliases.map(\.owner)
        for alias in aliases {
            apply(
                .publish(OwnerRecords(owner: alias.owner, sets: [zone.set(alias.owner, .dname, [alias.target.wire])])))
        }
    }

    mutating func apply(_ publication: AnswerCompiler.Publication) {
        let (owner, new): (DomainName, OwnerRecords?) =
            switch publication {
            case .publish(let records): (records.owner, records)
            case .remove(let owner): (owner, nil)
            }
        guard owner.isSubdomain(of: identity.apex) else { return }
        let old = owners.updateValue(new ?? OwnerRecords(owner: owner), forKey: owner)
        if new == nil { owners[owner] = nil }
        var names = spellings(of: owner) + [owner]
        if let placeholder = zone.placeholder(below: owner) { names.append(placeholder) }
        let (lost, gained) = (Set(old?.additional ?? []), Set(new?.additional ?? []))
        for set in lost.subtracting(gained) {
            names.append(set.owner)
            release(set)
        }
        for set in gained.subtracting(lost) {
            names.append(set.owner)
            targets[set.owner, default: [:]][set, default: 0] += 1
        }
        for name in names { settle(name) }
    }

    /// The records that are gone and that are new since the last time.
    mutating func takeChanges() -> (removed: [RRSet], added: [RRSet]) {
        defer { before = [:] }
        var (removed, added): ([RRSet], [RRSet]) = ([], [])
        for (name, old) in before {
            let difference = ZoneHistory.difference(from: old, to: sets[name] ?? [])
            removed += difference.removed
            added += difference.added
        }
        return (removed, added)
    }

    private mutating func release(_ set: RRSet) {
        guard let count = targets[set.owner]?[set] else { return }
        targets[set.owner]?[set] = count > 1 ? count - 1 : nil
        if targets[set.owner]?.isEmpty == true { targets[set.owner] = nil }
    }

    /// Makes the records at a name those that it ought to have.
    private mutating func settle(_ name: DomainName) {
        let (old, new) = (sets[name] ?? [], records(at: name))
        guard old != new else { return }
        if before[name] == nil { before[name] = old }
        sets[name] = new.isEmpty ? nil : new
    }

    private func records(at name: DomainName) -> [RRSet] {
        guard name.isSubdomain(of: identity.apex),
            !aliases.contains(where: { $0 != name && name.isSubdomain(of: $0) })
        else { return [] }
        if let published = owners[name] { return Self.transferable(published.sets) }
        if let parent = name.parent, let empty = owners[parent], empty.sets.isEmpty,
            zone.placeholder(below: parent) == name
        {
            return [zone.set(name, .txt, [RegistryZone.placeholderText])]
        }
        let plain = identity.plainSpelling(of: name)
        if plain != name, owners[plain]?.unpublished.contains(.protocols) == true {
            return sets(byProtocolAt: name)
        }
        if plain != name, let published = owners[plain]?.sets, !published.isEmpty {
            return zone.isNodeTarget(name)
                ? published.map { zone.set(name, $0.type, $0.rdata, $0.timeToLive) }
                : [zone.set(name, .cname, [plain.wire], published[0].timeToLive)]
        }
        // Of one type there is one set, but for the moment in which an address changes.
        return Dictionary(grouping: targets[name]?.keys.map(\.self) ?? [], by: \.type).sorted {
            $0.key.rawValue < $1.key.rawValue
        }.map { type, sets in
            zone.set(
                name, type, Set(sets.flatMap(\.rdata)).sorted { $0.lexicographicallyPrecedes($1) },
                sets.map(\.timeToLive).min())
        }
    }

    /// What `_dns._udp.service.consul` has, or `_dns._udp.consul`, which is the same.
    private func sets(byProtocolAt name: DomainName) -> [RRSet] {
        let labels = name.labels.dropLast(identity.apex.labels.count).prefix(2)
        guard let full = try? DomainName(labels: Array(labels)).appending(zone.services) else { return [] }
        let sets = supplement(full)?.sets.filter { !$0.type.isWorkedOut } ?? []
        return Self.transferable(sets).map { set in
            var set = set
            set.owner = name
            return set
        }
    }

    /// Berth answers with SRV records or an alias, as it is asked; a zone can have only one at a name (RFC 1034 3.6.2), and
    /// the others would throw it away whole for it.
    private static func transferable(_ sets: [RRSet]) -> [RRSet] {
        let sets = sets.filter { $0.type != .soa }
        return sets.count > 1 ? sets.filter { $0.type != .cname } : sets
    }

    /// The other names that a published one is to be found under.
    private func spellings(of owner: DomainName) -> [DomainName] {
        zone.spellings(of: owner).filter { $0 != owner && identity.plainSpelling(of: $0) == owner }
    }
}
