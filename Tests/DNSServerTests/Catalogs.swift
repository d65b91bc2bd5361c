import DNS
import Registry

@testable import DNSServer

/// Names and objects that tests of this target write catalogs with.
enum Example {
    static let address = IPAddress.v4(0x0a00_0001)

    static func agent(domain: String = "consul.") throws -> Agent {
        Agent(
            node: try NodeName("server01"), nodeID: "0b0f9a4e-5b6e-4d2c-9d2c-0d6ad6f0a001", address: address,
            datacenter: "dc1", domain: try DomainName(text: domain))
    }

    static func node(
        _ name: String = "server01", _ address: String = "10.0.0.1", tagged: [String: String] = [:],
        meta: [String: String] = [:]
    ) throws -> CatalogChange {
        .putNode(
            Node(
                name: try NodeName(name), id: "node-\(name)", address: try Address(address),
                taggedAddresses: try tagged.mapValues { try Address($0) }, meta: meta))
    }

    /// An instance with a check for each of `health`.
    static func instance(
        _ service: String, _ id: String? = nil, on node: String = "server01", tags: [String] = [],
        address: String? = nil, tagged: [String: String] = [:], port: UInt16 = 80,
        transport: TransportProtocol? = nil, weights: Weights = Weights(), meta: [String: String] = [:],
        health: [HealthStatus] = []
    ) throws -> CatalogChange {
        let node = try NodeName(node)
        let id = id ?? service
        let checks = health.enumerated().map { index, status in
            HealthCheck(node: node, id: "\(id)-\(index)", name: "", status: status, instance: id)
        }
        return .putInstance(
            ServiceInstance(
                node: node, id: id, name: try ServiceName(service, policy: .allow), tags: tags,
                address: try address.map { try Address($0) }, port: port, transport: transport, meta: meta,
                taggedAddresses: try tagged.mapValues { TaggedAddress(address: try Address($0), port: 0) },
                weights: weights),
            checks: checks)
    }
}

/// A catalog beside the names that were published for it, one change at a time.
struct CompiledCatalog {
    private var state = CatalogState()
    private let compiler: AnswerCompiler
    private(set) var names: [DomainName: OwnerRecords] = [:]
    private(set) var reverse = ReverseIndex()

    init(_ changes: [CatalogChange] = []) throws {
        compiler = AnswerCompiler(zone: try RegistryZone(agent: try Example.agent()))
        reverse.setZones(try ["10.in-addr.arpa", "ip6.arpa", "z.example"].map { try DomainName(text: $0) })
        for change in changes { try apply(change) }
    }

    /// - Parameter observer: is told of the change as well.
    /// - Returns: what was published for it.
    @discardableResult
    mutating func apply(
        _ change: CatalogChange, telling observer: (any CatalogObserver)? = nil
    ) throws -> [AnswerCompiler.Publication] {
        let old = state.snapshot
        let delta = try state.apply(change, at: old.index + 1)
        reverse.update(from: old, to: state.snapshot, delta)
        observer?.catalogDidChange(from: old, to: state.snapshot, delta: delta)
        let publications = compiler.publications(from: old, to: state.snapshot, delta: delta)
        for publication in publications {
            switch publication {
            case .publish(let records): names[records.owner] = records
            case .remove(let owner): names[owner] = nil
            }
        }
        return publications
    }

    /// Tells of the catalog as it is now at once.
    func tellAll(_ observer: any CatalogObserver) {
        observer.observationDidBegin(with: state.snapshot)
    }

    private var all: CatalogDelta {
        CatalogDelta(
            index: state.snapshot.index, services: Set(state.snapshot.services.map(\.name)),
            nodes: Set(state.snapshot.nodes.map(\.node.value.name)))
    }

    /// What the catalog as it is now gives when nothing was published before.
    var fromScratch: [DomainName: OwnerRecords] {
        let publications = compiler.publications(from: CatalogSnapshot(), to: state.snapshot, delta: all)
        return Dictionary(
            publications.compactMap { publication in
                guard case .publish(let records) = publication else { return nil }
                return (records.owner, records)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The nodes and the services that have an address, looked for everywhere.
    func holders(of address: IPAddress) -> (nodes: [NodeName], services: [ServiceName]) {
        let nodes = state.snapshot.nodes.map(\.node.value).filter { $0.address.ip == address }.map(\.name)
        let services = state.snapshot.services.filter { service in
            service.instances.contains { $0.instance.value.address?.ip == address }
        }
        return (nodes, services.map(\.name))
    }

    /// Whether the names above an address exist as long as anybody has it, or one beside it.
    func hasRightParents(of address: IPAddress) -> Bool {
        let instances = state.snapshot.services.flatMap(\.instances).map(\.instance.value.address)
        let held = (instances + state.snapshot.nodes.map(\.node.value.address)).compactMap { $0?.ip?.reverseName }
        var names: [DomainName] = []
        while let name = (names.last ?? address.reverseName).parent, name.labels.count > 3 { names.append(name) }
        return names.allSatisfy { name in
            reverse.isParent(name) == held.contains { $0 != name && $0.isSubdomain(of: name) }
        }
    }

    /// How many instances the service has that a name belongs to.
    func instances(at owner: DomainName) -> Int {
        state.snapshot.services.first {
            owner.description.lowercased().hasSuffix("\($0.name.text.lowercased()).service.consul.")
        }?
        .instances.count ?? 0
    }

    /// The records at `owner`, each as `TYPE DATA`, sorted; `nil` if the name is not published.
    func answer(_ owner: String) throws -> [String]? {
        try names[DomainName(text: owner)].map { $0.sets.flatMap(Presentation.lines).sorted() }
    }

    /// Why there is no answer at `owner`.
    func note(_ owner: String) throws -> String? { try names[DomainName(text: owner)]?.note }

    /// The additional records at `owner`, each as `OWNER TYPE DATA`, in order.
    func additional(_ owner: String) throws -> [String]? {
        try names[DomainName(text: owner)].map { records in
            records.additional.flatMap { set in Presentation.lines(set).map { "\(set.owner) \($0)" } }
        }
    }
}

/// Records as text, for the types that the registry's zone has.
enum Presentation {
    static func lines(_ set: RRSet) -> [String] { set.rdata.map { line(set.type, $0) } }

    private static func line(_ type: RecordType, _ data: [UInt8]) -> String {
        switch type {
        case .a: "A " + (IPAddress(octets: data)?.description ?? "?")
        case .aaaa: "AAAA " + (IPAddress(octets: data)?.description ?? "?")
        case .cname: "CNAME " + name(data[...])
        case .ns: "NS " + name(data[...])
        case .srv:
            "SRV "
                + stride(from: 0, to: 6, by: 2).map { "\(Int(data[$0]) << 8 | Int(data[$0 + 1])) " }.joined()
                + name(data[6...])
        default: "TYPE\(type.rawValue)"
        }
    }

    private static func name(_ wire: ArraySlice<UInt8>) -> String {
        (try? DomainName(wire: wire))?.description ?? "?"
    }
}

extension AnswerCompiler {
    /// All portions as one.
    func publications(
        from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta
    ) -> [Publication] {
        var all: [Publication] = []
        publish(from: old, to: new, delta: delta) { all += $0 }
        return all
    }
}
