import DNS
import Registry

/// The names and the fixed furniture of the registry's zone, such as `consul.`:
///
///     consul.                       SOA ns.consul. hostmaster.consul., NS <this node>
///     ns.consul.                    A, AAAA of this node
///     <service>.service.consul.     and <tag>.<service>.service.consul.
///     <node>.node.consul.           a dot in a node's name parts labels
///     <hex>.addr.consul.
///     <query>.query.consul.         what a prepared query finds
///     _tcp.consul.                  _udp.consul. and _dns-sd._udp.consul., for browsers of services (RFC 6763)
///
/// Targets are written with the datacenter (`web-1.node.dc1.consul.`), as Consul writes them.
struct RegistryZone: Sendable {
    let agent: Agent
    let timesToLive: TimesToLive
    /// Of services' instances.
    let orders: ByService<AnswerOrder>
    let services: DomainName
    private let serviceTargets: DomainName
    let nodes: DomainName
    private let queries: DomainName
    let nodeTargets: DomainName
    let addressTargets: DomainName
    private let tcp: DomainName
    private let udp: DomainName
    private let serviceDiscovery: DomainName
    private let nameServer: DomainName
    private let hostmaster: DomainName

    /// The longest domain whose targets still fit into a name, for nodes of one label: 255 octets less that, `node` and a
    /// datacenter's.
    static let longestDomain = DomainName.maximumLength - 2 * (1 + DomainName.maximumLabelLength) - 5

    /// - Throws: ``NameError`` if the datacenter is no label, the domain longer than ``longestDomain``, or the agent's node
    ///   has too long a name for both.
    init(
        agent: Agent, timesToLive: TimesToLive = TimesToLive(),
        orders: ByService<AnswerOrder> = ByService(usual: .random)
    ) throws(NameError) {
        let apex = agent.domain
        guard apex.wire.count <= Self.longestDomain else { throw .nameTooLong(octets: apex.wire.count) }
        self.agent = agent
        self.timesToLive = timesToLive
        self.orders = orders
        services = try Self.name("service", below: apex)
        nodes = try Self.name("node", below: apex)
        queries = try Self.name("query", below: apex)
        let datacenter = try Self.name(agent.datacenter, below: apex)
        serviceTargets = try Self.name("service", below: datacenter)
        nodeTargets = try Self.name("node", below: datacenter)
        tcp = try Self.name("_tcp", below: apex)
        udp = try Self.name("_udp", below: apex)
        serviceDiscovery = try Self.name("_dns-sd", below: udp)
        addressTargets = try Self.name("addr", below: datacenter)
        nameServer = try Self.name("ns", below: apex)
        hostmaster = try Self.name("hostmaster", below: apex)
        _ = try Self.name(agent.node, below: nodeTargets)
    }

    func zone(at index: UInt64) -> Zone {
        Zone(
            apex: agent.domain, source: .registry(datacenter: agent.datacenter), soa: soa(at: index),
            addressTimeToLive: timesToLive.node, alternative: agent.alternativeDomain)
    }

    /// - Parameter index: of the catalog, which makes the serial: it only grows, a restart reads it back from the journal,
    ///   and no clock can turn it back. Serial arithmetic (RFC 1982) lets it wrap.
    func soa(at index: UInt64) -> RRSet {
        let serial = UInt32(truncatingIfNeeded: index &+ 1)
        let refresh: UInt32 = 3600
        let retry: UInt32 = 600
        let expire: UInt32 = 86400
        var data = nameServer.wire + hostmaster.wire
        for number in [serial, refresh, retry, expire, timesToLive.negative] { data.append(bigEndian: number) }
        return set(agent.domain, .soa, [data], timesToLive.negative)
    }

    /// What is published whatever the catalog holds: the apex's name server and the branches that services and nodes hang on.
    var furniture: [OwnerRecords] {
        let target = target(of: agent.node)
        return [
            OwnerRecords(
                owner: agent.domain, sets: target.map { [set(agent.domain, .ns, [$0.wire])] } ?? [],
                additional: target.map { [addressSet($0, agent.address)] } ?? []),
            OwnerRecords(owner: nameServer, sets: [addressSet(nameServer, agent.address)]),
            OwnerRecords(owner: services),
            OwnerRecords(owner: nodes),
            OwnerRecords(owner: queries, unpublished: .names),
            OwnerRecords(owner: tcp, unpublished: .names),
            OwnerRecords(owner: udp, unpublished: .names),
            OwnerRecords(owner: serviceDiscovery, unpublished: .names),
        ]
    }

    /// `<service>.service.<apex>`; `nil` if it is too long to be asked for.
    func owner(of service: ServiceName) -> DomainName? { try? Self.name(service.text, below: services) }

    /// `<tag>.<service>.service.<apex>`, a dot in the tag parting labels; `nil` for a tag that cannot be asked for.
    func owner(ofTag tag: String, below service: DomainName) -> DomainName? {
        let labels = tag.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            do { try Label.validateOctets(String(label)) } catch { return nil }
        }
        return try? DomainName(labels: labels.map(\.utf8)).appending(service)
    }

    /// `<node>.node.<apex>`; `nil` if it is too long to be asked for.
    func owner(of node: NodeName) -> DomainName? { try? Self.name(node, below: nodes) }

    /// `_<service>._tcp.<apex>`, or with `_udp`, below which its instances have names (RFC 6763 4.1); `nil` for a name that
    /// starts with an underscore, which has no such spelling, or is too long for another, or for another protocol.
    func browsingName(of service: ServiceName, _ transport: TransportProtocol?) -> DomainName? {
        let parent: DomainName? =
            switch transport {
            case .tcp: tcp
            case .udp: udp
            case .sctp, nil: nil
            }
        guard let parent, !service.text.hasPrefix("_") else { return nil }
        return try? Self.name("_\(service.text)", below: parent)
    }

    /// `<service>.service.<datacenter>.<apex>`.
    func target(of service: ServiceName) -> DomainName? { try? Self.name(service.text, below: serviceTargets) }

    /// `<node>.node.<datacenter>.<apex>`; `nil` if it is too long to be asked for.
    func target(of node: NodeName) -> DomainName? { try? Self.name(node, below: nodeTargets) }

    /// `<hex>.addr.<datacenter>.<apex>`: 8 or 32 lower-case digits.
    func target(of address: IPAddress) -> DomainName? {
        let octets = address.octets
        var wire: [UInt8] = []
        wire.reserveCapacity(1 + 2 * octets.count + addressTargets.wire.count)
        wire.append(UInt8(2 * octets.count))
        for octet in octets {
            wire.append(Self.digit(octet >> 4))
            wire.append(Self.digit(octet & 15))
        }
        wire.append(contentsOf: addressTargets.wire)
        return try? DomainName(wire: wire)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// - Parameter seconds: `nil`: what is said of nodes.
    func set(_ owner: DomainName, _ type: RecordType, _ rdata: [[UInt8]], _ seconds: UInt32? = nil) -> RRSet {
        RRSet(owner: owner, type: type, timeToLive: seconds ?? timesToLive.node, rdata: rdata)
    }

    func addressSet(_ owner: DomainName, _ address: IPAddress) -> RRSet {
        switch address {
        case .v4: set(owner, .a, [address.octets])
        case .v6: set(owner, .aaaa, [address.octets])
        }
    }

    private static func name(_ label: String, below parent: DomainName) throws(NameError) -> DomainName {
        try DomainName(labels: [label.utf8]).appending(parent)
    }

    private static func name(_ node: NodeName, below parent: DomainName) throws(NameError) -> DomainName {
        try DomainName(labels: node.labels).appending(parent)
    }
}
