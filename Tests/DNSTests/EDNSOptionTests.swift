import Testing

@testable import DNS

/// A table whose server says who it is.
private func identified() -> AnswerTable {
    var policy = AnswerPolicy()
    policy.identity = .init(name: "berth-1", version: "Berth 1.2.3")
    return Sample.table(policy)
}

/// The reply over UDP by both paths, which must agree.
private func reply(
    to query: QueryText, _ table: AnswerTable = Sample.shared, plain: Bool? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> ReplyText {
    var paths = BothPaths(table)
    let (full, fast, wasPlain) = paths.replies(to: query.octets())
    #expect(full == fast, sourceLocation: sourceLocation)
    if let plain { #expect(wasPlain == plain, sourceLocation: sourceLocation) }
    return try #require(full.flatMap(ReplyText.init), sourceLocation: sourceLocation)
}

private func query(_ text: String, options: [UInt8]) -> QueryText {
    var query = QueryText(text, payloadSize: 1232)
    query.options = options
    return query
}

@Suite struct `Client subnets (RFC 7871)` {
    @Test(
        arguments: [
            [0, 1, 24, 0, 192, 0, 2], [0, 1, 0, 0], [0, 0, 0, 0], [0, 1, 32, 0, 192, 0, 2, 1],
            [0, 1, 20, 0, 192, 0, 0xf0],
            [0, 2, 56, 0, 32, 1, 13, 184, 0, 0, 1],
        ] as [[UInt8]])
    func `come back as they came, with scope 0`(subnet: [UInt8]) throws {
        for name in ["web.service.consul. A", "nothing.consul. A", "example.org. A"] {
            let reply = try reply(to: query(name, options: [0, 8, 0, UInt8(subnet.count)] + subnet))
            #expect(reply.option(8) == subnet)
            #expect(reply.code != 1)
        }
    }

    @Test(
        arguments: [
            [], [0, 1, 24], [0, 1, 24, 0], [0, 1, 24, 0, 192, 0], [0, 1, 24, 0, 192, 0, 2, 0],
            [0, 1, 33, 0, 192, 0, 2, 1, 0], [0, 1, 24, 1, 192, 0, 2], [0, 1, 20, 0, 192, 0, 1], [0, 0, 8, 0, 1],
            [0, 3, 0, 0], [0, 2, 129, 0] + [UInt8](repeating: 0, count: 17),
        ] as [[UInt8]])
    func `that are malformed are a format error`(subnet: [UInt8]) throws {
        let reply = try reply(to: query("web.service.consul. A", options: [0, 8, 0, UInt8(subnet.count)] + subnet))
        #expect(reply.code == 1)
        #expect(reply.options.isEmpty)
    }
}

@Suite struct `Who the server is` {
    @Test func `NSID tells, when it may (RFC 5001)`() throws {
        let query = query("web.service.consul. A", options: [0, 3, 0, 0])
        #expect(try reply(to: query, identified()).option(3) == Array("berth-1".utf8))
        #expect(try reply(to: query).options.isEmpty)
        #expect(try reply(to: QueryText("web.service.consul. A", payloadSize: 1232), identified()).options.isEmpty)
    }

    @Test(arguments: [
        ("id.server.", "berth-1"), ("hostname.bind.", "berth-1"), ("version.bind.", "Berth 1.2.3"),
        ("VERSION.Server.", "Berth 1.2.3"),
    ])
    func `names of class CH tell, when they may`(name: String, text: String) throws {
        var query = QueryText("\(name) TXT", payloadSize: 1232)
        query.recordClass = 3
        let answered = try reply(to: query, identified())
        #expect(answered.answer == ["\(name) 0 TXT \(text)"])
        #expect(answered.isAuthoritative)
        query.type = "A"
        let empty = try reply(to: query, identified())
        #expect(empty.code == 0 && empty.answer.isEmpty)
        let refused = try reply(to: query)
        #expect(refused.code == 5)
        #expect(refused.extendedError == "21 of other classes than IN, CH is answered at most, if it is set up")
    }

    @Test func `other names of class CH are refused`() throws {
        var query = QueryText("authors.bind. TXT")
        query.recordClass = 3
        #expect(try reply(to: query, identified()).code == 5)
    }
}

@Suite struct `How long TCP connections may be idle (RFC 7828)` {
    @Test func `is told over TCP, to those who ask`() throws {
        var policy = AnswerPolicy()
        policy.idleTimeout = .seconds(30)
        let table = Sample.table(policy)
        let asking = query("web.service.consul. A", options: [0, 11, 0, 0])
        let overTCP = try #require(table.answer(asking.octets(), over: .tcp).flatMap(ReplyText.init))
        #expect(overTCP.option(11) == [1, 44])
        let plain = QueryText("web.service.consul. A", payloadSize: 1232)
        #expect(try #require(table.answer(plain.octets(), over: .tcp).flatMap(ReplyText.init)).options.isEmpty)
        #expect(try reply(to: asking, table).options.isEmpty)
    }
}

@Suite struct `ANY (RFC 8482)` {
    @Test func `gives everything where that is little`() throws {
        let reply = try reply(to: QueryText("web.service.consul. ANY", payloadSize: 1232))
        #expect(reply.answer.count == 5)
    }

    @Test func `gives a hint where it is much, but everything over TCP`() throws {
        let query = QueryText("forty.service.consul. ANY", payloadSize: 1232)
        let short = try reply(to: query)
        #expect(short.answer.count == 1 && !short.isTruncated)
        #expect(short.answer.first?.hasPrefix("forty.service.consul. 1 TYPE13 \u{7}RFC8482") == true)
        let whole = try #require(Sample.shared.answer(query.octets(), over: .tcp).flatMap(ReplyText.init))
        #expect(whole.answer.count == 40)
    }
}

@Suite struct `Cookies in queries and replies (RFC 7873)` {
    private static let client: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    private static func option(_ data: [UInt8]) -> [UInt8] { [0, 10, 0, UInt8(data.count)] + data }

    @Test(arguments: ["web.service.consul. SRV", "service.consul. A", "nothing.consul. A", "example.org. A"])
    func `a client gets a server cookie, and the same again for showing it`(name: String) throws {
        let first = try reply(to: query(name, options: Self.option(Self.client)))
        let cookie = try #require(first.option(10))
        #expect(cookie.count == 24 && cookie.starts(with: Self.client + [1, 0, 0, 0]))
        #expect(try reply(to: query(name, options: Self.option(cookie))).option(10) == cookie)
    }

    @Test func `plain questions with cookies stay on the fast path`() throws {
        let query = query("web.service.consul. SRV", options: Self.option(Self.client))
        #expect(try reply(to: query, plain: true).option(10)?.count == 24)
    }

    @Test(arguments: [16, 23, 24, 25, 40])
    func `one that is not good is answered with one that is`(length: Int) throws {
        let data = Self.client + [UInt8](repeating: 1, count: length - 8)
        let reply = try reply(to: query("web.service.consul. A", options: Self.option(data)))
        #expect(reply.code == 0 && reply.answer.count == 2)
        let cookie = try #require(reply.option(10))
        #expect(cookie.count == 24 && cookie != data)
    }

    @Test(arguments: [0, 1, 7, 9, 15, 41]) func `one of another length is a format error`(length: Int) throws {
        let data = [UInt8](repeating: 1, count: length)
        #expect(try reply(to: query("web.service.consul. A", options: Self.option(data))).code == 1)
    }

    @Test func `only the first counts`() throws {
        let query = query("web.service.consul. A", options: Self.option(Self.client) + Self.option([1]))
        let options = try reply(to: query).options
        #expect(options.count == 1 && options[0].data.starts(with: Self.client))
    }

    @Test func `room for it is kept, so that no reply is longer than it may be`() throws {
        for size in 512..<560 {
            var query = query("forty.service.consul. A", options: Self.option(Self.client))
            query.payloadSize = UInt16(size)
            let reply = try reply(to: query, plain: true)
            #expect(reply.length <= size && reply.length > size - 16)
            #expect(reply.option(10) != nil && reply.isTruncated)
        }
    }

    @Test func `one may be asked for without a question`() throws {
        func ask(_ data: [UInt8]) throws -> ReplyText {
            let option = query(". A", options: Self.option(data)).option
            let octets = [0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1] + option
            var paths = BothPaths(Sample.shared)
            let (full, fast, _) = paths.replies(to: octets)
            #expect(full == fast)
            return try #require(full.flatMap(ReplyText.init))
        }
        let first = try ask(Self.client)
        #expect(first.code == 0 && first.counts == [0, 0, 0, 1])
        let cookie = try #require(first.option(10))
        #expect(try ask(cookie).code == 0)
        let forged = try ask(cookie.dropLast() + [cookie[23] ^ 1])
        #expect(forged.code == 23)
        #expect(forged.option(10) == cookie)
    }
}
