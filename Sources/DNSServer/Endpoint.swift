import DNS
import Registry

/// A healthy instance as DNS sees it: a target name, a port, and the target's address where it is known.
struct Endpoint: Equatable {
    /// Instances that agree in this are one endpoint.
    struct Identity: Hashable {
        var target: DomainName
        var port: UInt16
    }

    let identity: Identity
    /// `nil` where the target is a host name that somebody else resolves.
    let address: IPAddress?
    let weight: UInt16
    /// SRV RDATA (RFC 2782): priority 1, weight, port, target.
    let serviceRecord: [UInt8]
    let tags: [String]
    /// Its SVCB and HTTPS records.
    let bindings: [ServiceBinding]

    var target: DomainName { identity.target }

    /// - Returns: `nil` for an instance with a critical check, its own or its node's, or without an address.
    init?(_ entry: InstanceEntry, in snapshot: CatalogSnapshot, _ zone: RegistryZone) {
        let instance = entry.instance.value
        let health = snapshot.health(of: entry)
        guard health != .critical, let (target, ip) = Self.place(of: instance, in: snapshot, zone) else { return nil }
        identity = Identity(target: target, port: instance.port)
        self.address = ip
        weight = health == .passing ? instance.weights.passing : instance.weights.warning
        serviceRecord = [0, 1] + Self.octets(weight) + Self.octets(instance.port) + target.wire
        tags = instance.tags
        bindings = ServiceBinding.all(of: instance, target: target, ip)
    }

    /// Where an instance is: the name of its own address, else that of its node.
    private static func place(
        of instance: ServiceInstance, in snapshot: CatalogSnapshot, _ zone: RegistryZone
    ) -> (target: DomainName, address: IPAddress?)? {
        if let address = instance.address {
            if let ip = address.ip { return zone.target(of: ip).map { ($0, ip) } }
            guard let name = try? DomainName(text: address.text) else { return nil }
            // A name that stands for the service itself leads nowhere.
            let isItself = [zone.owner(of: instance.name), zone.target(of: instance.name)].contains(name)
            if !isItself { return (name, nil) }
        }
        guard let address = snapshot.node(instance.node)?.node.value.address else { return nil }
        if let ip = address.ip { return zone.target(of: instance.node).map { ($0, ip) } }
        return (try? DomainName(text: address.text)).map { ($0, nil) }
    }

    /// True if both give the same records to every name that both are found under.
    func isAnswered(like other: Endpoint) -> Bool {
        serviceRecord == other.serviceRecord && address == other.address && bindings == other.bindings
    }

    private static func octets(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
}
