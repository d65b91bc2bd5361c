import Logging

@testable import DNS
@testable import DNSServer
@testable import Registry
@testable import ZoneFiles

/// A server's whole knowledge: a catalog with every kind of name, published and worked out, two zone files, and a history.
enum FuzzedRegistry {
    static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
    static let keys = TSIGKey.Algorithm.allCases.map { algorithm in
        TSIGKey(name: known { try DomainName(text: algorithm.rawValue) }, algorithm: algorithm, secret: [1, 2, 3])
    }
    static let transfers = TransferZones(changed: { _ in })

    /// What is answered of it.
    static let table: AnswerTable = known {
        let agent = Agent(
            node: try NodeName("server01"), nodeID: "", address: .v4(0x0a00_0001), datacenter: "dc1",
            domain: try DomainName(text: "consul."), alternativeDomain: try DomainName(text: "lab.example."))
        var policy = AnswerPolicy()
        policy.keys = keys
        policy.identity = AnswerPolicy.Identity(name: "berth", version: "1")
        let publisher = AnswerPublisher(
            try RegistryZone(agent: agent), policy: policy, transfers: transfers, logger: logger)
        publisher.replaceZoneFiles(
            try zones.sorted { $0.key < $1.key }.map { apex, text in
                try ZoneFile.parse(Array(text.utf8), path: "\(apex).zone")
            })
        var state = CatalogState()
        // One by one, so that there are changes to transfer.
        for change in try changes {
            let old = state.snapshot
            let delta = try state.apply(change, at: old.index + 1)
            publisher.catalogDidChange(from: old, to: state.snapshot, delta: delta)
        }
        return publisher.table
    }

    private static let zones = [
        "example.org": """
        $TTL 60
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        ns A 192.0.2.1
        www CNAME web.service.consul.
        lab CNAME web.service.lab.example.
        back CNAME 1.0.0.10.in-addr.arpa.
        mail MX 10 web.service.consul.
        gone DNAME service.consul.
        *.wild TXT "any"
        sub NS ns.sub
        ns.sub A 192.0.2.2

        """,
        "10.in-addr.arpa": """
        $TTL 60
        @ SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60
        9.0.0 PTR www.example.org.
        *.9 PTR www.example.org.

        """,
    ]

    private static var changes: [CatalogChange] {
        get throws {
            try [
                node("server01", "10.0.0.1", meta: ["rack": "r1", "empty": ""]), node("far", "host.example.org"),
                node("a.b", "10.0.0.2"), node("dc1", "2001:db8::1"),
                instance("web", "web-1", tags: ["v1", "a", "a.b", "udp"], meta: ["path": "/", "https-alpn": "h3,h2"]),
                instance("web", "web.2", on: "a.b", tags: ["V1", "c"], address: "10.0.0.9", port: 81),
                instance("web", "web-3", address: "2001:db8::9"),
                instance("dns", "dns-tcp", transport: .tcp), instance("dns", "dns-udp", transport: .udp, port: 53),
                instance("named", "named", address: "web.service.consul"),
                instance("outside", "outside", on: "far", meta: ["svcb-alpn": "h2"]),
                instance("down", "down", tags: ["v1"]),
                .putCheck(
                    HealthCheck(
                        node: NodeName("server01"), id: "down", name: "", status: .critical, output: "HTTP 500",
                        instance: "down")),
                instance("gone", "gone"),
                .removeInstance(InstanceKey(node: NodeName("server01"), id: "gone")), .advance,
            ]
        }
    }

    private static func node(
        _ name: String, _ address: String, meta: [String: String] = [:]
    ) throws -> CatalogChange {
        .putNode(Node(name: try NodeName(name), id: name, address: try Address(address), meta: meta))
    }

    private static func instance(
        _ service: String, _ id: String, on node: String = "server01", tags: [String] = [], address: String? = nil,
        transport: TransportProtocol? = nil, port: UInt16 = 80, meta: [String: String] = [:]
    ) throws -> CatalogChange {
        .putInstance(
            ServiceInstance(
                node: try NodeName(node), id: id, name: try ServiceName(service), tags: tags,
                address: try address.map { try Address($0) }, port: port, transport: transport, meta: meta),
            checks: nil)
    }

    /// What the targets are made of has no mistakes.
    private static func known<Value>(_ make: () throws -> Value) -> Value {
        do { return try make() } catch { fatalError("\(error)") }
    }
}
