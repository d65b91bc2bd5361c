import DNS
import Registry
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(1))) struct `dig asks with EDNS options` {
    private static func with(
        _ policy: AnswerPolicy = AnswerPolicy(), body: @Sendable @escaping (RunningServer) async throws -> Void
    ) async throws {
        try await RunningServer.with([Example.node(), Example.instance("web")], policy: policy, body: body)
    }

    @Test(arguments: ["+notcp", "+tcp"])
    func `and shows why there is no answer`(transport: String) async throws {
        try await Self.with { running in
            let missing = try await running.dig("nothing.service.consul", "A", transport)
            #expect(missing.options.contains("EDE: 0 (Other): (no service, tag or node of this name is registered)"))
            let refused = try await running.dig("www.example.org", "A", transport)
            #expect(refused.status == "REFUSED")
            #expect(refused.options.contains("EDE: 20 (Not Authoritative): (this server answers for consul. alone)"))
        }
    }

    @Test(arguments: ["web.service.consul", "v1.web.service.dc1.consul", "_web._tcp.service.consul"])
    func `and shows why a service has no instance that works`(name: String) async throws {
        guard case .putInstance(let instance, _) = try Example.instance("web", "web-1", tags: ["v1"]) else { return }
        let check = HealthCheck(node: instance.node, id: "c", name: "alive", output: "HTTP 500")
        try await RunningServer.with([Example.node(), .putInstance(instance, checks: [check])]) { running in
            for transport in ["+notcp", "+tcp"] {
                let reply = try await running.dig(name, "SRV", transport, "+nocookie")
                #expect(reply.status == "NOERROR" && reply.answer.isEmpty)
                #expect(reply.options == ["EDE: 0 (Other): (1 instance, critical: web-1 \"HTTP 500\")"])
            }
        }
    }

    @Test(arguments: ["+notcp", "+tcp"])
    func `and gets a cookie, which is taken again`(transport: String) async throws {
        try await Self.with { running in
            let first = try await running.dig("web.service.consul", "A", transport, "+cookie=0102030405060708")
            let line = try #require(first.options.first { $0.hasPrefix("COOKIE: 010203040506070801000000") })
            #expect(line.hasSuffix(" (good)"))
            let cookie = line.dropFirst("COOKIE: ".count).dropLast(" (good)".count)
            let second = try await running.dig("web.service.consul", "A", transport, "+cookie=\(cookie)")
            #expect(second.options.contains(line))
            #expect(second.answer.count == 1)
            // Over UDP and TCP alike.
            let other = transport == "+tcp" ? "+notcp" : "+tcp"
            #expect(try await running.dig("web.service.consul", "A", other, "+cookie=\(cookie)").options.contains(line))
        }
    }

    @Test func `and finds its subnet again, for which the answer is not special`() async throws {
        try await Self.with { running in
            let reply = try await running.dig("web.service.consul", "A", "+subnet=192.0.2.0/24")
            #expect(reply.options.contains("CLIENT-SUBNET: 192.0.2.0/24/0"))
            let longer = try await running.dig("web.service.consul", "A", "+subnet=2001:db8:1234::/52")
            #expect(longer.options.contains("CLIENT-SUBNET: 2001:db8:1234::/52/0"))
            #expect(longer.answer.count == 1)
        }
    }

    @Test func `and learns who the server is, if it may`() async throws {
        var policy = AnswerPolicy()
        policy.identity = .init(name: "berth-1", version: "Berth 1")
        try await Self.with(policy) { running in
            let reply = try await running.dig("web.service.consul", "A", "+nsid")
            #expect(reply.options.contains { $0.hasPrefix("NSID: ") && $0.contains("(\"berth-1\")") })
            #expect(try await running.dig("id.server", "CH", "TXT").answer == ["id.server. 0 CH TXT \"berth-1\""])
            #expect(try await running.dig("version.bind", "CH", "TXT").answer == ["version.bind. 0 CH TXT \"Berth 1\""])
        }
        try await Self.with { running in
            let silent = try await running.dig("web.service.consul", "A", "+nsid")
            #expect(silent.options.allSatisfy { !$0.contains("NSID") })
            #expect(try await running.dig("version.bind", "CH", "TXT").status == "REFUSED")
        }
    }

    @Test func `and learns how long a connection may be idle`() async throws {
        try await Self.with { running in
            let reply = try await running.dig("web.service.consul", "A", "+tcp", "+keepalive")
            #expect(reply.options.contains { $0.hasPrefix("TCP-KEEPALIVE: 10.0 ") || $0 == "TCP KEEPALIVE: 10.0 secs" })
        }
    }

    @Test func `that nobody knows, which are ignored`() async throws {
        try await Self.with { running in
            let reply = try await running.dig("web.service.consul", "A", "+ednsopt=65001:c0ffee", "+nocookie")
            #expect(reply.options == [])
            #expect(reply.answer.count == 1)
            #expect(reply.edns.contains("version: 0, flags:; udp: 1232"))
        }
    }

    @Test func `and comes through a rate limit by its cookie or by TCP`() async throws {
        var policy = AnswerPolicy()
        policy.rateLimit = 1
        policy.limitsLoopback = true
        try await Self.with(policy) { running in
            // dig asks again by itself after BADCOOKIE, and over TCP after TC.
            for option in ["+cookie", "+nocookie"] {
                for _ in 1...4 {
                    let reply = try await running.dig("web.service.consul", "A", option, "+tries=5", "+timeout=1")
                    #expect(reply.answer == ["web.service.consul. 1 IN A 10.0.0.1"])
                }
            }
        }
    }
}
