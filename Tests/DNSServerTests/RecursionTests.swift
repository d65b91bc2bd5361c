import DNS
import Forwarding
import Logging
import Synchronization
import TestSupport
import Testing

@testable import DNSServer

@Suite struct `Recursion for clients` {
    private static let soa = FakeRecursor.Record(
        "example.org", .soa, 60, Array("\u{2}ns\u{0}\u{4}host\u{0}".utf8) + [UInt8](repeating: 1, count: 20))

    /// A recursor that knows `www.example.org`, its alias, and 100 addresses of `many.example.org`.
    private static func upstream() async throws -> FakeRecursor {
        try await FakeRecursor { question in
            let name = "\(question.name)".lowercased()
            let a = FakeRecursor.Record("www.example.org", .a, 60, [192, 0, 2, 1])
            let aaaa = FakeRecursor.Record("www.example.org", .aaaa, 60, [0x20, 1] + [UInt8](repeating: 0, count: 14))
            let alias = FakeRecursor.Record(
                "alias.example.org", .cname, 50, Array("\u{3}www\u{7}example\u{3}org\u{0}".utf8))
            switch (name, question.type) {
            case ("www.example.org.", .a): return .answer([a])
            case ("www.example.org.", .aaaa): return .answer([aaaa])
            case ("www.example.org.", _): return .code(0, [Self.soa])
            case ("alias.example.org.", .a): return .answer([alias, a])
            case ("alias.example.org.", .aaaa): return .answer([alias, aaaa])
            case ("many.example.org.", .a):
                guard question.isOverTCP else { return .truncated }
                return .answer((0..<100).map { FakeRecursor.Record("many.example.org", .a, 60, [10, 0, 0, $0]) })
            case ("silent.example.org.", _): return .silence
            default: return .code(3, [Self.soa])
            }
        }
    }

