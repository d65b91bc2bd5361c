/// The grammar of a registry zone's names, as far as look-ups need it: which spellings mean the same name.
///
///     web.service.dc1.consul              web.service.consul
///     a.b.node.dc1.consul                 a.b.node.consul
///     _web._tcp.service.consul            web.service.consul
///     _web._primary.service.consul        primary.web.service.consul      (RFC 2782)
///     _web._tcp.consul                    web.service.consul
///
/// The datacenter is the label before the apex alone: `a.dc1.node.consul` is the node `a.dc1`.
///
/// A service or tag that itself starts with an underscore has no RFC 2782 spelling, and `_dns-sd._udp.consul` is a name
/// of its own (RFC 6763 9). Everything that queries need is
/// done in place, without memory of its own.
struct RegistryName: ~Copyable {
    /// `<datacenter>.<apex>`.
    private let suffix: NameKey
    /// Where the apex starts in it.
    private let apexStart: Int
    /// Of computed addresses.
    let addressTimeToLive: UInt32

    /// A label with its length octet as a big-endian number, as ``NameKey/word(at:)`` reads it.
    private static let service: UInt64 = 0x07_73_65_72_76_69_63_65
    /// The first five octets of such a number.
    private static let anyProtocol: UInt64 = 0x04_5f_74_63_70  // _tcp
    fileprivate static let addresses: UInt64 = 0x04_61_64_64_72  // addr
    private static let serviceDiscovery: UInt64 = 0x07_5f_64_6e_73_2d_73_64  // _dns-sd
    private static let underscore = UInt8(ascii: "_")

    /// - Returns: `nil` for a zone that is not the registry's.
    init?(_ zone: Zone) {
        guard let name = Self.datacenterName(of: zone) else { return nil }
        suffix = NameKey(name)
        apexStart = suffix.nextLabel(0)
        addressTimeToLive = zone.addressTimeToLive ?? zone.soa.timeToLive
    }

    /// `<datacenter>.<apex>` of a registry zone.
    static func datacenterName(of zone: Zone) -> DomainName? {
        guard case .registry(let datacenter) = zone.source else { return nil }
        return try? DomainName(labels: [Array(datacenter.utf8)]).appending(zone.apex)
    }

    /// `addr.<apex>` of a registry zone.
    static func addressesName(of zone: Zone) -> DomainName? {
        guard case .registry = zone.source else { return nil }
        return try? DomainName(labels: [Array("addr".utf8)]).appending(zone.apex)
    }

    /// A quick test that lets every name pass which ``rewrite(_:)`` would change, and few others.
    @inline(__always)
    func mayRewrite(_ key: borrowing NameKey) -> Bool {
        let start = key.length - suffix.length
        guard start >= 0 else { return false }
        if key[1] == Self.underscore { return true }
        return key[start] == suffix[0]
    }

    /// Turns a name of this zone into its plain spelling.
    func rewrite(_ key: inout NameKey) {
        guard var labels = labels(of: key) else { return }
        // The datacenter's own name has no such spelling: dc1.dc1.consul is nothing.
        if labels.count >= 2, key.isEqual(from: labels.last, to: suffix),
            !(labels.count == 2 && key.hasSameOctets(0..<labels.last, at: labels.last))
        {
            key.remove(labels.last..<labels.last + apexStart)
            labels.removeLast()
        }
        guard labels.count == 2 || labels.count == 3 && key.word(at: labels.last) == Self.service,
            startsWithOneUnderscore(key, 0), startsWithOneUnderscore(key, labels.second)
        else { return }
        if labels.count == 2 {
            // What would become too long a name is nobody's.
            guard key.word(at: 0) != Self.serviceDiscovery, key.length + 8 <= DomainName.maximumLength else { return }
            labels.append(key.nextLabel(labels.second))
            key.insert(Self.service, at: labels.last)
        }
        if labels.last - labels.second == 5, key.word(at: labels.second) >> 24 == Self.anyProtocol {
            key.remove(labels.second..<labels.last)
            key.spelling = .tcp
        } else {
            key.swapLabels(labels.second, labels.last)
            key.dropFirstOctet(ofLabel: labels.last - labels.second)
            key.spelling = .tag
        }
        key.dropFirstOctet(ofLabel: 0)
    }

