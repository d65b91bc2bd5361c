import Synchronization
import Testing

@testable import DNS

@Suite struct `Response rate limiting` {
    private static let client = IPAddress.v4(0xc000_0201)

    /// How many of `count` replies at one moment are sent, slip and are dropped.
    private static func verdicts(
        _ limiter: inout RateLimiter, _ count: Int, _ kind: RateLimiter.Kind = .answer, to source: IPAddress = client,
        at milliseconds: UInt32 = 0
    ) -> [Int] {
        var counts = [0, 0, 0]
        for _ in 0..<count {
            switch limiter.judge(kind, to: source, at: milliseconds) {
            case .send: counts[0] += 1
            case .slip: counts[1] += 1
            case .drop: counts[2] += 1
            }
        }
        return counts
    }

    @Test func `lets a second's worth pass, then every other reply slip`() {
        var limiter = RateLimiter(rate: 10, seed: 1)
        #expect(Self.verdicts(&limiter, 30) == [10, 10, 10])
        #expect(Self.verdicts(&limiter, 10, at: 500) == [5, 2, 3])
    }

    @Test func `lets as much pass as time allows, and not more for having waited`() {
        var limiter = RateLimiter(rate: 10, seed: 1)
        _ = Self.verdicts(&limiter, 10)
        #expect(Self.verdicts(&limiter, 20, at: 500)[0] == 5)
        #expect(Self.verdicts(&limiter, 20, at: 599)[0] == 0)
        #expect(Self.verdicts(&limiter, 20, at: 600)[0] == 1)
        #expect(Self.verdicts(&limiter, 20, at: 60_000)[0] == 10)
        // The clock wraps once in seven weeks.
        var late = RateLimiter(rate: 10, seed: 1)
        _ = Self.verdicts(&late, 10, at: .max - 100)
        #expect(Self.verdicts(&late, 20, at: 399)[0] == 5)
    }

    @Test func `counts kinds of replies apart`() {
        var limiter = RateLimiter(rate: 10, seed: 1)
        for kind in [RateLimiter.Kind.answer, .noData, .nameError, .worked, .other] {
            #expect(Self.verdicts(&limiter, 20, kind)[0] == 10)
        }
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.255", true), ("192.0.2.1", "192.0.3.1", false),
        ("2001:db8::1", "2001:db8:0:ff::1", true),
        ("2001:db8::1", "2001:db8:0:100::1", false), ("0.0.0.1", "::2", false),
    ])
    func `counts a network's clients together: a /24, a /56`(one: String, other: String, isSame: Bool) throws {
        var limiter = RateLimiter(rate: 10, seed: 1)
        _ = Self.verdicts(&limiter, 10, to: try #require(IPAddress(one)))
        let passed = Self.verdicts(&limiter, 10, to: try #require(IPAddress(other)))[0]
        #expect(passed == (isSame ? 0 : 10))
    }

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "::1"], [false, true])
    func `lets loopback through unless told`(source: String, limits: Bool) throws {
        var limiter = RateLimiter(rate: 10, limitsLoopback: limits, seed: 1)
        let passed = Self.verdicts(&limiter, 20, to: try #require(IPAddress(source)))[0]
        #expect(passed == (limits ? 10 : 20))
    }

    @Test func `has no more places than it was made with, and lets through what shares one`() {
        var limiter = RateLimiter(rate: 1, seed: 1)
        for network in 0..<200_000 as Range<UInt32> {
            #expect(limiter.judge(.answer, to: .v4(network << 8), at: 0) == .send)
        }
    }

    // MARK: - Replies

    /// The replies to the same query, asked `count` times at once.
    private static func replies(_ query: QueryText, count: Int, octets: [UInt8]? = nil) throws -> [ReplyText?] {
        var policy = AnswerPolicy()
        policy.rateLimit = 5
        var paths = BothPaths(Sample.table(policy))
        return (0..<count).map { _ in paths.replies(to: octets ?? query.octets()).fast.flatMap(ReplyText.init) }
    }

    @Test(arguments: [
        "web.service.consul. SRV", "service.consul. A", "nothing.consul. A", "www.example. A", "example.org. A",
        "nothing.example. A",
    ])
    func `a reply that slips says that TCP has more, and no more than that`(name: String) throws {
        for payloadSize in [nil, 1232] as [UInt16?] {
            let query = QueryText(name, payloadSize: payloadSize)
            let replies = try Self.replies(query, count: 9)
            #expect(replies.map { $0 == nil } == [Bool](repeating: false, count: 5) + [true, false, true, false])
            for reply in replies[5...].compactMap(\.self) {
                #expect(reply.isTruncated && reply.code == 0)
                #expect(reply.counts == [1, 0, 0, payloadSize == nil ? 0 : 1])
                #expect(reply.length == query.octets().count)
            }
            #expect(replies[..<5].allSatisfy { $0?.isTruncated == false })
        }
    }

    @Test(arguments: ["web.service.consul. SRV", "www.example. A"])
    func `a client that shows a cookie is asked to show a good one, and is then not limited`(name: String) throws {
        var query = QueryText(name, payloadSize: 1232)
        query.options = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        var policy = AnswerPolicy()
        policy.rateLimit = 5
        var paths = BothPaths(Sample.table(policy))
        let replies = (0..<9).map { _ in paths.replies(to: query.octets()).fast.flatMap(ReplyText.init) }
        let slipped = try #require(replies[6])
        #expect(slipped.code == 23 && !slipped.isTruncated && slipped.counts == [1, 0, 0, 1])
        let cookie = try #require(slipped.option(10))
        query.options = [0, 10, 0, 24] + cookie
        for _ in 0..<20 {
            let reply = try #require(paths.replies(to: query.octets()).fast.flatMap(ReplyText.init))
            #expect(reply.code == 0 && !reply.answer.isEmpty)
        }
    }

    @Test func `what would have to be worked out is held back before it is`() throws {
        let count = Atomic(0)
        var policy = AnswerPolicy()
        policy.rateLimit = 5
        let table = AnswerTable(zones: [Sample.registry], policy: policy) { _, _ in
            count.add(1, ordering: .relaxed)
            return nil
        }
        var web = Sample.names("web.service.consul. 1 A 10.0.0.1")
        web.unpublished = .types
        table.publish(web)
        var paths = BothPaths(table)
        let replies = (0..<20).map { _ in paths.replies(to: QueryText("web.service.consul. TXT").octets()).fast }
        #expect(replies.prefix(5).allSatisfy { $0 != nil } && replies.compactMap(\.self).count == 12)
        // The path that was compared with does not limit.
        #expect(count.load(ordering: .relaxed) == 20 + 5)
    }

    @Test func `what is malformed is limited too`() throws {
        let replies = try Self.replies(
            QueryText("web.service.consul. A"), count: 9, octets: [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        #expect(replies.compactMap { $0?.code } == [1, 1, 1, 1, 1])
    }
}
