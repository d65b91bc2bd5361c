import DNS
import Registry

// Which names of the registry's domain others may add records to.

extension RegistryZone {
    /// True for names that are the registry's whatever it holds: those that always exist, those that are read as an
    /// address, and those that are read as another name.
    func reserves(_ name: DomainName) -> Bool {
        let labels = labels(of: name)
        switch labels.last {
        case nil, "addr", "_tcp", "_udp", agent.datacenter.lowercased(): return true
        case "service", "node", "ns": if labels.count == 1 { return true }
        default: break
        }
        // _web._primary.consul and _web._primary.service.consul (RFC 2782).
        let prefix = labels.last == "service" ? labels.dropLast() : labels[...]
        return prefix.count == 2 && prefix.allSatisfy { $0.hasPrefix("_") }
    }

    /// The service whose name, or a name below it, this would be: `web.service.<apex>` for `x.y.web.service.<apex>`.
    func serviceOwner(of name: DomainName) -> DomainName? {
        let labels = labels(of: name)
        guard labels.count > 1, labels.last == "service" else { return nil }
        return (0..<labels.count - 2).reduce(name) { name, _ in name.parent ?? name }
    }

    /// The labels before the apex, in lower case.
    private func labels(of name: DomainName) -> [String] {
        name.labels.dropLast(agent.domain.labels.count).map { String(decoding: $0, as: UTF8.self).lowercased() }
    }
}