    /// The names, besides its parent, whose existence `key` implies: the parents of its RFC 2782 spellings.
    ///
    ///     web.service.consul                  _tcp.service.consul, _tcp.consul
    ///     primary.web.service.consul          _primary.service.consul, _primary.consul
    func impliedParents(of key: borrowing NameKey) -> [DomainName] {
        guard let labels = labels(of: key), labels.count == 2 || labels.count == 3,
            key.word(at: labels.last) == Self.service, key[1] != Self.underscore
        else { return [] }
        var parent: [UInt8] = [4] + Array("_tcp".utf8)
        if labels.count == 3 {
            guard key[labels.second + 1] != Self.underscore, key[0] < DomainName.maximumLabelLength else { return [] }
            parent = [key[0] + 1, Self.underscore] + key.slice(1..<labels.second)
        }
        return [labels.last, key.nextLabel(labels.last)].compactMap { start in
            let wire = parent + key.slice(start..<key.length)
            return wire.count <= DomainName.maximumLength ? DomainName(uncheckedWire: wire) : nil
        }
    }

    /// The label left of `addr.<apex>`, without its length octet, if that is all that `key` holds there.
    func addressLabel(of key: borrowing NameKey) -> [UInt8]? {
        guard let labels = labels(of: key), labels.count == 2, key.word(at: labels.last) >> 24 == Self.addresses else {
            return nil
        }
        return key.slice(1..<labels.last)
    }

    /// Where the labels left of the apex start: the second, and the last two.
    private struct Labels {
        var count = 0
        var second = 0
        var beforeLast = 0
        var last = 0

        mutating func append(_ start: Int) {
            if count == 1 { second = start }
            beforeLast = last
            last = start
            count += 1
        }

        mutating func removeLast() {
            last = beforeLast
            count -= 1
        }
    }

    /// - Returns: `nil` if the name is not below the apex.
    private func labels(of key: borrowing NameKey) -> Labels? {
        let end = key.length - (suffix.length - apexStart)
        var labels = Labels()
        var position = 0
        while position < end {
            labels.append(position)
            position = key.nextLabel(position)
        }
        return position == end && key.isEqual(from: end, to: suffix, from: apexStart) ? labels : nil
    }

    private func startsWithOneUnderscore(_ key: borrowing NameKey, _ label: Int) -> Bool {
        key[label] > 1 && key[label + 1] == Self.underscore && key[label + 2] != Self.underscore
    }
}

/// The grammars of all registry zones, at a place of their own in memory so that a look-up copies and counts nothing.
///
/// Safe to use: the memory is allocated, initialised and freed here, and indices are below `count`.
@safe struct RegistryNames: ~Copyable {
    private let names: UnsafeMutablePointer<RegistryName>
    private let count: Int

    init(_ zones: [Zone]) {
        unsafe names = .allocate(capacity: zones.count)
        var count = 0
        for zone in zones {
            guard let name = RegistryName(zone) else { continue }
            unsafe (names + count).initialize(to: name)
            count += 1
        }
        self.count = count
    }

    deinit {
        unsafe names.deinitialize(count: count)
        unsafe names.deallocate()
    }

    /// Turns a name into its plain spelling.
    @inline(__always)
    func rewrite(_ key: inout NameKey) {
        for index in 0..<count where unsafe names[index].mayRewrite(key) { unsafe names[index].rewrite(&key) }
    }

    func impliedParents(of key: borrowing NameKey) -> [DomainName] {
        var parents: [DomainName] = []
        for index in 0..<count {
            unsafe parents += names[index].impliedParents(of: key)
        }
        return parents
    }

    /// A quick test that lets every name pass whose first label is `addr`.
    func mayBeAddresses(_ key: borrowing NameKey) -> Bool { key.word(at: 0) >> 24 == RegistryName.addresses }

    /// What a computed name stands for; `nil` for other names.
    func computedAddress(_ key: borrowing NameKey) -> ComputedAddress? {
        for index in 0..<count {
            guard let label = unsafe names[index].addressLabel(of: key) else { continue }
            let seconds = unsafe names[index].addressTimeToLive
            return IPAddress(hexadecimal: label).map { ComputedAddress(address: $0, timeToLive: seconds) }
        }
        return nil
    }
}
