import DNS
import Foundation
import Logging
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `The serial of a zone with static records` {
    private static func serial(_ running: RunningServer) async throws -> UInt32 {
        let reply = try await running.dig("consul", "SOA")
        let words = try #require(reply.answer.first).split(separator: " ")
        return try #require(UInt32(words[6]))
    }

    /// Writes a file and has it read, then waits until the serial is greater than it was.
    ///
    /// - Returns: the serial before and after.
    private static func change(_ running: RunningServer, to text: String?) async throws -> (UInt32, UInt32) {
        let before = try await serial(running)
        let path = running.zones.appending(path: "consul.zone")
        if let text { try Data(text.utf8).write(to: path) } else { try FileManager.default.removeItem(at: path) }
        #expect(running.server.reloadZones() == [])
        try await withDeadline { try await serial(running) > before }
        let after = try await serial(running)
        #expect(UInt64(after) == running.registry.snapshot.index + 1, "it is the registry's index")
        return (before, after)
    }

    private static func soa(_ serial: UInt32) -> String {
        "consul. 1 IN SOA ns.consul. hostmaster.consul. \(serial) 3600 600 86400 1"
    }

    @Test func `grows when they change, and a transfer of changes has them`() async throws {
        let changes = try [Example.node(), Example.instance("web")]
        try await RunningServer.with(changes, secondaries: TransferExample.toLoopback()) { running in
            let (first, second) = try await Self.change(running, to: "www 60 A 192.0.2.1\nmail 60 A 192.0.2.9\n")
            let added = try await Transfer(of: "consul", "IXFR=\(first)", at: running.port).records
            #expect(added.filter { $0.contains(" SOA ") } == [second, first, second, second].map(Self.soa))
            #expect(
                added.filter { !$0.contains(" SOA ") }.sorted() == [
                    "mail.consul. 60 IN A 192.0.2.9", "www.consul. 60 IN A 192.0.2.1",
                ])
            let (_, third) = try await Self.change(running, to: "www 60 A 192.0.2.2\nmail 60 A 192.0.2.9\n")
            #expect(
                try await Transfer(of: "consul", "IXFR=\(second)", at: running.port).records == [
                    Self.soa(third), Self.soa(second), "www.consul. 60 IN A 192.0.2.1", Self.soa(third),
                    "www.consul. 60 IN A 192.0.2.2", Self.soa(third),
                ])
            let (_, fourth) = try await Self.change(running, to: nil)
            let removed = try await Transfer(of: "consul", "IXFR=\(third)", at: running.port).records
            #expect(removed.count == 6 && removed.first == Self.soa(fourth))
            #expect(
                !(try await Transfer(of: "consul", "AXFR", at: running.port).records).contains { $0.hasPrefix("www") })
        }
    }

    @Test func `stays as it is when they do`() async throws {
        let file = "www 60 A 192.0.2.1\nweb.service 60 A 192.0.2.2\n"
        try await RunningServer.with(
            [Example.node(), Example.instance("web")],
            zones: ["consul.zone": file, "a.example.zone": "@ SOA n h 1 2 3 4 5\n"]
        ) { running in
            try await withDeadline { running.registry.snapshot.index == 3 }
            #expect(running.server.reloadZones() == [])
            let zone = running.zones.appending(path: "a.example.zone")
            try Data("@ SOA n h 2 2 3 4 5\nwww A 192.0.2.1\n".utf8).write(to: zone)
            #expect(running.server.reloadZones() == [])
            // Whatever those had submitted would come first.
            try await running.registry.submit([Example.node("n2", "10.0.0.2")])
            #expect(running.registry.snapshot.index == 4)
            #expect(try await Self.serial(running) == 5)
        }
    }

    @Test func `is told to secondaries as it grows`() async throws {
        let secondary = try await FakeSecondary()
        let secondaries = Secondaries(notified: [NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port)])
        try await RunningServer.with([Example.node()], secondaries: secondaries) { running in
            _ = try await secondary.serial { $0 == 2 }
            let (_, serial) = try await Self.change(running, to: "www 60 A 192.0.2.1\n")
            #expect(try await secondary.serial { $0 == serial } == serial)
        }
        try await secondary.close()
    }

    @Test func `is greater after a restart with such records, and never smaller`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "berth-serial-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "zones"), withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        var last: UInt32 = 0
        for file in ["www 60 A 192.0.2.1\n", "www 60 A 192.0.2.2\n", nil, nil] as [String?] {
            let path = folder.appending(path: "zones/consul.zone")
            if let file {
                try Data(file.utf8).write(to: path)
            } else if FileManager.default.fileExists(atPath: path.path) {
                try FileManager.default.removeItem(at: path)
            }
            let journal = try SQLiteJournal(directory: folder.appending(path: "data").path)
            let before = last
            last = try await RunningServer.with(zonesDirectory: folder.appending(path: "zones"), journal: journal) {
                running in
                if file != nil {
                    try await withDeadline { try await Self.serial(running) > before }
                } else {
                    #expect(try await Self.serial(running) == before)
                }
                return try await Self.serial(running)
            }
        }
        #expect(last == 3)
    }
}
