import DNS
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(1))) struct `DNS over TCP` {
    private static func many() throws -> [CatalogChange] {
        try [Example.node()] + (1...250).map { try Example.instance("many", "i\($0)", port: UInt16($0)) }
    }

    private static func client(
        _ changes: [CatalogChange], limits: TCPLimits = TCPLimits(),
        body: @Sendable @escaping (TCPClient) async throws -> Void
    ) async throws {
        try await RunningServer.with(changes, tcp: limits) { running in
            try await body(try await TCPClient(port: running.port))
        }
    }

    @Test func `answers queries that come at once in their order`() async throws {
        try await Self.client([Example.node()]) { client in
            let ids = UInt16(1)...300
            try await client.send(messages: ids.map { try Queries.query("server01.node.consul", .a, id: $0) })
            for id in ids { #expect(try await client.receive().map(Queries.id) == id) }
        }
    }

    @Test func `takes a query octet by octet`() async throws {
        try await Self.client([Example.node()]) { client in
            for octet in TCPClient.framed(try Queries.query("server01.node.consul", .a, id: 7)) {
                try await client.send([octet])
            }
            #expect(try await client.receive().map(Queries.id) == 7)
        }
    }

    @Test func `answers all that was asked before the client half-closed, then closes`() async throws {
        try await Self.client(Self.many()) { client in
            try await client.send(messages: (1...50).map { try Queries.query("many.service.consul", .srv, id: $0) })
            try await client.finish()
            for id in UInt16(1)...50 { #expect(try await client.receive().map(Queries.id) == id) }
            #expect(try await client.isClosedByServer())
        }
    }

    @Test func `waits for a client that is slow to read, and loses nothing`() async throws {
        // Some 10 MB of replies: more than the sockets and the server's own bounds hold.
        try await Self.client(Self.many()) { client in
            let queries = try (1...1000).map { try Queries.query("many.service.consul", .srv, id: $0) }
            try await client.send(messages: queries)
            for id in UInt16(1)...1000 {
                let reply = try await client.receive()
                guard reply.map(Queries.id) == id else {
                    Issue.record("reply \(id) is missing")
                    return
                }
            }
        }
    }

    @Test(arguments: [0, 1, 11, 4097, 65535] as [UInt16])
    func `closes on a length that no query has`(length: UInt16) async throws {
        try await Self.client([Example.node()]) { client in
            let good = try Queries.query("server01.node.consul", .a, id: 3)
            try await client.send(TCPClient.framed(good) + Queries.octets(length))
            #expect(try await client.receive().map(Queries.id) == 3)
            #expect(try await client.isClosedByServer())
        }
    }

    @Test func `does not answer an answer`() async throws {
        try await Self.client([Example.node()]) { client in
            let reply = try Queries.query("server01.node.consul", .a, id: 1, flags: 0x8000)
            let query = try Queries.query("server01.node.consul", .a, id: 2)
            try await client.send(messages: [reply, query])
            #expect(try await client.receive().map(Queries.id) == 2)
        }
    }

    @Test func `answers a malformed query with a format error, and goes on`() async throws {
        try await Self.client([Example.node()]) { client in
            let bad = try Queries.query("server01.node.consul", .a, id: 1).dropLast(3)
            try await client.send(messages: [Array(bad), try Queries.query("server01.node.consul", .a, id: 2)])
            let reply = try #require(try await client.receive())
            #expect(reply[3] & 0xf == 1)
            #expect(try await client.receive().map(Queries.id) == 2)
        }
    }

    @Test func `closes a connection that asks nothing`() async throws {
        try await Self.client([Example.node()], limits: TCPLimits(idleTimeout: .milliseconds(100))) { client in
            let isClosed = try await client.isClosedByServer()
            #expect(isClosed)
        }
    }

    @Test func `cuts off a client that drips octets without ever asking`() async throws {
        let limits = TCPLimits(idleTimeout: .milliseconds(100))
        try await RunningServer.with([Example.node()], tcp: limits) { running in
            let client = try await TCPClient(port: running.port)
            let deadline = ContinuousClock.now + .seconds(20)
            var wasCutOff = false
            while !wasCutOff, ContinuousClock.now < deadline {
                // The pace of the drip.
                try await Task.sleep(for: .milliseconds(10))
                do { try await client.send([1]) } catch { wasCutOff = true }
            }
            #expect(wasCutOff)
        }
    }

    @Test func `lets new clients in at its limit, in place of those idle longest`() async throws {
        try await RunningServer.with([Example.node()], tcp: TCPLimits(connections: 3, connectionsPerClient: 3)) {
            running in
            let query = try Queries.query("server01.node.consul", .a)
            var clients: [TCPClient] = []
            for _ in 1...3 {
                let client = try await TCPClient(port: running.port)
                clients.append(client)
                try await client.send(messages: [query])
                #expect(try await client.receive() != nil)
            }
            // The first has asked last: the second has been idle for the longest time.
            try await clients[0].send(messages: [query])
            #expect(try await clients[0].receive() != nil)
            let late = try await TCPClient(port: running.port)
            try await late.send(messages: [query])
            #expect(try await late.receive() != nil)
            #expect(try await clients[1].isClosedByServer())
            for client in [clients[0], clients[2]] {
                try await client.send(messages: [query])
                #expect(try await client.receive() != nil)
            }
        }
    }

    @Test func `takes a client's own connections for its new ones when it has too many, nobody else's`() async throws {
        let limits = TCPLimits(connections: 100, connectionsPerClient: 2)
        try await RunningServer.with([Example.node()], listen: [.v4(0)], tcp: limits) { running in
            let query = try Queries.query("server01.node.consul", .a)
            let neighbour = try await TCPClient(port: running.port, from: "127.0.0.2")
            var clients: [TCPClient] = []
            for _ in 1...3 {
                let client = try await TCPClient(port: running.port)
                clients.append(client)
                try await client.send(messages: [query])
                #expect(try await client.receive() != nil)
            }
            #expect(try await clients[0].isClosedByServer())
            for client in [neighbour, clients[1], clients[2]] {
                try await client.send(messages: [query])
                #expect(try await client.receive() != nil)
            }
        }
    }

    @Test func `answers on one connection as many queries as are asked`() async throws {
        try await Self.client([Example.node()]) { client in
            let query = TCPClient.framed(try Queries.query("server01.node.consul", .a, id: 9))
            for _ in 1...100 {
                try await client.send(Array([[UInt8]](repeating: query, count: 200).joined()))
                for _ in 1...200 where try await client.receive().map(Queries.id) != 9 {
                    Issue.record("an answer is missing")
                    return
                }
            }
        }
    }

    @Test func `takes messages in two segments, wherever they are parted`() async throws {
        try await Self.client([Example.node()]) { client in
            let query = TCPClient.framed(try Queries.query("server01.node.consul", .a, id: 1))
            let both = query + TCPClient.framed(try Queries.query("server01.node.consul", .aaaa, id: 2))
            for place in 1..<both.count {
                try await client.send(Array(both[..<place]))
                if place >= query.count { #expect(try await client.receive().map(Queries.id) == 1) }
                try await client.send(Array(both[place...]))
                if place < query.count { #expect(try await client.receive().map(Queries.id) == 1) }
                #expect(try await client.receive().map(Queries.id) == 2)
            }
        }
    }

    @Test func `waits neither for idle clients nor for those that do not read when it stops`() async throws {
        let limits = TCPLimits(idleTimeout: .seconds(3600))
        let clock = ContinuousClock()
        let (clients, stopped) = try await RunningServer.with(Self.many(), tcp: limits) { running in
            let idle = try await TCPClient(port: running.port)
            try await idle.send(messages: [try Queries.query("server01.node.consul", .a)])
            #expect(try await idle.receive() != nil)
            let deaf = try await TCPClient(port: running.port)
            try await deaf.send(messages: (1...1000).map { try Queries.query("many.service.consul", .srv, id: $0) })
            return ([idle, deaf], clock.now)
        }
        // It takes half a second; more than that is the machine, an hour would be a mistake.
        #expect(clock.now - stopped < .seconds(30))
        #expect(try await clients[0].isClosedByServer())
    }
}
