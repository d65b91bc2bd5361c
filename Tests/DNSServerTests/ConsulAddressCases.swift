import DNS
import Registry

@testable import DNSServer

// The cases about services with addresses and host names of their own.

extension ConsulCase {
    private static let typeAsked = "a type that the name has not is no data"

    static let addresses: [ConsulCase] = [
        ConsulCase(
            "ServiceLookup_ServiceAddress_A",
            [
                try Example.node("foo", "127.0.0.1"),
                try Example.instance("db", on: "foo", address: "127.0.0.2", port: 12345),
            ],
            """
            db.service.consul SRV
            = SRV 1 1 12345 7f000002.addr.dc1.consul.
            + 7f000002.addr.dc1.consul. A 127.0.0.2
            """),
        ConsulCase(
            "ServiceLookup_ServiceAddressIPV6",
            [
                try Example.node("foo", "127.0.0.1"),
                try Example.instance("db", on: "foo", address: "2607:20:4005:808::200e", port: 12345),
            ],
            """
            db.service.consul SRV
            = SRV 1 1 12345 2607002040050808000000000000200e.addr.dc1.consul.
            + 2607002040050808000000000000200e.addr.dc1.consul. AAAA 2607:20:4005:808::200e
            """),
        ConsulCase(
            "ExternalServiceLookup",
            [try Example.node("foo", "www.google.com"), try Example.instance("db", on: "foo", port: 12345)],
            """
            db.service.consul SRV
            = SRV 1 1 12345 www.google.com.
            """),
        ConsulCase(
            "ServiceLookup_ServiceAddress_CNAME (nobody to ask)",
            [
                try Example.node("foo", "1.2.3.4"),
                try Example.instance("search", on: "foo", address: "www.google.com", port: 80),
            ],
            """
            search.service.consul A
            = CNAME www.google.com.
            """),
        ConsulCase(
            "ExternalServiceToConsulCNAMELookup", try aliases(),
            """
            alias.service.consul SRV
            = SRV 1 1 12345 web.service.consul.
            + web.service.consul. A 127.0.0.1
            alias.service.CoNsUl SRV
            = SRV 1 1 12345 web.service.consul.
            + web.service.consul. A 127.0.0.1
            """),
        ConsulCase(
            "ExternalServiceToConsulCNAMENestedLookup", try aliases(),
            """
            alias2.service.consul SRV
            = SRV 1 1 12345 alias.service.consul.
            + alias.service.consul. CNAME web.service.consul.
            + web.service.consul. A 127.0.0.1
            """),
        ConsulCase(
            "ServiceLookup_WithInternalServiceAddress",
            [
                try Example.node("foo", "127.0.0.1"),
                try Example.instance("db", on: "foo", address: "db.service.consul", port: 12345),
            ],
            "db.service.consul SRV\n\(db12345)"),
        ConsulCase(
            "InifiniteRecursion", better: "no alias that leads to itself",
            [try Example.node("web", "web.service.consul"), try Example.instance("web", on: "web", port: 12345)],
            """
            web.service.consul A
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
        ConsulCase(
            "ServiceLookupNoMultiCNAME",
            [
                try Example.node("foo", "198.18.0.1"), try Example.node("bar", "198.18.0.3"),
                try Example.instance("db", on: "bar", address: "foo.node.consul"),
                try Example.instance("db", on: "foo", address: "foo.node.consul"),
            ],
            """
            db.service.consul A
            = A 198.18.0.1
            """),
        ConsulCase(
            "ServiceLookupPreferNoCNAME",
            [
                try Example.node("foo", "198.18.0.1"), try Example.node("bar", "198.18.0.2"),
                try Example.instance("db", on: "foo", address: "198.18.0.1"),
                try Example.instance("db", on: "bar", address: "bar.node.consul"),
            ],
            """
            db.service.consul A
            = A 198.18.0.1
            """),
        ConsulCase(
            "ServiceLookupMultiAddrNoCNAME",
            [
                try Example.node("foo", "198.18.0.1"), try Example.node("bar", "198.18.0.2"),
                try Example.node("baz", "198.18.0.3"),
                try Example.instance("db", on: "foo", address: "198.18.0.1"),
                try Example.instance("db", on: "bar", address: "bar.node.consul"),
                try Example.instance("db", on: "baz", address: "198.18.0.3"),
            ],
            """
            db.service.consul A
            = A 198.18.0.1
            = A 198.18.0.3
            """),
        ConsulCase(
            "Lookup_TaggedIPAddresses",
            [
                try Example.node("foo", "127.0.0.1"),
                try Example.node("six", "127.0.0.2", tagged: ["lan_ipv4": "192.0.2.9", "lan_ipv6": "2001:db8:9::9"]),
                try Example.instance(
                    "db", on: "foo", address: "127.0.0.1",
                    tagged: ["lan_ipv4": "127.0.0.2", "lan_ipv6": "2001:db8:1::1"]),
                try Example.instance("four", on: "foo", address: "127.0.0.1", tagged: ["lan_ipv4": "127.0.0.2"]),
                try Example.instance("at-node", on: "six"),
            ],
            """
            db.service.consul A
            = A 127.0.0.2
            db.service.consul AAAA
            = AAAA 2001:db8:1::1
            four.service.consul A
            = A 127.0.0.2
            four.service.consul AAAA
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            six.node.consul A
            = A 192.0.2.9
            six.node.consul AAAA
            = AAAA 2001:db8:9::9
            at-node.service.consul A
            = A 192.0.2.9
            at-node.service.consul AAAA
            = AAAA 2001:db8:9::9
            """),
        ConsulCase(
            "AddressLookup", better: typeAsked, [try Example.node()],
            """
            7f000001.addr.dc1.consul A
            = A 127.0.0.1
            7f000001.addr.dc1.consul SRV
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
        ConsulCase(
            "AddressLookupIPV6", better: typeAsked, [try Example.node()],
            """
            2607002040050808000000000000200e.addr.consul AAAA
            = AAAA 2607:20:4005:808::200e
            2607112040051808ffffffffffff200e.addr.consul AAAA
            = AAAA 2607:1120:4005:1808:ffff:ffff:ffff:200e
            2607112040051808ffffffffffff200e.addr.consul SRV
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
    ]

    /// A service, a second whose node has its name for an address, and a third whose node has the second's.
    private static func aliases() throws -> [CatalogChange] {
        try [
            Example.node("web", "127.0.0.1"), Example.instance("web", on: "web", port: 12345),
            Example.node("alias", "web.service.consul"), Example.instance("alias", on: "alias", port: 12345),
            Example.node("alias2", "alias.service.consul"), Example.instance("alias2", on: "alias2", port: 12345),
        ]
    }
}
