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
    /// What the service's name has as A and AAAA; none where only a host name is known.
    let addresses: AddressPair
    /// What the target has; none where that is a host name.
    let targetAddresses: AddressPair
    let weight: UInt16
    /// SRV RDATA (RFC 2782): priority 1, weight, port, target.
    let serviceRecord: [UInt8]
    let tags: [String]
    let transport: TransportProtocol?
    /// Its SVCB and HTTPS records.
    let bindings: [ServiceBinding]

    var target: DomainName { identity.target }

    /// - Parameter ignored: checks that do not count.
    /// - Returns: `nil` for an instance with a critical check, its own or its node's, or without an address.
    init?(
        _ entry: InstanceEntry, in snapshot: CatalogSnapshot, _ zone: RegistryZone, ignoring ignored: Set<CheckID> = []
    ) {
        let instance = entry.instance.value
        let health = snapshot.health(of: entry, ignoring: ignored)
        guard health != .critical, let (target, own) = Self.place(of: instance, in: snapshot, zone) else { return nil }
        identity = Identity(target: target, port: instance.port)
        targetAddresses = own
        addresses = AddressPair(tagged: { instance.taggedAddresses[$0]?.address }, else: own)
        weight = health == .passing ? instance.weights.passing : instance.weights.warning
        serviceRecord = Self.serviceRecord(weight, instance.port, target)
        tags = instance.foundTags
        transport = instance.transport
        bindings = ServiceBinding.all(of: instance, target: target, addresses)
    }

    /// Where an instance is: the name of its own address, else that of its node.
    private static func place(
        of instance: ServiceInstance, in snapshot: CatalogSnapshot, _ zone: RegistryZone
    ) -> (target: DomainName, addresses: AddressPair)? {
        if let address = instance.address {
            if let ip = address.ip { return zone.target(of: ip).map { ($0, AddressPair(ip)) } }
            guard let name = try? DomainName(text: address.text) else { return nil }
            // A name that stands for the service itself leads nowhere.
            let isItself = zone.zone(at: 0).plainSpelling(of: name) == zone.owner(of: instance.name)
            if !isItself { return (name, AddressPair()) }
        }
        guard let node = snapshot.node(instance.node)?.node.value else { return nil }
        let addresses = AddressPair(of: node)
        guard let address = addresses.v4 ?? addresses.v6 else {
            return (try? DomainName(text: node.address.text)).map { ($0, addresses) }
        }
        if let target = zone.target(of: instance.node) { return (target, addresses) }
        // Too long a name to be asked for.
        return zone.target(of: address).map { ($0, AddressPair(address)) }
    }

    /// True if both give the same records to every name that both are found under, and to its spellings.
    func isAnswered(like other: Endpoint) -> Bool {
        serviceRecord == other.serviceRecord && addresses == other.addresses
            && targetAddresses == other.targetAddresses && bindings == other.bindings
            && transport == other.transport
    }

    private static func serviceRecord(_ weight: UInt16, _ port: UInt16, _ target: DomainName) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(6 + target.wire.count)
        for number in [1, weight, port] { octets.append(bigEndian: number) }
        octets.append(contentsOf: target.wire)
        return octets
    }
}
