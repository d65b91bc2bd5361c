import Testing

@testable import DNS

@Suite struct `Networks in CIDR notation` {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3/32"),
        ("0.0.0.0/0", "0.0.0.0/0"), ("fd00:1::/32", "fd00:1::/32"), ("fd00:1:2::3/64", "fd00:1:2::/64"),
        ("fd00::ff/120", "fd00::/120"), ("::1", "::1/128"),
    ])
    func `are read with the bits that count`(_ text: String, _ shown: String) {
        #expect(IPPrefix(text)?.description == shown)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0/8", "::/129", "a/8",
    ])
    func `are refused where they are none`(_ text: String) { #expect(IPPrefix(text) == nil) }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.1/32", "10.0.0.1", true),
        ("10.0.0.1/32", "10.0.0.0", false), ("0.0.0.0/0", "192.0.2.1", true), ("0.0.0.0/0", "::1", false),
        ("fd00::/63", "fd00:0:0:1::", true), ("fd00::/63", "fd00:0:0:2::", false), ("fd00::/65", "fd00::1", true),
        ("fd00::/65", "fd00:0:0:0:8000::", false), ("::/0", "ffff::", true),
    ])
    func `hold the addresses that share their bits`(_ network: String, _ address: String, _ isInside: Bool) throws {
        let network = try #require(IPPrefix(network))
        #expect(network.contains(try #require(IPAddress(address))) == isInside)
    }
}

@Suite struct `IPv4-mapped addresses (RFC 4291 2.5.5.2)` {
    @Test(arguments: [
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:0.0.0.0", "0.0.0.0"), ("::fffe:c000:201", "::fffe:c000:201"),
        ("1::ffff:c000:201", "1::ffff:c000:201"), ("::c000:201", "::c000:201"), ("192.0.2.1", "192.0.2.1"),
    ])
    func `stand for IPv4 addresses, and others for themselves`(_ text: String, _ expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.unmapped == IPAddress(expected))
    }

    @Test(arguments: ["web.service.consul. SRV", "www.example. A"])
    func `share cookies and limits with the addresses that they stand for`(name: String) throws {
        var policy = AnswerPolicy()
        policy.rateLimit = 5
        var paths = BothPaths(Sample.table(policy))
        var query = QueryText(name, payloadSize: 1232)
        query.options = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        paths.source = .v6(high: 0, low: 0xffff_c000_0201)
        let cookies = try (0..<5).map { _ in
            try #require(paths.replies(to: query.octets()).fast.flatMap(ReplyText.init)?.option(10))
        }
        paths.source = .v4(0xc000_0201)
        #expect(paths.replies(to: query.octets()).fast?.isEmpty != false)
        query.options = [0, 10, 0, 24] + cookies[0]
        let reply = try #require(paths.replies(to: query.octets()).fast.flatMap(ReplyText.init))
        #expect(reply.option(10) == cookies[0])
        #expect(!reply.answer.isEmpty)
    }
}

@Suite struct `Addresses of servers` {
    @Test(arguments: [
        ("10.0.0.53", "10.0.0.53"), ("10.0.0.53:53", "10.0.0.53"), ("10.0.0.53:5353", "10.0.0.53:5353"),
        ("fd00::53", "fd00::53"), ("[fd00::53]", "fd00::53"), ("[fd00::53]:5353", "[fd00::53]:5353"),
    ])
    func `have port 53 unless they say another`(_ text: String, _ shown: String) {
        #expect(ServerAddress(text)?.description == shown)
    }

    @Test(arguments: [
        "", ":53", "10.0.0.53:", "10.0.0.53:0", "10.0.0.53:65536", "10.0.0.53:+1", "[10.0.0.53]", "[fd00::53", "[]:53",
        "[fd00::53]53", "0.0.0.0", "[::]:53", "dns.example", "10.0.0.53:53:53",
    ])
    func `are refused where they are none`(_ text: String) { #expect(ServerAddress(text) == nil) }
}
