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

    /// A service has its own name, and one for each tag that an instance has.
    private func publications(
        of service: ServiceName, from old: CatalogSnapshot, to new: CatalogSnapshot, touched nodes: Set<NodeName>
    ) -> [Publication] {
        guard let names = ServiceNames(service, zone) else { return [] }
        let before = old.service(service)?.instances ?? []
        let after = new.service(service)?.instances ?? []
        let changed = ChangedNames(
            from: members(of: before, notIn: after, orOn: nodes, old),
            to: members(of: after, notIn: before, orOn: nodes, new), names)
        let list = Array(changed.all)
        guard !list.isEmpty else { return [] }
        var endpoints = list.map { _ in [Endpoint]() }
        var silent = list.map { _ in [SilentInstance]() }
        var places = ServicePlaces(list, names)
        for member in after.lazy.map({ Member($0, in: new, zone) }) {
            places.forEach(of: member.tags) { place in
                switch member {
                case .endpoint(let endpoint): endpoints[place].append(endpoint)
                case .silent(let instance): silent[place].append(instance)
                }
            }
        }
        return list.indices.compactMap { place in
            let name = list[place]
            // Combinations of tags are worked out.
            let unpublished: OwnerRecords.Unpublished = name == names.owner ? .types : [.types, .names]
            if !endpoints[place].isEmpty {
                // What those say that are not handed out is no news where others are.
                guard changed.answered.contains(name) else { return nil }
                var records = zone.records(at: name, endpoints[place], of: service)
                records.unpublished = unpublished
                return .publish(records)
            }
            guard !silent[place].isEmpty else { return .remove(name) }
            return .publish(
                OwnerRecords(owner: name, note: SilentInstance.note(on: silent[place]), unpublished: unpublished))
        }
    }

    /// Those instances that `others` does not hold unchanged, or whose node was touched.
    private func members(
        of instances: [InstanceEntry], notIn others: [InstanceEntry], orOn nodes: Set<NodeName>,
        _ snapshot: CatalogSnapshot
    ) -> [InstanceKey: Member] {
        // An unchanged instance is the same object in both snapshots.
        let unchanged = Set(others.lazy.map { ObjectIdentifier($0) })
        var members: [InstanceKey: Member] = [:]
        for entry in instances {
            let instance = entry.instance.value
            guard !unchanged.contains(ObjectIdentifier(entry)) || nodes.contains(instance.node) else { continue }
            members[instance.key] = Member(entry, in: snapshot, zone)
        }
        return members
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
            var sets = [zone.addressSet(owner, address)]
            let texts = node.meta.sorted { $0.key < $1.key }.map(TextRecord.attribute)
            if !texts.isEmpty { sets.append(zone.set(owner, .txt, UniqueList(texts).elements)) }
            return OwnerRecords(owner: owner, sets: sets)
        }
        guard let target = try? DomainName(text: node.address.text) else { return nil }
        return OwnerRecords(owner: owner, sets: [zone.set(owner, .cname, [target.wire])])
    }
}