    @Test(arguments: [["+notcp"], ["+tcp"], ["+notcp", "+noedns"]])
    func `answers names of others, as they were asked for`(_ transport: [String]) async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with(recursors: [upstream.server]) { server in
            let found = try await DigReply(
                asking: transport + ["aLiaS.exAmple.ORG", "A"], address: "127.0.0.1", port: server.port)
            #expect(found.status == "NOERROR")
            #expect(found.extendedError.isEmpty)
            #expect(found.flags == ["qr", "rd", "ra"])
            #expect(found.question == "aLiaS.exAmple.ORG. IN A")
            #expect(found.answer.map { $0.lowercased() }.contains { $0.hasPrefix("alias.example.org.") })
            #expect(found.answer.contains { $0.hasSuffix("IN A 192.0.2.1") })
            #expect(found.answer.count == 2)
            let again = try await DigReply(
                asking: transport + ["alias.example.org", "A"], address: "127.0.0.1", port: server.port)
            #expect(again.answer.count == 2)
        }
        #expect(upstream.count("alias.example.org") == 1)
    }

    @Test func `asks a server such as itself`() async throws {
        let zone =
            "$ORIGIN example.org.\n$TTL 60\n@ SOA ns host 1 2 3 4 60\n@ NS ns\nns A 192.0.2.53\n"
            + (0..<100).map { "large A 10.0.0.\($0)\n" }.joined() + "mail MX 10 ns\n"
        try await RunningServer.with(zones: ["example.org.zone": zone]) { upstream in
            let address = try #require(ServerAddress(.v4(0x7f00_0001), port: upstream.port))
            try await RunningServer.with(recursors: [address]) { server in
                let mail = try await server.dig("mail.example.org", "MX")
                #expect(mail.answer == ["mail.example.org. 60 IN MX 10 ns.example.org."])
                let large = try await server.dig("large.example.org", "A")
                #expect(large.answer.count == 100)
                let missing = try await server.dig("nx.example.org", "A")
                #expect(missing.status == "NXDOMAIN")
                // Refused there, it is nobody's failure here but a failure.
                let elsewhere = try await server.dig("example.net", "A")
                #expect(elsewhere.status == "SERVFAIL")
            }
        }
    }

    @Test func `says what does not exist, with the SOA record`() async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with(recursors: [upstream.server]) { server in
            let missing = try await server.dig("nx.example.org", "A")
            #expect(missing.status == "NXDOMAIN")
            #expect(missing.authority.count == 1)
            #expect(missing.extendedError.contains("a recursor says that there is no such name"))
            let noData = try await server.dig("www.example.org", "MX")
            #expect(noData.status == "NOERROR")
            #expect(noData.answer.isEmpty)
            #expect(noData.authority.count == 1)
            #expect(noData.extendedError.contains("a recursor says that the name has no records of this type"))
        }
    }

    @Test func `cuts what does not fit into a datagram, and gives it whole over TCP`() async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with(recursors: [upstream.server]) { server in
            let cut = try await server.dig("many.example.org", "A", "+ignore", "+noedns")
            #expect(cut.flags.contains("tc"))
            #expect((1..<100).contains(cut.answer.count))
            let whole = try await server.dig("many.example.org", "A")
            #expect(whole.answer.count == 100)
            #expect(!whole.flags.contains("tc"))
        }
    }

    @Test(arguments: ["+notcp", "+tcp"])
    func `is for those alone who may have it`(_ transport: String) async throws {
        let upstream = try await Self.upstream()
        let clients = RecursionClients([try #require(IPPrefix("127.0.0.2"))])
        try await RunningServer.with(
            [try Example.node()], listen: [.v4(0)], recursors: [upstream.server], recursionClients: clients
        ) { server in
            let refused = try await server.dig("www.example.org", "A", transport)
            #expect(refused.status == "REFUSED")
            #expect(refused.answer.isEmpty)
            #expect(refused.extendedError == "18 (Prohibited): (names of others are not resolved for this client)")
            #expect(!refused.flags.contains("ra"))
            #expect(upstream.asked.isEmpty)
            let own = try await server.dig("server01.node.consul", "A", transport)
            #expect(own.flags == ["qr", "aa", "rd"])

            let answered = try await server.dig("www.example.org", "A", transport, "-b", "127.0.0.2")
            #expect(answered.answer.count == 1)
            let theirs = try await server.dig("server01.node.consul", "A", transport, "-b", "127.0.0.2")
            #expect(theirs.flags == ["qr", "aa", "rd", "ra"])
            #expect(theirs.answer.count == 1)
        }
    }

    @Test(arguments: ["+notcp", "+tcp"])
    func `knows IPv4 clients of a socket for both families`(_ transport: String) async throws {
        let upstream = try await Self.upstream()
        let clients = RecursionClients([try #require(IPPrefix("127.0.0.2"))])
        try await RunningServer.with(
            listen: [.v6(high: 0, low: 0)], recursors: [upstream.server], recursionClients: clients
        ) { server in
            let answered = try await server.dig("www.example.org", "A", transport, "-b", "127.0.0.2")
            #expect(answered.answer.count == 1)
            #expect(answered.flags.contains("ra"))
            let refused = try await server.dig("www.example.org", "A", transport)
            #expect(refused.status == "REFUSED")
        }
    }

    @Test func `is not for reverse names that the registry knows`() async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with([try Example.node()], recursors: [upstream.server]) { server in
            let known = try await server.dig("-x", "10.0.0.1")
            #expect(known.answer.count == 1)
            #expect(upstream.asked.isEmpty)
            let unknown = try await server.dig("-x", "192.0.2.9")
            #expect(unknown.status == "NXDOMAIN")
            #expect(!upstream.asked.isEmpty)
        }
    }

    @Test func `is held back by the rate limit`() async throws {
        let upstream = try await Self.upstream()
        var policy = AnswerPolicy()
        policy.rateLimit = 5
        policy.limitsLoopback = true
        try await RunningServer.with(policy: policy, recursors: [upstream.server]) { server in
            let client = try UDPClient(to: "127.0.0.1", port: server.port, patience: .milliseconds(500))
            let query = try Queries.query("www.example.org", .a, flags: 0x0100)
            let replies = (0..<10).map { _ in client.ask(query) }
            #expect(replies[0]?[7] == 1)
            #expect(replies.contains(nil))
        }
    }

    @Test func `follows who may have it as networks come and go`() async throws {
        let upstream = try await Self.upstream()
        let networks = Mutex<[IPPrefix]>([])
        let clients = RecursionClients([], attached: { networks.withLock { $0 } })
        try await RunningServer.with(recursors: [upstream.server], recursionClients: clients) { server in
            let before = try await server.dig("www.example.org", "A")
            #expect(before.status == "REFUSED")
            networks.withLock { $0 = [IPPrefix("127.0.0.0/16")].compactMap(\.self) }
            let isAnswered = try await eventually { try await server.dig("www.example.org", "A").status == "NOERROR" }
            #expect(isAnswered)
            networks.withLock { $0 = [] }
            let isRefused = try await eventually { try await server.dig("www.example.org", "A").status == "REFUSED" }
            #expect(isRefused)
        }
    }

    @Test func `is done only when it is asked for`() async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with(recursors: [upstream.server]) { server in
            let refused = try await server.dig("www.example.org", "A", "+norecurse")
            #expect(refused.status == "REFUSED")
        }
        #expect(upstream.asked.isEmpty)
    }

    @Test func `is refused to everybody without a recursor`() async throws {
        try await RunningServer.with { server in
            let refused = try await server.dig("www.example.org", "A")
            #expect(refused.status == "REFUSED")
            #expect(!refused.flags.contains("ra"))
        }
    }

    @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1"])
    func `answers from the address that was asked`(_ address: String) async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with(listen: [.v6(high: 0, low: 0)], recursors: [upstream.server]) { server in
            let reply = try await server.dig("www.example.org", "A", address: address)
            #expect(reply.answer.count == 1)
        }
    }

    @Test func `keeps nobody else waiting for a recursor that is silent`() async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with([try Example.node()], recursors: [upstream.server]) { server in
            let isOver = Atomic(false)
            async let slow = {
                defer { isOver.store(true, ordering: .relaxed) }
                return try await server.dig("silent.example.org", "A")
            }()
            #expect(try await eventually { !upstream.asked.isEmpty })
            var meanwhile = 0
            repeat {
                let own = try await server.dig("server01.node.consul", "A")
                #expect(own.answer.count == 1)
                if !isOver.load(ordering: .relaxed) { meanwhile += 1 }
            } while meanwhile < 20 && !isOver.load(ordering: .relaxed)
            #expect(meanwhile > 0)
            let failed = try await slow
            #expect(failed.status == "SERVFAIL")
            #expect(failed.extendedError == "22 (No Reachable Authority): (no recursor has an answer)")
            #expect(failed.flags == ["qr", "rd", "ra"])
        }
    }

    @Test func `leaves room for others, however much one client asks`() throws {
        let nobody = try #require(ServerAddress(.v4(0x7f00_0001), port: 1))
        let resolver = try ForwardingResolver(recursors: [nobody], logger: Logger(label: "test"))
        // Never started, so that all stays open.
        let recursion = Recursion(resolver, for: RecursionClients([try #require(IPPrefix("10.0.0.0/8"))]))
        let replies = Mutex<[UInt8]>([])
        func ask(_ client: String) throws -> Int {
            let client = try #require(IPAddress(client))
            let query = try Queries.query("www.example.org", .a, flags: 0x0100)
            guard case .foreign(let question) = AnswerTable().outcome(of: query, Arrival(over: .udp, from: client))
            else {
                Issue.record("the question is not for others")
                return 0
            }
            #expect(recursion.take(question) { reply in replies.withLock { $0.append(reply[3] & 0xf) } })
            return replies.withLock { $0.count }
        }
        for _ in 0..<Recursion.clientCapacity { #expect(try ask("10.0.0.1") == 0) }
        #expect(try ask("10.0.0.1") == 1)
        #expect(try ask("10.0.0.2") == 1)
        #expect(replies.withLock { $0 } == [2])
    }

    @Test func `answers what comes behind it on a TCP connection first, and all of it`() async throws {
        let upstream = try await Self.upstream()
        try await RunningServer.with([try Example.node()], recursors: [upstream.server]) { server in
            let client = try await TCPClient(port: server.port)
            let slow = try Queries.query("silent.example.org", .a, id: 1, flags: 0x0100)
            let remote = try Queries.query("www.example.org", .a, id: 2, flags: 0x0100)
            let own = try Queries.query("server01.node.consul", .a, id: 3)
            try await client.send(messages: [slow, remote, own])
            try await client.finish()
            var order: [UInt8] = []
            while let reply = try await client.receive() { order.append(reply[1]) }
            #expect(order.first == 3)
            #expect(order.last == 1)
            #expect(Set(order) == [1, 2, 3])
        }
    }

    @Test func `finds the addresses of instances that have host names outside, of the type asked for`() async throws {
        let upstream = try await Self.upstream()
        let changes = [
            try Example.node(), try Example.instance("db", address: "alias.example.org"),
            try Example.instance("gone", address: "nx.example.org"),
            try Example.instance("mute", address: "silent.example.org"),
        ]
        try await RunningServer.with(changes, recursors: [upstream.server]) { server in
            for (type, data) in [("A", "192.0.2.1"), ("AAAA", "2001::")] {
                let reply = try await server.dig("db.service.consul", type)
                #expect(reply.status == "NOERROR")
                #expect(reply.flags == ["qr", "aa", "rd", "ra"])
                #expect(reply.answer.contains { $0.hasSuffix("IN CNAME alias.example.org.") })
                #expect(reply.answer.contains { $0.hasPrefix("www.example.org. ") && $0.hasSuffix("\(type) \(data)") })
                #expect(reply.answer.count == 3)
            }
            let gone = try await server.dig("gone.service.consul", "A")
            #expect(gone.status == "NXDOMAIN")
            #expect(gone.answer.count == 1)
            let mute = try await server.dig("mute.service.consul", "A")
            #expect(mute.status == "SERVFAIL")
            let unasked = try await server.dig("db.service.consul", "A", "+norecurse")
            #expect(unasked.status == "NOERROR")
            #expect(unasked.answer.count == 1)
        }
    }
}
