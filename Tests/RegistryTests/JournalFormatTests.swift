import Testing

@testable import Registry

@Suite struct `Octets of the journal` {
    /// One of every change, with every optional part once there and once not.
    static func changes() throws -> [CatalogChange] {
        var full = try instance(
            "id", of: "web", tags: ["a", "b"], port: 65535, owner: .docker(engine: "e", container: "c"))
        full.address = try Address("fe80::1")
        full.meta = ["k2": "v", "k1": ""]
        full.taggedAddresses = ["wan": TaggedAddress(address: try Address("h.example"), port: 1)]
        full.weights = Weights(passing: 300, warning: 0)
        full.enableTagOverride = true
        var datagrams = try instance("id", of: "dns")
        datagrams.transport = .udp
        let http = CheckDefinition.Probe.http(
            .init(
                url: "http://h/", method: "PUT", headers: ["A": ["1", "2"]], body: "b", skipsTLSVerification: true))
        var named = try node("n1", address: "host.example", meta: ["é": "日本"])
        named.taggedAddresses = ["lan": try Address("10.0.0.2")]
        let small: [CatalogChange] = [
            .putNode(named), .putNode(try node("n1")), .removeNode(try nodeName("N1")),
            .putInstance(full, checks: [try check("c", of: "id", probe: http)]),
            .putInstance(try instance("id", of: "web"), checks: nil), .putInstance(datagrams, checks: nil),
            .putInstance(try instance("id", of: "web", owner: .agent), checks: nil),
            .removeInstance(try instanceKey("id")),
            .setStatus(try checkKey("c"), .warning, output: "line\nline"),
            .putCheck(try check("c", of: nil, probe: .tcp(host: try Address("h"), port: 9))),
            .removeCheck(try checkKey("c")), .advance, .putNode(try node("n1.example")),
        ]
        return try small + definitions().map { .putCheck(try check("c", of: nil, definition: $0)) } + keyChanges()
    }

    /// Of checks that are more than an HTTP or TCP probe.
    private static func definitions() throws -> [CheckDefinition] {
        var full = CheckDefinition(
            probe: .http(.init(url: "https://h/", tlsServerName: "web.example")), interval: .seconds(5))
        full.thresholds.successesBeforePassing = 3
        full.thresholds.failuresBeforeWarning = 2
        full.thresholds.failuresBeforeCritical = 4
        full.outputLimit = 80
        full.removesInstanceAfter = .seconds(90)
        var tcp = CheckDefinition(probe: .tcp(host: try Address("h"), port: 9), interval: .seconds(1))
        tcp.outputLimit = 1
        let grpc = CheckDefinition.GRPCProbe(
            host: try Address("h"), port: 9, service: "s", usesTLS: true, skipsTLSVerification: true, tlsServerName: "n"
        )
        return [
            full, tcp, CheckDefinition(source: .reports(within: .milliseconds(1500))),
            CheckDefinition(probe: .udp(host: try Address("h"), port: 9), interval: .seconds(5)),
            CheckDefinition(probe: .grpc(grpc), interval: .seconds(5)),
            CheckDefinition(probe: .script(["/bin/check", "-v", ""]), interval: .seconds(5)),
            CheckDefinition(probe: .docker(container: "app", ["/bin/check"]), interval: .seconds(5)),
            CheckDefinition(source: .alias(.init(node: try nodeName("n2"), instance: "i"))),
            CheckDefinition(source: .alias(.init())), CheckDefinition(source: .container),
        ]
            + [nil, .tcp(host: try Address("h"), port: 9)].map {
                CheckDefinition(source: .elsewhere($0, interval: .seconds(5), timeout: .zero))
            }
    }

