import DNS
import Registry

/// Who has an address, kept up to date change by change, so that a reverse look-up looks through nothing.
struct ReverseIndex {
    private var nodes: [IPAddress: Set<NodeName>] = [:]
    private var services: [IPAddress: Services] = [:]
    private var parents = ReverseParents()

    /// Most addresses are one instance's alone.
    private enum Services {
        case one(ServiceName)
        case several([ServiceName: Int])
    }

    /// The nodes with this address, in order; of more than `limit`, some.
    func nodes(at address: IPAddress, atMost limit: Int = .max) -> [NodeName] {
        nodes[address]?.prefix(limit).sorted() ?? []
    }

    /// The services that have an instance with this address of its own, in order; of more than `limit`, some.
    func services(at address: IPAddress, atMost limit: Int = .max) -> [ServiceName] {
        switch services[address] {
        case nil: []
        case .one(let name): [name]
        case .several(let counts): counts.keys.prefix(limit).sorted()
        }
    }

    /// Whether addresses lie below a name that lies in one of the reverse zones.
    func isParent(_ name: DomainName) -> Bool { parents.contains(name) }

    /// Takes other zones of files, in place of those before.
    mutating func setZones(_ zones: [DomainName]) {
        parents = ReverseParents(in: zones)
        guard parents.hasZones else { return }
        for address in nodes.keys { parents.add(address) }
        for address in services.keys where nodes[address] == nil { parents.add(address) }
    }

    /// Follows a change of the catalog.
    mutating func update(from old: CatalogSnapshot, to new: CatalogSnapshot, _ delta: CatalogDelta) {
        for name in delta.nodes {
            let before = old.node(name)?.node.value.address.ip
            let after = new.node(name)?.node.value.address.ip
            guard before != after else { continue }
            if let before { change(at: before) { $0.remove(name, at: before) } }
            if let after { change(at: after) { $0.nodes[after, default: []].insert(name) } }
        }
        // A whole catalog: there are about as many addresses as instances.
        if services.isEmpty, !delta.services.isEmpty { services.reserveCapacity(new.instanceCount) }
        for name in delta.services {
            let before = old.service(name)?.instances ?? []
            let after = new.service(name)?.instances ?? []
            let (gone, come) = Self.difference(before, after)
            for entry in come {
                guard let address = entry.instance.value.address?.ip else { continue }
                change(at: address) { $0.add(name, at: address) }
            }
            for entry in gone {
                guard let address = entry.instance.value.address?.ip else { continue }
                change(at: address) { $0.remove(name, at: address) }
            }
        }
    }

    /// What lies between the instances at the front and at the end that both lists share: an unchanged instance is the
    /// same object in both, and most changes are of one.
    static func difference(
        _ old: [InstanceEntry], _ new: [InstanceEntry]
    ) -> (gone: ArraySlice<InstanceEntry>, come: ArraySlice<InstanceEntry>) {
        var start = 0
        while start < min(old.count, new.count), old[start] === new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start, old[old.count - 1 - end] === new[new.count - 1 - end] {
            end += 1
        }
        return (old[start..<old.count - end], new[start..<new.count - end])
    }

    /// Changes who has an address, and so perhaps whether the names above it exist.
    private mutating func change(at address: IPAddress, _ change: (inout ReverseIndex) -> Void) {
        guard parents.hasZones else { return change(&self) }
        let wasThere = hasHolder(address)
        change(&self)
        switch (wasThere, hasHolder(address)) {
        case (false, true): parents.add(address)
        case (true, false): parents.remove(address)
        default: break
        }
    }

    private func hasHolder(_ address: IPAddress) -> Bool { nodes[address] != nil || services[address] != nil }

    private mutating func add(_ name: ServiceName, at address: IPAddress) {
        switch services.updateValue(.one(name), forKey: address) {
        case nil:
            break
        case .one(let other):
            services[address] = .several(name == other ? [name: 2] : [name: 1, other: 1])
        case .several(var counts):
            // Nothing else holds the counts while they are changed.
            counts[name, default: 0] += 1
            services[address] = .several(counts)
        }
    }

    private mutating func remove(_ name: ServiceName, at address: IPAddress) {
        switch services[address] {
        case nil:
            break
        case .one(let other):
            if name == other { services[address] = nil }
        case .several(var counts):
            services[address] = nil
            let left = (counts[name] ?? 0) - 1
            counts[name] = left > 0 ? left : nil
            guard !counts.isEmpty else { return }
            if counts.count == 1, let last = counts.first, last.value == 1 {
                services[address] = .one(last.key)
            } else {
                services[address] = .several(counts)
            }
        }
    }

    private mutating func remove(_ name: NodeName, at address: IPAddress) {
        nodes[address]?.remove(name)
        if nodes[address]?.isEmpty == true { nodes[address] = nil }
    }
}
