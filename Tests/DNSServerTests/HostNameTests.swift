import DNS
import Registry
import TestSupport
import Testing

@testable import DNSServer

@Suite struct `Instances with host names` {
    private static func catalog() throws -> [CatalogChange] {
        let chain = try (1...12).map { number in
            try Example.instance("c\(number)", address: "c\(number + 1).service.consul")
        }
        return try [
            Example.node(), Example.node("n3", "host.example.net"),
            Example.instance("web", tags: ["v1", "v2"], address: "10.0.0.11", port: 81),
            Example.instance("six", address: "2001:db8::6"),
            Example.instance("inside", address: "web.service.consul", port: 1),
            Example.instance("inside6", address: "Six.Service.DC1.consul"),
            Example.instance("tagged", address: "v2.v1.web.service.consul"),
            Example.instance("by-node", address: "server01.node.consul"),
            Example.instance("by-address", address: "0a000009.addr.consul"),
            Example.instance("twice", address: "inside.service.consul"),
            Example.instance("dangling", address: "nothing.service.consul"),
            Example.instance("self", address: "self.service.consul", port: 2),
            Example.instance("loop1", address: "loop2.service.consul"),
            Example.instance("loop2", address: "loop1.service.consul"),
            Example.instance("remote", on: "n3", port: 3),
            Example.instance("mixed", "a", address: "www.example.net", port: 4),
            Example.instance("mixed", "b", address: "10.0.0.12", port: 5),
        ] + chain
    }

    @Test func `are SRV targets by those names`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            try await Asked.check(
                [
                    Asked("inside.service.consul", "SRV", "SRV 1 1 1 web.service.consul."),
                    Asked("remote.service.consul", "SRV", "SRV 1 1 3 host.example.net."),
                    Asked(
                        "mixed.service.consul", "SRV", "SRV 1 1 4 www.example.net.",
                        "SRV 1 1 5 0a00000c.addr.dc1.consul."),
                ], running)
        }
    }

    struct Chase: Sendable, CustomTestStringConvertible {
        var name: String
        var type: String
        var status = "NOERROR"
        /// Without owner, TTL and class, sorted.
        var answer: [String]
        var testDescription: String { "\(name) \(type)" }
    }

    static let chases = [
        Chase(name: "inside", type: "A", answer: ["A 10.0.0.11"]),
        Chase(name: "inside", type: "AAAA", answer: []),
        Chase(name: "inside6", type: "AAAA", answer: ["AAAA 2001:db8::6"]),
        Chase(name: "tagged", type: "A", answer: ["A 10.0.0.11"]),
        Chase(name: "by-node", type: "A", answer: ["A 10.0.0.1"]),
        Chase(name: "by-address", type: "A", answer: ["A 10.0.0.9"]),
        Chase(name: "twice", type: "A", answer: ["A 10.0.0.11"]),
        // Its own name exists.
        Chase(name: "dangling", type: "A", answer: []),
        // Named after itself, it is where its node is.
        Chase(name: "self", type: "A", answer: ["A 10.0.0.1"]),
        Chase(name: "self", type: "SRV", answer: ["SRV 1 1 2 server01.node.dc1.consul."]),
        Chase(name: "loop1", type: "A", answer: []),
        Chase(name: "remote", type: "A", answer: ["CNAME host.example.net."]),
        // Addresses go before host names.
        Chase(name: "mixed", type: "A", answer: ["A 10.0.0.12"]),
        Chase(name: "c1", type: "A", answer: []),
        Chase(name: "c6", type: "A", answer: []),
    ]

    @Test func `are followed inside the domain, by the type asked for, and not for ever`() async throws {
        try await RunningServer.with(Self.catalog()) { running in
            for chase in Self.chases {
                for transport in ["+notcp", "+tcp"] {
                    let reply = try await running.dig("\(chase.name).service.consul", chase.type, transport)
                    #expect(reply.status == chase.status, "\(chase)")
                    let answer = reply.answer.map { $0.split(separator: " ").dropFirst(3).joined(separator: " ") }
                    #expect(answer.sorted() == chase.answer, "\(chase)")
                }
            }
        }
    }

    @Test func `are followed outside for those alone who may have that`() async throws {
        let upstream = try await FakeRecursor { question in
            let address = FakeRecursor.Record("host.example.net", .a, 60, [192, 0, 2, 9])
            return "\(question.name)".lowercased() == "host.example.net." && question.type == .a
                ? .answer([address]) : .code(3, [])
        }
        let clients = RecursionClients([try #require(IPPrefix("127.0.0.2"))])
        try await RunningServer.with(
            Self.catalog() + [Example.instance("far", address: "remote.service.consul")], listen: [.v4(0)],
            recursors: [upstream.server], recursionClients: clients
        ) { running in
            let stranger = try await running.dig("far.service.consul", "A")
            #expect(
                stranger.answer == [
                    "far.service.consul. 1 IN CNAME remote.service.consul.",
                    "remote.service.consul. 1 IN CNAME host.example.net.",
                ])
            #expect(upstream.asked.isEmpty)
            let friend = try await running.dig("far.service.consul", "A", "-b", "127.0.0.2")
            #expect(friend.answer.count == 3)
            #expect(friend.answer.contains { $0.hasPrefix("host.example.net. ") && $0.hasSuffix(" IN A 192.0.2.9") })
            #expect(friend.status == "NOERROR")
        }
    }
}