    private static func keyChanges() throws -> [CatalogChange] {
        let full = Session(
            id: "s", name: "n", node: try nodeName("n1"), lockDelay: .milliseconds(1500), behavior: .delete,
            timeToLive: Session.TimeToLive(text: "90s", duration: .seconds(90)), nodeChecks: ["a"], serviceChecks: ["b"]
        )
        let key = try Key("a/é")
        return [
            .key(.put(key, value: [0, 255], flags: .max)), .key(.lock(key, value: [], flags: 0, "s")),
            .key(.unlock(key, value: [1], flags: 1)), .key(.remove(key)), .key(.removeAll(under: try KeyPrefix(""))),
            .key(.endLockDelay(key)), .session(.put(full)),
            .session(.put(Session(id: "t", node: try nodeName("n1")))), .session(.remove("s")),
            .event(Event(id: "e", name: "n", payload: [0], nodeFilter: "a", serviceFilter: "b", tagFilter: "c")),
            .query(.put(`Prepared queries`.query("q"))), .query(.put(try Self.fullQuery())), .query(.remove("q")),
            .restoration(.begin(index: 300)), .restoration(.record(.queryIndex(7))),
            .restoration(.record(.eventIndex(8))), .restoration(.end),
        ]
    }

    static func fullQuery() throws -> PreparedQuery {
        var query = PreparedQuery(
            id: "q", name: "n", session: "s", token: "t",
            template: try QueryTemplate(expression: "(a)", removesEmptyTags: true), search: .init(service: "web"),
            timeToLive: .init(text: "10s", duration: .seconds(10)))
        query.search.failover = .init(nearest: 3, datacenters: ["dc2"])
        query.search.onlyPassing = true
        query.search.ignoredChecks = ["c"]
        query.search.near = "_agent"
        query.search.tags = ["a", "!b"]
        query.search.nodeMeta = ["k": "v"]
        query.search.serviceMeta = ["m": "w"]
        return query
    }

    @Test func `what was written is read back`() throws {
        for change in try Self.changes() {
            #expect(try JournalFormat.decode(from: JournalFormat.encode(change)) == change)
        }
    }

