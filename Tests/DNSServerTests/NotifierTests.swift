import DNS
import Logging
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(1))) struct `A secondary server` {
    @Test func `is told of many changes at once, with the serial of the last`() async throws {
        let secondary = try await FakeSecondary()
        let secondaries = Secondaries(notified: [NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port)])
        try await RunningServer.with([Example.node()], secondaries: secondaries) { running in
            _ = try await secondary.serial { $0 != nil }
            for number in 1...100 { try await running.registry.submit([Example.instance("s\(number)")]) }
            let last = UInt32(running.registry.snapshot.index + 1)
            let serial = try await secondary.serial { $0 == last }
            #expect(serial == last)
            #expect(secondary.count < 20)
        }
        try await secondary.close()
    }

    @Test func `that does not answer is told again`() async throws {
        let secondary = try await FakeSecondary(isDeafAtFirst: true)
        let secondaries = Secondaries(notified: [NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port)])
        try await RunningServer.with([Example.node()], secondaries: secondaries) { _ in
            let deadline = ContinuousClock.now + .seconds(20)
            while secondary.count < 2, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            #expect(secondary.count >= 2)
        }
        try await secondary.close()
    }

    @Test func `that refuses is told of later changes, and the log of the refusal once`() async throws {
        let log = LogRecorder()
        let secondary = try await FakeSecondary(refusals: 2)
        let secondaries = Secondaries(notified: [NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port)])
        @Sendable func levels() -> [Logger.Level] {
            log.records.filter { $0.message.hasPrefix("secondary ") }.map(\.level)
        }
        try await RunningServer.with([Example.node()], secondaries: secondaries, logger: log.logger) { running in
            for count in 1...3 {
                try await running.registry.submit([Example.instance("s\(count)")])
                try await withDeadline { secondary.count >= count && levels().count >= count }
            }
        }
        #expect(Array(levels().prefix(3)) == [.warning, .debug, .notice])
        try await secondary.close()
    }

    /// As Knot does with a key that it does not know.
    @Test func `that refuses without a signature is heard`() async throws {
        let log = LogRecorder()
        let key = TSIGKey(name: try DomainName(text: "secondary"), algorithm: .sha256, secret: [1, 2, 3])
        let secondary = try await FakeSecondary(refusals: .max, key: key, signsRefusals: false)
        let server = NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port, key: key.name)
        let secondaries = Secondaries(notified: [server], keys: [key])
        @Sendable func refusals() -> [String] {
            log.records.filter { $0.message.hasPrefix("secondary refuses ") && $0.level == .warning }
                .compactMap { $0.metadata["rcode"] }
        }
        try await RunningServer.with([Example.node()], secondaries: secondaries, logger: log.logger) { _ in
            try await withDeadline { !refusals().isEmpty }
        }
        #expect(refusals() == ["REFUSED"])
        try await secondary.close()
    }

    @Test(arguments: [
        (["0.0.0.0"], "192.0.2.1", "0.0.0.0"), (["127.0.0.1"], "192.0.2.1", "0.0.0.0"),
        (["127.0.0.1", "198.51.100.1"], "192.0.2.1", "198.51.100.1"), (["127.0.0.3"], "127.0.0.1", "127.0.0.3"),
        (["::", "198.51.100.1"], "2001:db8::1", "::"), (["2001:db8::2", "198.51.100.1"], "2001:db8::1", "2001:db8::2"),
    ])
    func `hears from the address that it asks`(_ listen: [String], _ server: String, _ source: String) throws {
        let addresses = try listen.map { try #require(IPAddress($0)) }
        let address = try #require(IPAddress(server))
        #expect(Notifier.source(for: address, among: addresses) == IPAddress(source))
    }

    @Test func `sees that address`() async throws {
        let secondary = try await FakeSecondary()
        let secondaries = Secondaries(notified: [NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port)])
        try await RunningServer.with([Example.node()], listen: [.v4(0x7f00_0003)], secondaries: secondaries) { _ in
            _ = try await secondary.serial { $0 != nil }
            #expect(secondary.peer == "127.0.0.3")
        }
        try await secondary.close()
    }

    @Test func `gets signed messages where it has a key`() async throws {
        let key = TSIGKey(name: try DomainName(text: "secondary"), algorithm: .sha256, secret: [1, 2, 3])
        let secondary = try await FakeSecondary(key: key)
        let server = NotifiedServer(address: .v4(0x7f00_0001), port: secondary.port, key: key.name)
        let secondaries = Secondaries(notified: [server], keys: [key])
        try await RunningServer.with([Example.node()], secondaries: secondaries) { _ in
            let serial = try await secondary.serial { $0 != nil }
            #expect(serial != nil)
        }
        try await secondary.close()
    }
}
