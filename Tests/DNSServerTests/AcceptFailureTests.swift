import DNS
import Glibc
import Logging
import NIOCore
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(1))) struct `A TCP listener that runs out of file descriptors` {
    @Test func `says so once, pauses rather than trying again and again, and goes on`() async throws {
        let log = LogRecorder()
        let listener = try TCPListener(
            [.v4(0x7f00_0001)], port: 0, limits: TCPLimits(), logger: log.logger,
            answer: { query, _, _ in .reply(query) })
        try await listener.start()
        let channel = try #require(listener.channels.first)
        // Told as the system would tell it, since a process without descriptors cannot run its tests either.
        for _ in 1...3 {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
            #expect(try await !channel.getOption(.autoRead).get())
        }
        #expect(log.records.map(\.level) == [.warning, .debug, .debug])
        #expect(log.records.allSatisfy { $0.message == "cannot take DNS connections over TCP, trying again" })
        let query = try Queries.query("server01.node.consul", .a, id: 9)
        let client = try await TCPClient(port: listener.port)
        try await client.send(messages: [query])
        #expect(try await client.receive() == query)
        #expect(try await channel.getOption(.autoRead).get())
        try await listener.stop()
    }
}