    @Test(arguments: 0..<4) func `records of any catalog are read back`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        var state = CatalogState()
        for _ in 0..<200 {
            let change = try history.next()
            #expect(try JournalFormat.decode(from: JournalFormat.encode(change)) == change)
            do { try state.apply(change) } catch is CatalogError { continue }
        }
        var restored = CatalogState()
        for record in state.snapshot.records {
            let read: CatalogRecord = try JournalFormat.decode(from: JournalFormat.encode(record))
            #expect(read == record)
            try restored.restore(read)
        }
        #expect(restored.snapshot.contents == state.snapshot.contents)
    }

    /// Octets that version 1 wrote. They never change: a journal of any release can be read.
    static let golden: [(String, @Sendable () throws -> CatalogChange)] = [
        (
            """
            0101026e312430303030303030302d303030302d303030302d303030302d30303030303030303030\
            30320831302e302e302e310001047261636b027231dd115734
            """, { .putNode(try node("n1", address: "10.0.0.1", meta: ["rack": "r1"])) }
        ),
        ("0102026e31f86f845b", { .removeNode(try nodeName("n1")) }),
        (
            """
            0103026e3102696403776562010161005000000101000101016501630101026e3101630763686563\
            6b206301000001026964010109687474703a2f2f682f0347455400000005000a00a427052d
            """,
            {
                .putInstance(
                    try instance("id", of: "web", tags: ["a"], owner: .docker(engine: "e", container: "c")),
                    checks: [
                        try check("c", of: "id", status: .passing, probe: .http(.init(url: "http://h/")))
                    ])
            }
        ),
        ("0104026e3102696483feadc6", { .removeInstance(try instanceKey("id")) }),
        ("0105026e3101630204736c6f773eb64e68", { .setStatus(try checkKey("c"), .warning, output: "slow") }),
        (
            "0106026e31016307636865636b206303000000010201680905000a005de80c7f",
            { .putCheck(try check("c", of: nil, probe: .tcp(host: try Address("h"), port: 9))) }
        ),
        ("0107026e3101636f2eb926", { .removeCheck(try checkKey("c")) }),
        ("01085619ab8c", { .advance }),
        (
            """
            01280171016e01017301740103286129010377656203010364633201010163065f6167656e740201\
            6102216201016b017601016d017701033130730a00ad3c263d
            """, { .query(.put(try fullQuery())) }
        ),
        ("011403612f620200ffac02f5adc13e", { .key(.put(try Key("a/b"), value: [0, 255], flags: 300)) }),
        ("011503612f62010100017367400056", { .key(.lock(try Key("a/b"), value: [1], flags: 0, "s")) }),
        ("011603612f6200003c42fa76", { .key(.unlock(try Key("a/b"), value: [], flags: 0)) }),
        ("011703612f62425e0f74", { .key(.remove(try Key("a/b"))) }),
        ("011802612fba5c120c", { .key(.removeAll(under: try KeyPrefix("a/"))) }),
        ("011903612f62fd6eb115", { .key(.endLockDelay(try Key("a/b"))) }),
        (
            """
            011e0173016e026e310f000201033930735a00010161010162b841c9a7
            """,
            {
                .session(
                    .put(
                        Session(
                            id: "s", name: "n", node: try nodeName("n1"), behavior: .delete,
                            timeToLive: Session.TimeToLive(text: "90s", duration: .seconds(90)), nodeChecks: ["a"],
                            serviceChecks: ["b"])))
            }
        ),
        ("011f01735e954df3", { .session(.remove("s")) }),
    ]

    @Test(arguments: golden)
    func `version 1 is written and read as ever`(octets: String, change: @Sendable () throws -> CatalogChange) throws {
        #expect(hexadecimal(JournalFormat.encode(try change())) == octets)
        #expect(try JournalFormat.decode(from: bytes(octets)) == change())
    }

    @Test func `any flipped bit is noticed`() throws {
        let octets = JournalFormat.encode(try Self.changes()[3])
        for position in octets.indices {
            var damaged = octets
            damaged[position] ^= 1 << (position % 8)
            #expect(throws: FormatError.self) { try JournalFormat.decode(CatalogChange.self, from: damaged) }
        }
    }

    @Test func `any cut is noticed`() throws {
        let octets = JournalFormat.encode(try Self.changes()[3])
        for count in octets.indices {
            #expect(throws: FormatError.self) {
                try JournalFormat.decode(CatalogChange.self, from: Array(octets.prefix(count)))
            }
        }
    }

    @Test func `octets with a right checksum and wrong contents are refused, never a trap`() throws {
        var generator = SeededGenerator(seed: 1)
        let octets = JournalFormat.encode(try Self.changes()[3])
        for _ in 0..<3000 {
            var body = Array(octets.dropLast(4))
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                body[Int.random(in: 1..<body.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            // Whatever is read is a valid change again, or nothing is.
            do {
                let change: CatalogChange = try JournalFormat.decode(from: sealed(body))
                #expect(try JournalFormat.decode(from: JournalFormat.encode(change)) == change)
            } catch {
                continue
            }
        }
    }

    static let refused: [([UInt8], FormatError)] = [
        ([], .tooShort), ([1, 0, 0, 0, 0], .tooShort), (sealed([2, 1, 1]), .unknownVersion(2)),
        (sealed([1, 9]), .unknownTag(9)), (sealed([1, 2, 2, 0x6e]), .tooShort),
        (sealed([1, 2, 1, 0x6e, 0]), .trailing(octets: 1)), (sealed([1, 2, 1, 0xff]), .notUTF8),
        (sealed([1, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), .outOfRange),
        (sealed([1, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]), .outOfRange),
        (sealed([1, 2, 0xff, 0xff, 0xff, 0xff, 0x0f]), .tooShort),
    ]

    @Test(arguments: refused) func `each damage has its name`(octets: [UInt8], error: FormatError) {
        #expect(throws: error) { try JournalFormat.decode(CatalogChange.self, from: octets) }
    }

    @Test func `the checksum is CRC-32`() {
        #expect(Checksum.crc32(Array("123456789".utf8)[...]) == 0xcbf4_3926)
    }

    private static func sealed(_ body: [UInt8]) -> [UInt8] {
        let checksum = Checksum.crc32(body[...])
        return body + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> UInt32($0)) }
    }

    private func sealed(_ body: [UInt8]) -> [UInt8] { Self.sealed(body) }

    private func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func bytes(_ hexadecimal: String) throws -> [UInt8] {
        let digits = Array(hexadecimal)
        return try stride(from: 0, to: digits.count - 1, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
    }
}
