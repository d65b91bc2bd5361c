import DNS
import Registry

// The names that a registry's server understands without their being published, for those who must be told them.

extension RegistryZone {
    /// Subtrees that mirror others. Targets of SRV records are never below them (RFC 2782: no target is an alias).
    var aliases: [(owner: DomainName, target: DomainName)] {
        guard let datacenter = nodeTargets.parent, let addresses = addressTargets.labels.first,
            let serviceLabel = services.labels.first,
            let mirror = try? DomainName(labels: [serviceLabel]).appending(datacenter),
            let plainAddresses = try? DomainName(labels: [addresses]).appending(agent.domain)
        else { return [] }
        return [(mirror, services), (plainAddresses, addressTargets)].filter {
            !$0.target.isSubdomain(of: $0.owner) && !$0.owner.isSubdomain(of: $0.target)
        }
    }

    /// The RFC 2782 spellings of a service's or a tag's name; a node's with the datacenter. Candidates: one is right if the
    /// zone reads it as `owner` again.
    func spellings(of owner: DomainName) -> [DomainName] {
        if owner != nodes, let labels = labels(of: owner, below: nodes) {
            return [try? DomainName(labels: labels).appending(nodeTargets)].compactMap(\.self)
        }
        guard let labels = labels(of: owner, below: services) else { return [] }
        let underscored = labels.map { [UInt8(ascii: "_")] + $0 }
        let spelled: [[UInt8]]
        switch labels.count {
        case 1: spelled = [underscored[0], Array("_tcp".utf8)]
        case 2: spelled = [underscored[1], underscored[0]]
        default: return []
        }
        return [services, agent.domain].compactMap { try? DomainName(labels: spelled).appending($0) }
    }

    /// True for `<node>.node.<datacenter>.<apex>`.
    func isNodeTarget(_ name: DomainName) -> Bool { name != nodeTargets && name.isSubdomain(of: nodeTargets) }

    /// A name whose records let `owner` exist without any of its own (RFC 8020).
    func placeholder(below owner: DomainName) -> DomainName? {
        try? DomainName(labels: [Array("_empty".utf8)]).appending(owner)
    }

    /// TXT data: one empty string.
    static let placeholderText: [UInt8] = [0]

    private func labels(of name: DomainName, below ancestor: DomainName) -> [ArraySlice<UInt8>]? {
        guard name != ancestor, name.isSubdomain(of: ancestor) else { return nil }
        return name.labels.dropLast(ancestor.labels.count)
    }
}
