import DNS
import Registry

@testable import DNSServer

// The cases about services.

extension ConsulCase {
    static let onlyAsked = "TXT is told to who asks for it, so that answers about addresses stay small"

    static func db() throws -> [CatalogChange] {
        try [Example.node("foo", "127.0.0.1"), Example.instance("db", on: "foo", tags: ["primary"], port: 12345)]
    }

    static let db12345 = """
        = SRV 1 1 12345 foo.node.dc1.consul.
        + foo.node.dc1.consul. A 127.0.0.1
        """

    private static let everySet = "ANY is every set of records there is, SRV among them"

    static let services: [ConsulCase] = [
        ConsulCase(
            "ServiceLookup", timesToLive: TimesToLive(), try db(),
            """
            db.service.consul SRV
            = 1 SRV 1 1 12345 foo.node.dc1.consul.
            + foo.node.dc1.consul. 1 A 127.0.0.1
            nodb.service.consul SRV NXDOMAIN
            ~ 1 SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
        ConsulCase(
            "ServiceLookup_TTL",
            timesToLive: TimesToLive(services: ["*": 5, "d*": 42, "db": 10, "db*": 66]),
            [
                try Example.node("foo", "127.0.0.1"), try Example.instance("db", on: "foo", port: 1),
                try Example.instance("dblb", on: "foo", port: 2), try Example.instance("dk", on: "foo", port: 3),
                try Example.instance("api", on: "foo", port: 4),
            ],
            """
            db.service.consul A
            = 10 A 127.0.0.1
            dblb.service.consul A
            = 66 A 127.0.0.1
            dk.service.consul A
            = 42 A 127.0.0.1
            api.service.consul A
            = 5 A 127.0.0.1
            db.service.consul SRV
            = 10 SRV 1 1 1 foo.node.dc1.consul.
            + foo.node.dc1.consul. 1 A 127.0.0.1
            """),
        ConsulCase(
            "CaseInsensitiveServiceLookup",
            [
                try Example.node("foo", "127.0.0.1"),
                try Example.instance("Db", on: "foo", tags: ["Primary"], port: 12345),
            ],
            ["primary.Db.service.consul", "pRIMARY.dB.service.consul", "PRIMARY.db.service.consul"].map {
                "\($0) SRV\n\(db12345)"
            }.joined(separator: "\n")),
        ConsulCase(
            "ServiceLookup_TagPeriod",
            [
                try Example.node("foo", "127.0.0.1"),
                try Example.instance("db", on: "foo", tags: ["v1.primary"], port: 12345),
            ],
            """
            v1.primary2.db.service.consul SRV NXDOMAIN
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            v1.primary.db.service.consul SRV
            \(db12345)
            """),
        ConsulCase(
            "ServiceLookup_SRV_RFC", try db(),
            ["service.dc1.consul", "service.consul", "dc1.consul", "consul"].map {
                "_db._primary.\($0) SRV\n\(db12345)"
            }.joined(separator: "\n")),
        ConsulCase(
            "ServiceLookup_SRV_RFC_TCP_Default", try db(),
            ["service.dc1.consul", "service.consul", "dc1.consul", "consul"].map {
                "_db._tcp.\($0) SRV\n\(db12345)"
            }.joined(separator: "\n")),
        ConsulCase(
            "ServiceLookup_Dedup", better: everySet, try double(ports: 12345, 12345, 12345),
            """
            db.service.consul A
            = A 127.0.0.1
            db.service.consul ANY
            = A 127.0.0.1
            = SRV 1 1 12345 foo.node.dc1.consul.
            """),
        ConsulCase(
            "ServiceLookup_Dedup_SRV", try double(ports: 12345, 12345, 12346),
            """
            db.service.consul SRV
            = SRV 1 1 12345 foo.node.dc1.consul.
            = SRV 1 1 12346 foo.node.dc1.consul.
            + foo.node.dc1.consul. A 127.0.0.1
            """),
        ConsulCase(
            "ServiceLookup_FilterCritical",
            [
                try Example.node("foo", "127.0.0.1"), try Example.node("bar", "127.0.0.2"),
                try Example.node("baz", "127.0.0.3"), try nodeCheck("bar", .critical),
                try Example.instance("db", on: "foo", health: [.critical]), try Example.instance("db", on: "bar"),
                try Example.instance("db", "db2", on: "baz", health: [.warning]),
                try Example.instance("db", "db3", on: "foo", port: 9),
            ],
            """
            db.service.consul A
            = A 127.0.0.1
            = A 127.0.0.3
            """),
        ConsulCase(
            "ServiceLookup_OnlyFailing",
            better:
                "a service that is down is there all the same, so its name is no error, and an EDE says what is wrong",
            [try Example.node("foo", "127.0.0.1"), try Example.instance("db", on: "foo", health: [.critical])],
            """
            db.service.consul A
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            % 1 instance, critical: db
            """),
        ConsulCase(
            "ServiceLookup_Truncate", better: "TC is always set where something is left out, without being asked for",
            try many(99),
            """
            many.service.consul A +noedns +ignore
            = ...
            % tc
            """),
        ConsulCase(
            "TCP_and_UDP_Truncate", try many(99),
            "many.service.consul A +tcp\n" + (1...99).map { "= A 10.0.0.\($0)" }.joined(separator: "\n")),
        ConsulCase(
            "ServiceLookup_MetaTXT", better: onlyAsked,
            [
                try Example.node("foo", "127.0.0.1", meta: ["key": "value"]),
                try Example.instance("db", on: "foo", port: 12345),
            ],
            "db.service.consul SRV\n\(db12345)"),
        ConsulCase(
            "NonExistingLookupEmptyAorAAAA",
            [
                try Example.node("foo", "127.0.0.1"), try Example.instance("webv4", on: "foo"),
                try Example.instance("webv6", on: "foo", address: "2607:20:4005:808::200e"),
            ],
            """
            webv4.service.consul AAAA
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            webv6.service.consul A
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
    ]

    /// Three instances, two of them alike.
    private static func double(ports: UInt16...) throws -> [CatalogChange] {
        try [Example.node("foo", "127.0.0.1")]
            + ports.enumerated().map { try Example.instance("db", "db\($0)", on: "foo", port: $1) }
    }

    private static func many(_ count: Int) throws -> [CatalogChange] {
        try [Example.node()] + (1...count).map { try Example.instance("many", "m\($0)", address: "10.0.0.\($0)") }
    }

    private static func nodeCheck(_ node: String, _ status: HealthStatus) throws -> CatalogChange {
        .putCheck(HealthCheck(node: try NodeName(node), id: "serfHealth", name: "", status: status, instance: nil))
    }
}
