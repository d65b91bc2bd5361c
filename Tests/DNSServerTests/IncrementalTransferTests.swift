import DNS
import Foundation
import Logging
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `A transfer of changes` {
    @Test func `has what went and what came since the serial`() async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let before = running.registry.snapshot.index + 1
            try await running.registry.submit([Example.instance("new", address: "10.0.0.7")])
            let middle = running.registry.snapshot.index + 1
            try await running.registry.submit([.removeInstance(InstanceKey(node: NodeName("server01"), id: "new"))])
            let after = running.registry.snapshot.index + 1
            let records = try await Transfer(of: "consul", "IXFR=\(before)", at: running.port).records
            func soa(_ serial: UInt64) -> String {
                "consul. 1 IN SOA ns.consul. hostmaster.consul. \(serial) 3600 600 86400 1"
            }
            let new = [
                "0a000007.addr.dc1.consul. 1 IN A 10.0.0.7", "_new._tcp.consul. 1 IN CNAME new.service.consul.",
                "_new._tcp.service.consul. 1 IN CNAME new.service.consul.",
                "new.service.consul. 1 IN A 10.0.0.7",
                "new.service.consul. 1 IN SRV 1 1 80 0a000007.addr.dc1.consul.",
            ]
            let parts = records.split(whereSeparator: { $0.contains(" SOA ") }).map { $0.sorted() }
            #expect(parts == [new, new])
            #expect(
                records.filter { $0.contains(" SOA ") }
                    == [after, before, middle, middle, after, after].map(soa))
            #expect(try await Transfer(of: "consul", "IXFR=\(after)", at: running.port).records == [soa(after)])
            #expect(try await Transfer(of: "consul", "IXFR=\(after + 5)", at: running.port).records == [soa(after)])
        }
    }

    @Test func `from an unknown serial is the whole zone`() async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let whole = try await Transfer(of: "consul", "AXFR", at: running.port).records
            let changes = try await Transfer(of: "consul", "IXFR=4000000000", at: running.port).records
            #expect(changes.sorted() == whole.sorted())
        }
    }

    @Test func `of a zone file follows its serial`() async throws {
        @Sendable func zone(_ serial: Int, _ address: String) -> String {
            "@ SOA ns h \(serial) 2 3 4 5\nwww A \(address)\n"
        }
        try await RunningServer.with(
            zones: ["a.example.zone": zone(1, "192.0.2.1")], secondaries: TransferExample.toLoopback()
        ) {
            running in
            let file = running.zones.appending(path: "a.example.zone")
            try Data(zone(2, "192.0.2.2").utf8).write(to: file)
            #expect(running.server.reloadZones() == [])
            let records = try await Transfer(of: "a.example", "IXFR=1", at: running.port).records
            #expect(
                records.filter { !$0.contains("SOA") } == [
                    "www.a.example. 3600 IN A 192.0.2.1", "www.a.example. 3600 IN A 192.0.2.2",
                ])
            try FileManager.default.removeItem(at: file)
            #expect(running.server.reloadZones() == [])
            #expect(try await Transfer(of: "a.example", "AXFR", at: running.port).records == [])
        }
    }

    @Test func `over UDP is the serial alone`() async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let reply = try await running.dig("consul", "IXFR=1", "+notcp", "+ignore")
            #expect(reply.answer.count == 1)
            #expect(reply.answer.first?.contains(" SOA ") == true)
            #expect(try await running.dig("web.service.consul", "IXFR=1", "+notcp").status == "REFUSED")
        }
    }

    @Test func `of a zone file that changed under its old serial has nothing, and a warning says so`() async throws {
        let log = LogRecorder()
        @Sendable func warnings() -> Int {
            log.records.count { $0.level == .warning && $0.message.contains("its serial has not grown") }
        }
        let (before, after) = ("@ SOA ns h 7 2 3 4 5\nwww A 192.0.2.1\n", "@ SOA ns h 7 2 3 4 5\nwww A 192.0.2.2\n")
        try await RunningServer.with(
            zones: ["a.example.zone": before], secondaries: TransferExample.toLoopback(), logger: log.logger
        ) { running in
            running.server.reloadZones()
            #expect(warnings() == 0)
            try Data(after.utf8).write(to: running.zones.appending(path: "a.example.zone"))
            running.server.reloadZones()
            #expect(warnings() == 1)
            let records = try await Transfer(of: "a.example", "AXFR", at: running.port).records
            #expect(records.contains("www.a.example. 3600 IN A 192.0.2.1"))
        }
    }
}
