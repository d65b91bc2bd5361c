import DNS
import Registry

/// Turns changes of the catalog into changes of the registry's zone: pure, and as costly as what the delta names.
///
/// The records of a service or node follow from the snapshot alone, so a change is what they are after it less what they
/// were before it, and publishing changes one after the other ends where publishing the last snapshot afresh does.
struct AnswerCompiler: Sendable {
    /// One call to the answer table.
    enum Publication: Hashable, Sendable {
        case publish(OwnerRecords)
        case remove(DomainName)
    }

    let zone: RegistryZone

    /// - Returns: additions and replacements before removals, each name at most once.
    func publications(
        from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta
    ) -> [Publication] {
        var published: [Publication] = []
        var removed: [Publication] = []
        func compare(_ before: [OwnerRecords], _ after: [OwnerRecords]) {
            var gone = Dictionary(before.map { ($0.owner, $0) }, uniquingKeysWith: { first, _ in first })
            for records in after where gone.removeValue(forKey: records.owner) != records {
                published.append(.publish(records))
            }
            removed += gone.keys.map { .remove($0) }
        }
        for name in delta.services { compare(records(of: name, in: old), records(of: name, in: new)) }
        for name in delta.nodes { compare(records(of: name, in: old), records(of: name, in: new)) }
        return published + removed
    }

    /// Everything at the names of one service: its own, and one for each tag that a healthy instance has.
    private func records(of name: ServiceName, in snapshot: CatalogSnapshot) -> [OwnerRecords] {
        guard let service = snapshot.service(name), let owner = zone.owner(of: name) else { return [] }
        let endpoints = service.instances.compactMap { Endpoint($0, in: snapshot, zone) }
        guard !endpoints.isEmpty else { return [] }
        var byTag: [DomainName: [Endpoint]] = [:]
        for endpoint in endpoints {
            for tag in Set(endpoint.tags.compactMap { zone.owner(ofTag: $0, below: owner) }) {
                byTag[tag, default: []].append(endpoint)
            }
        }
        return [records(at: owner, endpoints)] + byTag.map { records(at: $0.key, $0.value) }
    }

    /// What is answered at one name for these endpoints, of which there is at least one.
    private func records(at owner: DomainName, _ endpoints: [Endpoint]) -> OwnerRecords {
        var v4 = UniqueList<[UInt8]>()
        var v6 = UniqueList<[UInt8]>()
        var services = UniqueList<[UInt8]>()
        var seen: Set<Endpoint.Identity> = []
        var additional = UniqueList<RRSet>()
        for endpoint in endpoints where seen.insert(endpoint.identity).inserted {
            services.append(endpoint.serviceRecord)
            guard let address = endpoint.address else { continue }
            switch address {
            case .v4: v4.append(address.octets)
            case .v6: v6.append(address.octets)
            }
            additional.append(zone.addressSet(endpoint.target, address))
        }
        var sets = [zone.set(owner, .srv, services.elements)]
        if !v4.elements.isEmpty { sets.append(zone.set(owner, .a, v4.elements)) }
        if !v6.elements.isEmpty { sets.append(zone.set(owner, .aaaa, v6.elements)) }
        // Where there are only host names, whoever asks for an address is sent to the first.
        if sets.count == 1, let target = endpoints.first?.target { sets.append(zone.set(owner, .cname, [target.wire])) }
        return OwnerRecords(owner: owner, sets: sets, additional: additional.elements)
    }

    /// A node answers whatever its health: who asks for a machine by name wants to reach that machine.
    private func records(of name: NodeName, in snapshot: CatalogSnapshot) -> [OwnerRecords] {
        guard let node = snapshot.node(name)?.node.value, let owner = zone.owner(of: name) else { return [] }
        if let address = node.address.ip {
            return [OwnerRecords(owner: owner, sets: [zone.addressSet(owner, address)])]
        }
        guard let target = try? DomainName(text: node.address.text) else { return [] }
        return [OwnerRecords(owner: owner, sets: [zone.set(owner, .cname, [target.wire])])]
    }
}

/// A list whose elements are all different, in the order of their first appearance.
private struct UniqueList<Element: Hashable> {
    private(set) var elements: [Element] = []
    private var known: Set<Element> = []

    mutating func append(_ element: Element) {
        if known.insert(element).inserted { elements.append(element) }
    }
}
