import DNS
import Logging
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `A zone transfer` {
    @Test func `gives a secondary all that it cannot compute itself`() async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let records = try await Transfer(of: "consul", "AXFR", at: running.port).records
            let serial = running.registry.snapshot.index + 1
            let soa = "consul. 1 IN SOA ns.consul. hostmaster.consul. \(serial) 3600 600 86400 1"
            #expect(records.first == soa)
            #expect(records.last == soa)
            let expected = """
                consul. 1 IN NS server01.node.dc1.consul.
                ns.consul. 1 IN A 10.0.0.1
                _empty.service.consul. 1 IN TXT ""
                _empty.node.consul. 1 IN TXT ""
                service.dc1.consul. 1 IN DNAME service.consul.
                addr.consul. 1 IN DNAME addr.dc1.consul.
                server01.node.consul. 1 IN A 10.0.0.1
                server01.node.dc1.consul. 1 IN A 10.0.0.1
                n2.node.consul. 1 IN AAAA 2001:db8::2
                n2.node.dc1.consul. 1 IN AAAA 2001:db8::2
                0a000009.addr.dc1.consul. 1 IN A 10.0.0.9
                web.service.consul. 1 IN SRV 1 1 80 server01.node.dc1.consul.
                web.service.consul. 1 IN SRV 1 1 81 0a000009.addr.dc1.consul.
                web.service.consul. 1 IN A 10.0.0.1
                web.service.consul. 1 IN A 10.0.0.9
                _web._tcp.service.consul. 1 IN CNAME web.service.consul.
                v1.web.service.consul. 1 IN SRV 1 1 80 server01.node.dc1.consul.
                v1.web.service.consul. 1 IN A 10.0.0.1
                _web._v1.service.consul. 1 IN CNAME v1.web.service.consul.
                a.b.web.service.consul. 1 IN SRV 1 1 80 server01.node.dc1.consul.
                a.b.web.service.consul. 1 IN A 10.0.0.1
                out.service.consul. 1 IN SRV 1 1 80 far.example.net.
                _out._tcp.service.consul. 1 IN CNAME out.service.consul.
                """
            // SRV and an alias at one name are no valid zone.
            #expect(!records.contains { $0.hasPrefix("out.service.consul. 1 IN CNAME") })
            for line in expected.split(separator: "\n") { #expect(records.contains(String(line)), "\(line)") }
            #expect(Set(records).count == records.count - 1, "only the SOA is there twice")
        }
    }

    @Test func `is refused to everybody else`() async throws {
        let elsewhere = try #require(IPPrefix("192.0.2.0/24"))
        for secondaries in [Secondaries(), Secondaries(allowed: [TransferRule(addresses: elsewhere)])] {
            try await RunningServer.with(TransferExample.catalog(), secondaries: secondaries) { running in
                for type in ["AXFR", "IXFR=1"] {
                    let transfer = try await Transfer(of: "consul", type, at: running.port)
                    #expect(transfer.records == [])
                    #expect(transfer.text.contains("Transfer failed"))
                }
            }
        }
    }

    @Test(arguments: ["web.service.consul", "elsewhere.example", "."])
    func `is of whole zones alone`(name: String) async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let records = try await Transfer(of: name, "AXFR", at: running.port).records
            #expect(records == [])
        }
    }

    @Test func `of a zone file has all records, those below delegations too`() async throws {
        let zone = """
            $TTL 300
            @ SOA ns hostmaster 7 3600 600 86400 60
            @ NS ns
            ns A 192.0.2.1
            lab NS ns.lab
            ns.lab A 192.0.2.2
            hidden.lab TXT "glue's neighbour"
            *.w MX 10 Mail
            """
        try await RunningServer.with(zones: ["berth.example.zone": zone], secondaries: TransferExample.toLoopback()) {
            running in
            let records = try await Transfer(of: "berth.example", "AXFR", at: running.port).records
            #expect(records.count == 8)
            #expect(records.contains("hidden.lab.berth.example. 300 IN TXT \"glue's neighbour\""))
            #expect(records.contains("*.w.berth.example. 300 IN MX 10 Mail.berth.example."))
        }
    }

    @Test func `keeps the spelling of names whatever the request's`() async throws {
        try await RunningServer.with(
            [Example.node("Server02")], zones: ["Berth.Example.zone": "@ SOA ns h 1 2 3 4 5\nWWW A 192.0.2.1\n"],
            secondaries: TransferExample.toLoopback()
        ) { running in
            let records = try await Transfer(of: "bErTh.eXaMpLe", "AXFR", at: running.port).records
            #expect(records.contains("WWW.Berth.Example. 3600 IN A 192.0.2.1"))
        }
    }

    @Test func `is for one address whichever family's socket it comes to`() async throws {
        let listen = [IPAddress.v6(high: 0, low: 0)]
        try await RunningServer.with(
            TransferExample.catalog(), listen: listen, secondaries: TransferExample.toLoopback()
        ) { running in
            let records = try await Transfer(of: "consul", "AXFR", at: running.port).records
            #expect(records.count > 10)
        }
    }

    @Test func `that is refused is logged once, with the reason`() async throws {
        let log = LogRecorder()
        @Sendable func warnings() -> [String?] {
            log.records.filter { $0.level == .warning && $0.message == "zone transfer refused" }
                .map { $0.metadata["reason"] }
        }
        try await RunningServer.with(
            TransferExample.catalog(), listen: [.v4(0)], secondaries: TransferExample.toLoopback(key: "secondary"),
            logger: log.logger
        ) { running in
            for _ in 1...3 { _ = try await Transfer(of: "consul", "AXFR", at: running.port) }
            #expect(warnings() == [TransferRefusals.Reason.key.rawValue])
            let wrong = TransferExample.signature.replacing("secondary", with: "other")
            for _ in 1...3 { _ = try await Transfer(of: "consul", "AXFR", "-y", wrong, at: running.port) }
            #expect(warnings().last == TransferRefusals.Reason.signature.rawValue)
            _ = try await Transfer(of: "nowhere.example", "AXFR", "-y", TransferExample.signature, at: running.port)
            #expect(warnings().last == TransferRefusals.Reason.zone.rawValue)
            #expect(warnings().count == 3)
        }
        #expect(
            !log.records.contains { record in
                record.metadata.values.contains { $0.contains(String(decoding: TransferExample.secret, as: UTF8.self)) }
            })
    }
}
