import DNS
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `A long zone transfer` {
    @Test func `of many messages is whole, and others are answered meanwhile`() async throws {
        let count = 3000
        let changes =
            try [Example.node()] + (1...count).map { try Example.instance("s\($0)", port: UInt16($0 & 0x7fff)) }
        try await RunningServer.with(
            changes, zones: ["big.example.zone": TransferExample.bigZone], secondaries: TransferExample.toLoopback()
        ) { running in
            // The slow one, and the other, do not hold up whoever asks for less.
            let slow = try await TransferExample.slowClient(running)
            async let transfer = Transfer(of: "consul", "AXFR", at: running.port)
            let quick = try await TCPClient(port: running.port)
            for _ in 1...100 {
                try await quick.send(messages: [try Queries.query("s77.service.consul", .srv)])
                #expect(try await quick.receive() != nil)
            }
            let services = try await transfer.records.filter { $0.contains(" IN SRV ") }
            #expect(services.count == count)
            #expect(Set(services).count == count)
            try await slow.close()
        }
    }

    @Test func `waits for queries before it and is followed by those behind it`() async throws {
        try await RunningServer.with(TransferExample.catalog(), secondaries: TransferExample.toLoopback()) { running in
            let client = try await TCPClient(port: running.port)
            try await client.send(messages: [
                try Queries.query("web.service.consul", .a, id: 1), try Queries.query("consul", .axfr, id: 2),
                try Queries.query("web.service.consul", .a, id: 3),
            ])
            try await client.finish()
            for id in [1, 2, 3] as [UInt16] { #expect(try await client.receive().map(Queries.id) == id) }
            #expect(try await client.isClosedByServer())
        }
    }

    @Test func `has to wait where others take all places`() async throws {
        var secondaries = try TransferExample.toLoopback(key: "secondary")
        secondaries.allowed += try TransferExample.toLoopback().allowed
        secondaries.transfersAtOnce = 1
        let zones = ["big.example.zone": TransferExample.bigZone]
        try await RunningServer.with(TransferExample.catalog(), zones: zones, secondaries: secondaries) { running in
            let slow = try await TransferExample.slowClient(running)
            for signature in [[], ["-y", TransferExample.signature]] {
                let refused = try await Transfer.dig(
                    ["@127.0.0.1", "-p", "\(running.port)", "consul", "AXFR"] + signature)
                #expect(refused.contains("Transfer failed"), "\(refused)")
                #expect(!refused.contains(" SOA "))
            }
            try await slow.close()
            try await withDeadline { try await Transfer(of: "consul", "AXFR", at: running.port).records.count > 10 }
        }
    }

    @Test func `is cut off when its client stops reading`() async throws {
        let limits = TCPLimits(idleTimeout: .milliseconds(500))
        var secondaries = try TransferExample.toLoopback()
        secondaries.transfersAtOnce = 1
        try await RunningServer.with(
            TransferExample.catalog(), zones: ["big.example.zone": TransferExample.bigZone], tcp: limits,
            secondaries: secondaries
        ) { running in
            let slow = try await TransferExample.slowClient(running)
            try await withDeadline { try await Transfer(of: "consul", "AXFR", at: running.port).records.count > 10 }
            var isWhole = true
            for _ in 1...1500 where isWhole { isWhole = try await slow.receive() != nil }
            #expect(!isWhole)
        }
    }

    @Test func `is in messages that fit, none without a record`() async throws {
        let changes = try [Example.node()] + (1...2000).map { try Example.instance("s\($0)") }
        try await RunningServer.with(changes, secondaries: TransferExample.toLoopback()) { running in
            let client = try await TCPClient(port: running.port)
            try await client.send(messages: [try Queries.query("consul", .axfr, id: 77)])
            var (messages, authorities) = (0, 0)
            while authorities < 2, let message = try await client.receive() {
                messages += 1
                #expect(Queries.id(message) == 77)
                let text = try LdnsMessage(message)
                #expect(!text.answer.isEmpty)
                authorities += text.answer.count { $0.contains("\tSOA\t") }
            }
            #expect(messages > 5)
        }
    }
}
