import DNS
import Registry
import Testing

@testable import DNSServer

/// Consul's own DNS cases. Left out: the mesh (connect, ingress), access control lists, prepared queries, several
/// datacenters and coordinates, which Berth has not; names that others resolve, which are in `RecursionTests`; settings of
/// Consul alone (its limits on answers, trimming, compression, reloading); dotted names of nodes, which are one label here;
/// and tests of functions inside it.
@Suite struct `Consul's DNS cases` {
    @Test(arguments: nodes + ConsulCase.services + ConsulCase.addresses + zone + names)
    func `are answered as there, or better`(_ consul: ConsulCase) async throws { try await consul.check() }

    // MARK: - Nodes

    private static let notZero = "not 0 seconds, which has nginx ask again at every request"

    static let nodes: [ConsulCase] = [
        ConsulCase(
            "Over_TCP", [try Example.node("Foo", "127.0.0.1")],
            """
            foo.node.dc1.consul ANY +tcp
            = A 127.0.0.1
            """),
        ConsulCase(
            "NodeLookup", better: ConsulCase.onlyAsked,
            [try Example.node("foo", "127.0.0.1", meta: ["key": "value"])],
            """
            foo.node.consul ANY
            = A 127.0.0.1
            = TXT "key=value"
            foo.node.consul A
            = A 127.0.0.1
            foo.node.dc1.consul A
            = A 127.0.0.1
            """),
        ConsulCase(
            "NodeLookup (no such node)", better: notZero, timesToLive: TimesToLive(), [try Example.node()],
            """
            nofoo.node.dc1.consul ANY NXDOMAIN
            ~ 1 SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
        ConsulCase(
            "CaseInsensitiveNodeLookup", [try Example.node("Foo", "127.0.0.1")],
            """
            fOO.node.dc1.consul ANY
            = A 127.0.0.1
            """),
        ConsulCase(
            "NodeLookup_AAAA", [try Example.node("bar", "::4242:4242")],
            """
            bar.node.consul AAAA
            = AAAA ::66.66.66.66
            """),
        ConsulCase(
            "NodeLookup_CNAME (nobody to ask)", [try Example.node("google", "www.google.com")],
            """
            google.node.consul A
            = CNAME www.google.com.
            google.node.consul ANY
            = CNAME www.google.com.
            """),
        ConsulCase(
            "NodeLookup_TXT",
            [try Example.node("google", "127.0.0.1", meta: ["rfc1035-00": "value0", "key0": "value1"])],
            """
            google.node.consul TXT
            = TXT "value0"
            = TXT "key0=value1"
            """),
        ConsulCase(
            "NodeLookup_ANY", [try Example.node("bar", "127.0.0.1", meta: ["key": "value"])],
            """
            bar.node.consul ANY
            = A 127.0.0.1
            = TXT "key=value"
            """),
        ConsulCase(
            "NodeLookup_A_SuppressTXT", [try Example.node("bar", "127.0.0.1", meta: ["key": "value"])],
            """
            bar.node.consul A
            = A 127.0.0.1
            """),
        ConsulCase(
            "NodeLookup_TTL", timesToLive: TimesToLive(node: 10),
            [
                try Example.node("foo", "127.0.0.1"), try Example.node("bar", "::4242:4242"),
                try Example.node("google", "www.google.com"),
            ],
            """
            foo.node.consul ANY
            = 10 A 127.0.0.1
            bar.node.consul ANY
            = 10 AAAA ::66.66.66.66
            google.node.consul ANY
            = 10 CNAME www.google.com.
            """),
        ConsulCase(
            "NonExistentDC_Server", [try Example.node("foo", "127.0.0.1")],
            """
            foo.node.dc2.consul ANY NXDOMAIN
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
    ]

    // MARK: - The zone

    private static let realZone =
        "a real zone: SOA and NS are the apex's, what exists is no error, names are who they say"
    private static let oneDomain = "a domain answers in its own words, so that who may ask only there finds everything"

    static let zone: [ConsulCase] = [
        ConsulCase(
            "EmptyAltDomain", [try Example.node()],
            """
            server01.node.test-domain A REFUSED
            www.google.com A REFUSED
            """),
        ConsulCase(
            "EDNS0", better: "a server says what it takes itself, not what the client does (RFC 6891)",
            [try Example.node("foo", "127.0.0.2")],
            """
            foo.node.dc1.consul ANY +bufsize=12345
            = A 127.0.0.2
            % udp: 1232
            """),
        ConsulCase(
            "EDNS0_ECS", [try Example.node("foo", "127.0.0.2"), try Example.instance("db", on: "foo", port: 12345)],
            """
            db.service.consul SRV +subnet=198.18.0.1/32
            = SRV 1 1 12345 foo.node.dc1.consul.
            + foo.node.dc1.consul. A 127.0.0.2
            % CLIENT-SUBNET: 198.18.0.1/32/0
            """),
        ConsulCase(
            "SOA_Settings", timesToLive: TimesToLive(negative: 4), [try Example.node()],
            """
            consul SOA
            = 4 SOA ns.consul. hostmaster.consul. # 3600 600 86400 4
            """),
        ConsulCase(
            "NSRecords", better: realZone, [try Example.node()],
            """
            consul NS
            = NS server01.node.dc1.consul.
            + server01.node.dc1.consul. A 10.0.0.1
            something.node.consul NS NXDOMAIN
            ~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
        ConsulCase(
            "NSRecords_IPV6", address: .v6(high: 0, low: 1), [try Example.node("server01", "::1")],
            """
            consul NS
            = NS server01.node.dc1.consul.
            + server01.node.dc1.consul. AAAA ::1
            """),
        ConsulCase(
            "AltDomains_Service", better: oneDomain, alternative: "test-domain.", try ConsulCase.db(),
            ["consul", "test-domain"].map { domain in
                """
                db.service.\(domain) SRV
                = SRV 1 1 12345 foo.node.dc1.\(domain).
                + foo.node.dc1.\(domain). A 127.0.0.1
                foo.node.dc1.\(domain) A
                = A 127.0.0.1
                """
            }.joined(separator: "\n")),
        ConsulCase(
            "AltDomains_SOA", better: oneDomain, alternative: "test-domain.", [try Example.node()],
            """
            consul SOA
            = SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            test-domain SOA
            = SOA ns.test-domain. hostmaster.test-domain. # 3600 600 86400 1
            """),
        ConsulCase(
            "InvalidQueries", better: realZone, [try Example.node("foo", "127.0.0.1")],
            (["consul", "node.consul", "service.consul", "query.consul"].map { "\($0) A" }
                + ["foo.node.dc1.extra.consul", "foo.service.dc1.extra.consul"].map {
                    "\($0) A NXDOMAIN"
                })
                .map { "\($0)\n~ SOA ns.consul. hostmaster.consul. # 3600 600 86400 1" }.joined(separator: "\n")),
        ConsulCase(
            "NonExistingLookup", better: notZero, timesToLive: TimesToLive(), [try Example.node()],
            """
            nonexisting.consul ANY NXDOMAIN
            ~ 1 SOA ns.consul. hostmaster.consul. # 3600 600 86400 1
            """),
    ]

    // MARK: - Names of addresses

    private static let typed = "PTR is told to who asks for it or for ANY, and may be remembered for a second"

    static let names: [ConsulCase] = [
        ConsulCase(
            "ReverseLookup", better: typed, [try Example.node("foo2", "127.0.0.2")],
            """
            2.0.0.127.in-addr.arpa ANY
            = PTR foo2.node.dc1.consul.
            2.0.0.127.in-addr.arpa A
            """),
        ConsulCase(
            "ReverseLookup_CustomDomain", domain: "custom.", [try Example.node("foo2", "127.0.0.2")],
            """
            2.0.0.127.in-addr.arpa ANY
            = PTR foo2.node.dc1.custom.
            """),
        ConsulCase(
            "ReverseLookup_IPV6", [try Example.node("bar", "::4242:4242")],
            """
            2.4.2.4.2.4.2.4.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa ANY
            = PTR bar.node.dc1.consul.
            """),
        ConsulCase(
            "ServiceReverseLookup",
            [try Example.node("foo", "127.0.0.1"), try Example.instance("db", on: "foo", address: "127.0.0.2")],
            """
            2.0.0.127.in-addr.arpa ANY
            = PTR db.service.dc1.consul.
            """),
        ConsulCase(
            "ServiceReverseLookup_IPV6",
            [
                try Example.node("foo", "2001:db8::1"),
                try Example.instance("db", on: "foo", address: "2001:db8::ff00:42:8329"),
            ],
            """
            9.2.3.8.2.4.0.0.0.0.f.f.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa ANY
            = PTR db.service.dc1.consul.
            """),
        ConsulCase(
            "ServiceReverseLookup_CustomDomain", domain: "custom.",
            [try Example.node("foo", "127.0.0.1"), try Example.instance("db", on: "foo", address: "127.0.0.2")],
            """
            2.0.0.127.in-addr.arpa ANY
            = PTR db.service.dc1.custom.
            """),
        ConsulCase(
            "ServiceReverseLookupNodeAddress",
            [try Example.node("foo", "127.0.0.1"), try Example.instance("db", on: "foo", address: "127.0.0.1")],
            """
            1.0.0.127.in-addr.arpa ANY
            = PTR foo.node.dc1.consul.
            """),
    ]
}
