import DNS
import Registry

/// The names of one service: its own, and one for each tag. Remembers tags, as most instances repeat each other's.
final class ServiceNames {
    let owner: DomainName
    private let zone: RegistryZone
    private var ofTags: [String: DomainName?] = [:]

    /// - Returns: `nil` for a service whose name is too long to be asked for.
    init?(_ service: ServiceName, _ zone: RegistryZone) {
        guard let owner = zone.owner(of: service) else { return nil }
        self.owner = owner
        self.zone = zone
    }

    /// - Returns: `nil` for a tag that cannot be asked for.
    func name(ofTag tag: String) -> DomainName? {
        if let known = ofTags[tag] { return known }
        let name = zone.owner(ofTag: tag, below: owner)
        ofTags[tag] = .some(name)
        return name
    }

    /// Whether some of the instances at one of these names, which speak these protocols, are not found under its RFC 2782
    /// spelling: under `_<service>._tcp` for the service's own name, under `_<service>._udp` for that of the tag `udp`.
    func isAmbiguous(_ name: DomainName, _ transports: some Sequence<TransportProtocol?>) -> Bool {
        guard let asked = transport(askedBy: name) else { return false }
        return transports.contains { $0 != nil && $0 != asked }
    }

    private func transport(askedBy name: DomainName) -> TransportProtocol? {
        let added = name.wire.count - owner.wire.count
        guard added > 0 else { return .tcp }
        return [TransportProtocol.udp, .sctp].first {
            added == 1 + $0.rawValue.utf8.count && name == self.name(ofTag: $0.rawValue)
        }
    }

    /// All names under which an instance with these tags is found.
    func names(of tags: [String]) -> Set<DomainName> { Set(tags.compactMap(name(ofTag:)) + [owner]) }
}

/// The names of a service that must be looked at again because of the instances that differ.
struct ChangedNames {
    /// Names with other endpoints than before, or other records of the same.
    private(set) var answered: Set<DomainName> = []
    /// Names at which only those changed that are not handed out.
    private(set) var silent: Set<DomainName> = []

    var all: Set<DomainName> { answered.union(silent) }

    init(from old: [InstanceKey: Member], to new: [InstanceKey: Member], _ names: ServiceNames) {
        for (key, member) in old where new[key] != member { add(from: member, to: new[key], names) }
        for (key, member) in new where old[key] == nil { add(from: nil, to: member, names) }
    }

    private mutating func add(from old: Member?, to new: Member?, _ names: ServiceNames) {
        let hasSameTags = old?.tags == new?.tags
        if hasSameTags, let before = old?.endpoint, let after = new?.endpoint, before.isAnswered(like: after) { return }
        let before = old.map { names.names(of: $0.tags) } ?? []
        let after = hasSameTags ? before : new.map { names.names(of: $0.tags) } ?? []
        switch (old?.endpoint, new?.endpoint) {
        case (let old?, let new?) where old.isAnswered(like: new):
            answered.formUnion(before.symmetricDifference(after))
        case (nil, nil): silent.formUnion(before.union(after))
        default: answered.formUnion(before.union(after))
        }
    }
}

/// Where in a list of a service's names those are that an instance is found under. Remembers tags, as most instances
/// repeat each other's.
struct ServicePlaces {
    private let names: ServiceNames
    private let places: [DomainName: Int]
    private let own: Int?
    private var ofTags: [String: Int?] = [:]
    /// Of each place, the visit that called for it last.
    private var lastVisits: [Int]
    private var visit = 0

    init(_ list: [DomainName], _ names: ServiceNames) {
        self.names = names
        places = Dictionary(uniqueKeysWithValues: zip(list, list.indices))
        own = places[names.owner]
        lastVisits = list.map { _ in 0 }
    }

    /// Calls `body` with each place once.
    mutating func forEach(of tags: [String], _ body: (Int) -> Void) {
        visit += 1
        if let own { body(own) }
        for tag in tags {
            let place = ofTags[tag] ?? names.name(ofTag: tag).flatMap { places[$0] }
            ofTags[tag] = .some(place)
            guard let place, lastVisits[place] != visit else { continue }
            lastVisits[place] = visit
            body(place)
        }
    }
}
