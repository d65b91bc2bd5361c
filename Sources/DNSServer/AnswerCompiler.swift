import DNS
import Registry

/// Turns changes of the catalog into changes of the registry's zone: pure, and made for the names that changed alone.
///
/// The records at a name follow from the snapshot alone, so publishing changes one after the other ends where publishing
/// the last snapshot afresh does. What is compared are the instances that differ, not the records of all of them.
struct AnswerCompiler: Sendable {
    /// One call to the answer table.
    enum Publication: Hashable, Sendable {
        case publish(OwnerRecords)
        case remove(DomainName)

        var isRemoval: Bool {
            if case .remove = self { true } else { false }
        }
    }

    let zone: RegistryZone

    /// - Returns: additions and replacements before removals, each name at most once.
    func publications(
        from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta
    ) -> [Publication] {
        let all =
            delta.services.flatMap { publications(of: $0, from: old, to: new, touched: delta.nodes) }
            + delta.nodes.compactMap { publication(of: $0, from: old, to: new) }
        return all.filter { !$0.isRemoval } + all.filter(\.isRemoval)
    }

    // MARK: - Services

    /// A service has its own name, and one for each tag that a healthy instance has.
    private func publications(
        of service: ServiceName, from old: CatalogSnapshot, to new: CatalogSnapshot, touched nodes: Set<NodeName>
    ) -> [Publication] {
        guard var names = ServiceNames(service, zone) else { return [] }
        let before = old.service(service)?.instances ?? []
        let after = new.service(service)?.instances ?? []
        let changed = Self.changedNames(
            from: endpoints(of: before, notIn: after, orOn: nodes, old),
            to: endpoints(of: after, notIn: before, orOn: nodes, new), &names)
        guard !changed.isEmpty else { return [] }
        var endpoints: [DomainName: [Endpoint]] = [:]
        for endpoint in after.lazy.compactMap({ Endpoint($0, in: new, zone) }) {
            for name in names.names(of: endpoint) where changed.contains(name) {
                endpoints[name, default: []].append(endpoint)
            }
        }
        return changed.map { name in endpoints[name].map { .publish(records(at: name, $0)) } ?? .remove(name) }
    }

    /// The endpoints of those instances that `others` does not hold unchanged, or whose node was touched.
    private func endpoints(
        of instances: [InstanceEntry], notIn others: [InstanceEntry], orOn nodes: Set<NodeName>,
        _ snapshot: CatalogSnapshot
    ) -> [InstanceKey: Endpoint] {
        // An unchanged instance is the same object in both snapshots.
        let unchanged = Set(others.lazy.map { ObjectIdentifier($0) })
        var endpoints: [InstanceKey: Endpoint] = [:]
        for entry in instances {
            let instance = entry.instance.value
            guard !unchanged.contains(ObjectIdentifier(entry)) || nodes.contains(instance.node) else { continue }
            endpoints[instance.key] = Endpoint(entry, in: snapshot, zone)
        }
        return endpoints
    }

    /// The names at which other endpoints are to be seen now, or other records of the same.
    private static func changedNames(
        from old: [InstanceKey: Endpoint], to new: [InstanceKey: Endpoint], _ names: inout ServiceNames
    ) -> Set<DomainName> {
        var changed: Set<DomainName> = []
        for key in Set(old.keys).union(new.keys) where old[key] != new[key] {
            let before = old[key].map { names.names(of: $0) } ?? []
            let after = new[key].map { names.names(of: $0) } ?? []
            if let old = old[key], let new = new[key], old.isAnswered(like: new) {
                changed.formUnion(before.symmetricDifference(after))
            } else {
                changed.formUnion(before.union(after))
            }
        }
        return changed
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

    // MARK: - Nodes

    private func publication(
        of name: NodeName, from old: CatalogSnapshot, to new: CatalogSnapshot
    ) -> Publication? {
        let before = records(of: name, in: old)
        let after = records(of: name, in: new)
        return before == after ? nil : after.map { .publish($0) } ?? before.map { .remove($0.owner) }
    }

    /// A node answers whatever its health: who asks for a machine by name wants to reach that machine.
    private func records(of name: NodeName, in snapshot: CatalogSnapshot) -> OwnerRecords? {
        guard let node = snapshot.node(name)?.node.value, let owner = zone.owner(of: name) else { return nil }
        if let address = node.address.ip {
            return OwnerRecords(owner: owner, sets: [zone.addressSet(owner, address)])
        }
        guard let target = try? DomainName(text: node.address.text) else { return nil }
        return OwnerRecords(owner: owner, sets: [zone.set(owner, .cname, [target.wire])])
    }
}

/// The names under which endpoints of one service are found. Most of them repeat each other's tags.
private struct ServiceNames {
    private let zone: RegistryZone
    private let owner: DomainName
    private var tagged: [String: DomainName?] = [:]

    /// - Returns: `nil` for a service whose name is too long to be asked for.
    init?(_ service: ServiceName, _ zone: RegistryZone) {
        guard let owner = zone.owner(of: service) else { return nil }
        self.owner = owner
        self.zone = zone
    }

    /// The service's own name, and those of the endpoint's tags that can be asked for.
    mutating func names(of endpoint: Endpoint) -> Set<DomainName> {
        var names: Set = [owner]
        for tag in endpoint.tags {
            let name = tagged[tag] ?? zone.owner(ofTag: tag, below: owner)
            tagged[tag] = .some(name)
            if let name { names.insert(name) }
        }
        return names
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
