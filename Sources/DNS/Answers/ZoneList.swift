/// The zones that a table answers for.
///
/// Sendable: nothing that it points to is changed after ``init(_:)``.
struct ZoneList: ~Copyable, @unchecked Sendable {
    private(set) var zones: [Zone]
    /// Indices into ``zones``.
    private let byApex: [[UInt8]: Int]
    /// How many octets apexes have: no suffix of another length needs looking up.
    private let apexLengths: Set<Int>
    private let registries: RegistryNames
    /// Names that exist whatever is published: each apex, and a registry's datacenter and `addr` names.
    let permanent: Set<DomainName>
    /// The `addr` names among them.
    private let addresses: Set<DomainName>

    init(_ zones: [Zone]) {
        self.zones = zones
        byApex = Dictionary(zip(zones.map(\.apex.lowercasedWire), zones.indices)) { _, last in last }
        apexLengths = Set(zones.lazy.map(\.apex.wire.count))
        registries = RegistryNames(zones)
        addresses = Set(zones.compactMap(RegistryName.addressesName))
        permanent = addresses.union(zones.map(\.apex)).union(zones.compactMap(RegistryName.datacenterName))
    }

    /// True if both have the same names, so that only their SOA records may differ.
    func hasSameNames(as other: borrowing ZoneList) -> Bool {
        zones.map(\.apex) == other.zones.map(\.apex) && zones.map(\.source) == other.zones.map(\.source)
    }

    /// The zone whose apex this is.
    func zone(at key: borrowing NameKey) -> Zone? { byApex[key.wire].map { zones[$0] } }

    /// - Returns: false if there is no zone at `key`.
    mutating func setSOA(_ soa: RRSet, at key: borrowing NameKey) -> Bool {
        guard let index = byApex[key.wire] else { return false }
        zones[index].soa = soa
        return true
    }

    /// The zone that the name lies in: the one with the nearest apex at or above it.
    func zone(containing key: borrowing NameKey) -> Zone? {
        var start = 0
        while true {
            if let index = index(at: key, from: start) { return zones[index] }
            guard start < key.length - 1 else { return nil }
            start = key.nextLabel(start)
        }
    }

    /// The zone whose apex the suffix from `start` on is.
    private func index(at key: borrowing NameKey, from start: Int) -> Int? {
        apexLengths.contains(key.length - start) ? byApex[key.slice(start..<key.length)] : nil
    }

    /// What a record at this name of `zone` is told to readers to be.
    func flags(at key: borrowing NameKey, in zone: Zone) -> AnswerRecord.Flags {
        var flags: AnswerRecord.Flags = []
        if key.length == zone.apex.wire.count { flags.insert(.apex) }
        if case .registry = zone.source { flags.insert(.registry) }
        if registries.mayBeAddresses(key), addresses.contains(key.name) { flags.insert(.addresses) }
        return flags
    }

    /// The name in its plain spelling.
    func plain(_ name: DomainName) -> NameKey {
        var key = NameKey(name)
        registries.rewrite(&key)
        return key
    }

    /// The names that exist because this one does, which lies in a zone, as far as they lie in one, too.
    func parents(of key: borrowing NameKey) -> [DomainName] {
        var parents = registries.impliedParents(of: key)
        guard let parent = key.name.parent else { return parents }
        // What is no apex lies in its parent's zone.
        if index(at: key, from: 0) == nil || zone(containing: NameKey(parent)) != nil { parents.append(parent) }
        return parents
    }

    func computedAddress(_ key: borrowing NameKey) -> ComputedAddress? { registries.computedAddress(key) }
}
