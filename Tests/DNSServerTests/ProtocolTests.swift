import DNS
import HashTreeCollections
import Registry
import Testing

@testable import DNSServer

@Suite struct `Names that ask for a protocol (RFC 2782)` {
    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.instance("dns", "dns-u", port: 53, transport: .udp),
            Example.instance("dns", "dns-t", port: 5353, transport: .tcp),
            Example.instance("ntp", tags: ["udp", "v4"], port: 123, transport: .udp),
            Example.instance("web", tags: ["udp"], port: 80),
            Example.instance("api", tags: ["udp"], port: 81, transport: .tcp),
            Example.instance("sig", port: 82, transport: .sctp),
            Example.instance("down", port: 83, transport: .udp, health: [.critical]),
        ]
    }

    private static func srv(_ port: Int) -> String { "SRV 1 1 \(port) server01.node.dc1.consul." }

    @Test(arguments: ["service.consul", "consul", "service.dc1.consul", "dc1.consul"])
    func `are answered with the instances that speak it`(_ domain: String) async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("_dns._tcp.\(domain)", "SRV", Self.srv(5353)),
                    Asked("_dns._udp.\(domain)", "SRV", Self.srv(53)),
                    Asked("_DNS._UDP.\(domain)", "A", "A 10.0.0.1"), Asked("_dns._udp.\(domain)", "AAAA"),
                    Asked("_ntp._udp.\(domain)", "SRV", Self.srv(123)),
                    Asked("_ntp._tcp.\(domain)", "SRV", status: "NXDOMAIN"),
                    Asked("_ntp._v4.\(domain)", "SRV", Self.srv(123)),
                    Asked("_sig._sctp.\(domain)", "SRV", Self.srv(82)),
                    Asked("_sig._tcp.\(domain)", "A", status: "NXDOMAIN"),
                    Asked("_api._tcp.\(domain)", "SRV", Self.srv(81)),
                    Asked("_api._udp.\(domain)", "SRV", status: "NXDOMAIN"),
                    // Nobody knows what this one speaks, so it is as in Consul.
                    Asked("_web._tcp.\(domain)", "SRV", Self.srv(80)),
                    Asked("_web._udp.\(domain)", "SRV", Self.srv(80)),
                    Asked("_web._sctp.\(domain)", "SRV", status: "NXDOMAIN"),
                    Asked("_down._udp.\(domain)", "SRV"), Asked("_down._tcp.\(domain)", "SRV", status: "NXDOMAIN"),
                ], running)
            let down = try await running.dig("_down._udp.\(domain)", "SRV")
            #expect(down.extendedError.contains("1 instance, critical: down"))
        }
    }

    @Test func `leave the service's own names and its tags as they are`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("dns.service.consul", "SRV", Self.srv(53), Self.srv(5353)),
                    Asked("udp.dns.service.consul", "SRV", Self.srv(53)),
                    Asked("udp.api.service.consul", "SRV", Self.srv(81)),
                    Asked("v4.udp.ntp.service.consul", "SRV", Self.srv(123)),
                    Asked("tcp.dns.service.consul", "SRV", status: "NXDOMAIN"),
                ], running)
        }
    }

    @Test func `follow the instances as they come and go`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await running.registry.submit([
                Example.instance("dns", "dns-t", port: 5353, transport: .udp),
                Example.instance("ntp", tags: ["udp", "v4"], port: 123, transport: .tcp),
            ])
            try await Asked.check(
                [
                    Asked("_dns._tcp.consul", "SRV", status: "NXDOMAIN"),
                    Asked("_dns._udp.consul", "SRV", Self.srv(53), Self.srv(5353)),
                    Asked("_ntp._tcp.consul", "SRV", Self.srv(123)),
                    Asked("_ntp._udp.consul", "SRV", status: "NXDOMAIN"),
                ], running)
        }
    }

    @Test func `have browsers find each service where it is (RFC 6763 7)`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked(
                        "_services._dns-sd._udp.consul", "PTR", "PTR _dns._tcp.consul.", "PTR _dns._udp.consul.",
                        "PTR _ntp._udp.consul.", "PTR _web._tcp.consul.", "PTR _api._tcp.consul.",
                        "PTR _down._udp.consul."),
                    Asked("_dns._udp.consul", "PTR", "PTR dns-u._dns._udp.consul."),
                    Asked("_dns._tcp.consul", "PTR", "PTR dns-t._dns._tcp.consul."),
                    Asked("_ntp._udp.consul", "PTR", "PTR ntp._ntp._udp.consul."), Asked("_web._udp.consul", "PTR"),
                    Asked("dns-u._dns._udp.consul", "SRV", Self.srv(53)),
                    Asked("dns-u._dns._udp.dc1.consul", "TXT", "TXT \"\""),
                    Asked("dns-u._dns._tcp.consul", "SRV", status: "NXDOMAIN"),
                    Asked("dns-t._dns._tcp.consul", "SRV", Self.srv(5353)), Asked("_udp.consul", "SRV"),
                ], running)
        }
    }

    @Test func `are spelled out for secondaries`() throws {
        let zone = try RegistryZone(agent: Example.agent())
        let supplement = CatalogSupplement(zone)
        var state = CatalogState()
        var spelled = SpelledOutZone(zone) { supplement.records(at: $0) }
        let compiler = AnswerCompiler(zone: zone)
        for change in try Self.catalog() {
            let old = state.snapshot
            let delta = try state.apply(change, at: old.index + 1)
            supplement.update(from: old, to: state.snapshot, delta)
            for publication in compiler.publications(from: old, to: state.snapshot, delta: delta) {
                spelled.apply(publication)
            }
        }
        func lines(_ name: String) throws -> [String] {
            try (spelled.sets[DomainName(text: name)] ?? []).flatMap(Presentation.lines).sorted()
        }
        #expect(try lines("_dns._tcp.consul") == ["A 10.0.0.1", Self.srv(5353)])
        #expect(try lines("_dns._tcp.service.consul") == ["A 10.0.0.1", Self.srv(5353)])
        #expect(try lines("_dns._udp.service.consul") == ["CNAME udp.dns.service.consul."])
        #expect(try lines("_ntp._tcp.service.consul") == [])
        #expect(try lines("_api._udp.consul") == [])
        #expect(try lines("_web._tcp.consul") == ["CNAME web.service.consul."])
    }
}
