import DNS
import Dispatch
import Registry
import Synchronization

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

        var records: OwnerRecords? {
            if case .publish(let records) = self { records } else { nil }
        }
    }

    let zone: RegistryZone

    /// Makes all publications of a change and hands them over in portions, as all of a large catalog's would not fit into
    /// memory beside it: in each, additions and replacements before removals, and each name at most once in all. A portion
    /// is made while the one before is taken.
    func publish(
        from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta, _ take: ([Publication]) -> Void
    ) {
        let services = Array(delta.services)
        let parts = stride(from: 0, to: services.count, by: Self.portion).map { start in
            services[start..<min(start + Self.portion, services.count)]
        }
        var portion = delta.nodes.compactMap { publication(of: $0, from: old, to: new) }
        if let first = parts.first { portion += publications(of: first, from: old, to: new, touched: delta.nodes) }
        for part in parts.dropFirst() {
            let next = Ahead { publications(of: part, from: old, to: new, touched: delta.nodes) }
            Self.hand(portion, to: take)
            portion = next.value
        }
        if !portion.isEmpty { Self.hand(portion, to: take) }
    }

    private static func hand(_ portion: [Publication], to take: ([Publication]) -> Void) {
        let removals = portion.filter(\.isRemoval)
        take(removals.isEmpty ? portion : portion.filter { !$0.isRemoval } + removals)
    }

    /// Services at a time.
    private static let portion = 2000

    /// Those of many services, as at the start, are made on all processors.
    private func publications(
        of services: ArraySlice<ServiceName>, from old: CatalogSnapshot, to new: CatalogSnapshot,
        touched nodes: Set<NodeName>
    ) -> [Publication] {
        let shares = services.count / Self.share
        guard shares > 1 else {
            return services.flatMap { publications(of: $0, from: old, to: new, touched: nodes) }
        }
        let made = Mutex<[Publication]>([])
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            let part = stride(from: services.startIndex + share, to: services.endIndex, by: shares).flatMap {
                publications(of: services[$0], from: old, to: new, touched: nodes)
            }
            made.withLock { $0 += part }
        }
        return made.withLock { $0 }
    }

    /// Services that are worth another processor's while.
    private static let share = 100

    // MARK: - Services

    /// A service has its own name, and one for each tag that an instance has.
    private func publications(
        of service: ServiceName, from old: CatalogSnapshot, to new: CatalogSnapshot, touched nodes: Set<NodeName>
    ) -> [Publication] {
        guard let names = ServiceNames(service, zone) else { return [] }
        let before = old.service(service)?.instances ?? []
        let after = new.service(service)?.instances ?? []
        guard !before.isEmpty else { return firstPublications(of: service, names, after, new) }
        let changed = ChangedNames(
            from: members(of: before, notIn: after, orOn: nodes, old),
            to: members(of: after, notIn: before, orOn: nodes, new), names)
        let list = changed.all.sorted { $0 == names.owner && $1 != names.owner }
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
        var whole: (records: OwnerRecords, count: Int)?
        return list.indices.compactMap { place in
            let (name, endpoints, silent) = (list[place], endpoints[place], silent[place])
            // What those say that are not handed out is no news where others are.
            guard endpoints.isEmpty || changed.answered.contains(name) else { return nil }
            if let whole, whole.count == endpoints.count, !endpoints.isEmpty {
                return .publish(whole.records.owned(by: name, Self.unpublished(at: name, names, endpoints, silent)))
            }
            let publication = publication(of: service, at: name, names, endpoints, silent)
            // Elsewhere as many can only be the same ones, in the same order.
            if name == names.owner { whole = publication.records.map { ($0, endpoints.count) } }
            return publication
        }
    }

    /// All names of a service that had none: there is nothing to compare.
    private func firstPublications(
        of service: ServiceName, _ names: ServiceNames, _ instances: [InstanceEntry], _ snapshot: CatalogSnapshot
    ) -> [Publication] {
        let members = instances.map { Member($0, in: snapshot, zone) }
        guard let tags = members.first?.tags else { return [] }
        if members.allSatisfy({ $0.tags == tags }) { return publications(of: service, names, members, allTagged: tags) }
        var ofTags: [String: [Member]] = [:]
        for member in members {
            for tag in Set(member.tags) { ofTags[tag, default: []].append(member) }
        }
        var found: [DomainName: [Member]] = [names.owner: members]
        for (tag, tagged) in ofTags {
            guard let name = names.name(ofTag: tag) else { continue }
            // Tags may differ in case alone.
            found[name] = found[name] == nil ? tagged : members.filter { names.names(of: $0.tags).contains(name) }
        }
        return found.map { name, members in
            publication(
                of: service, at: name, names, members.compactMap(\.endpoint), members.compactMap(\.silent))
        }
    }

    /// Where all instances have the same tags, as most services' have, all names have the same records.
    private func publications(
        of service: ServiceName, _ names: ServiceNames, _ members: [Member], allTagged tags: [String]
    ) -> [Publication] {
        let (endpoints, silent) = (members.compactMap(\.endpoint), members.compactMap(\.silent))
        let own = publication(of: service, at: names.owner, names, endpoints, silent)
        guard case .publish(let records) = own else { return [own] }
        let others = UniqueList(tags.compactMap(names.name(ofTag:)).filter { $0 != names.owner }).elements
        return [own]
            + others.map { name in
                .publish(records.owned(by: name, Self.unpublished(at: name, names, endpoints, silent)))
            }
    }

    /// Combinations of tags are worked out, and so are the protocols of a name whose instances differ in them.
    private static func unpublished(
        at name: DomainName, _ names: ServiceNames, _ endpoints: [Endpoint], _ silent: [SilentInstance]
    ) -> OwnerRecords.Unpublished {
        let isAmbiguous =
            endpoints.isEmpty
            ? names.isAmbiguous(name, silent.lazy.map(\.transport))
            : names.isAmbiguous(name, endpoints.lazy.map(\.transport))
        let always: OwnerRecords.Unpublished = name == names.owner ? .types : [.types, .names]
        return isAmbiguous ? always.union(.protocols) : always
    }

    private func publication(
        of service: ServiceName, at name: DomainName, _ names: ServiceNames, _ endpoints: [Endpoint],
        _ silent: [SilentInstance]
    ) -> Publication {
        let unpublished = Self.unpublished(at: name, names, endpoints, silent)
        if !endpoints.isEmpty {
            var records = zone.records(at: name, endpoints, of: service)
            records.unpublished.formUnion(unpublished)
            return .publish(records)
        }
        guard !silent.isEmpty else { return .remove(name) }
        return .publish(OwnerRecords(owner: name, note: SilentInstance.note(on: silent), unpublished: unpublished))
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
        let addresses = AddressPair(of: node)
        if !addresses.isEmpty {
            var sets: [RRSet] = []
            addresses.forEach { sets.append(zone.addressSet(owner, $0)) }
            let texts = node.meta.sorted { $0.key < $1.key }.map(TextRecord.attribute)
            if !texts.isEmpty { sets.append(zone.set(owner, .txt, UniqueList(texts).elements)) }
            return OwnerRecords(owner: owner, sets: sets)
        }
        guard let target = try? DomainName(text: node.address.text) else { return nil }
        return OwnerRecords(owner: owner, sets: [zone.set(owner, .cname, [target.wire])])
    }
}

extension OwnerRecords {
    /// The same at another name, where other things are worked out.
    fileprivate func owned(by name: DomainName, _ unpublished: Unpublished) -> OwnerRecords {
        var records = self
        records.owner = name
        records.unpublished = unpublished
        for index in records.sets.indices { records.sets[index].owner = name }
        return records
    }
}

/// A value that another thread makes while this one does something else.
private final class Ahead<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)
    private let making = DispatchGroup()

    init(_ make: @escaping @Sendable () -> Value) {
        DispatchQueue.global().async(group: making) { [self] in
            let value = make()
            made.withLock { $0 = value }
        }
    }

    /// Waits for it. To be asked for once.
    var value: Value {
        making.wait()
        guard let value = made.withLock({ $0.take() }) else { preconditionFailure("a value is taken once") }
        return value
    }
}
