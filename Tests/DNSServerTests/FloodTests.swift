import DNS
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(1))) struct `A flood of malformed datagrams` {
    private final class Flood: Sendable {
        let isOver = Atomic(false)
        let sent = Atomic(0)
    }

    private static let pauseMicroseconds: useconds_t = 50_000

    /// A query with a few octets changed, cut or added: mostly malformed, in every way.
    private static func noise(_ query: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var octets = query
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = Int.random(in: 2..<octets.count, using: &random)
            octets[at] = UInt8.random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) { octets.removeLast(Int.random(in: 1..<octets.count - 12, using: &random)) }
        if Bool.random(using: &random) { octets += [UInt8](repeating: 0xff, count: 40) }
        return octets
    }

    @Test func `does not keep a question waiting for a second`() async throws {
        try await RunningServer.with([Example.node(), Example.instance("web")]) { running in
            let query = try Queries.query("web.service.consul", .srv)
            let port = running.port
            let flood = Flood()
            let threads = try (0..<2).map { number in
                let client = try UDPClient(to: "127.0.0.1", port: port)
                var random = SeededGenerator(seed: UInt64(number))
                let noise = (0..<512).map { _ in Self.noise(query, &random) }
                return try JoinableThread(name: "flood") {
                    while !flood.isOver.load(ordering: .relaxed) {
                        for datagram in noise { client.send(datagram) }
                        flood.sent.add(noise.count, ordering: .relaxed)
                        // As much as a server that was built for tests can read; what it cannot is the system's to drop.
                        usleep(Self.pauseMicroseconds)
                    }
                }
            }
            defer {
                flood.isOver.store(true, ordering: .relaxed)
                for thread in threads { thread.join() }
            }
            var slowest = Duration.zero
            let end = ContinuousClock.now + .seconds(3)
            while ContinuousClock.now < end || flood.sent.load(ordering: .relaxed) < 10_000 {
                let start = ContinuousClock.now
                var isAnswered = false
                // A stub asks again when a datagram is lost, as those are that find the server's buffer full.
                while !isAnswered, start.duration(to: .now) < .seconds(1) {
                    let client = try UDPClient(to: "127.0.0.1", port: port, patience: .milliseconds(100))
                    isAnswered = client.ask(query)?[7] == 1
                }
                #expect(isAnswered)
                slowest = max(slowest, start.duration(to: .now))
            }
            #expect(slowest < .seconds(1))
        }
    }
}
