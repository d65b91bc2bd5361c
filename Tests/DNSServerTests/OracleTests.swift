import DNS
import Logging
import Registry
import TestSupport
import Testing

@testable import DNSServer

@Suite struct `libldns reads every reply` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `to a thousand random queries, and writes the same again`(seed: UInt64) async throws {
        try await RunningServer.with(Self.catalog(), zones: ["berth.zone": Self.zone]) { running in
            var random = SeededGenerator(seed: seed)
            var codes: Set<Int> = []
            for _ in 1...1000 {
                await Task.yield()
                let query = try Self.query(&random)
                let transport: Transport = Bool.random(using: &random) ? .udp : .tcp
                let reply = try #require(running.server.publisher.table.answer(query, over: transport))
                let message = try LdnsMessage(reply)
                #expect(message.id == Queries.id(query))
                #expect(try message.question == LdnsMessage(query).question)
                let again = try LdnsMessage(LdnsMessage.rewritten(reply))
                #expect(again.folded == message.folded)
                #expect(Set(message.answer).count == message.answer.count)
                codes.insert(message.responseCode)
            }
            // Neither the questions nor the answers were all of one kind: no error, name error, refused.
            #expect(codes.isSuperset(of: [0, 3, 5]))
        }
    }

    private static func catalog() throws -> [CatalogChange] {
        try [Example.node(), Example.node("n2", "2001:db8::2"), Example.node("n3", "host.example.net")]
            + (1...60).map {
                try Example.instance(
                    "many", "i\($0)", tags: ["t\($0 % 3)"], address: "10.1.0.\($0)", port: UInt16($0))
            }
            + [
                Example.instance("web", tags: ["v1.2"]), Example.instance("web", on: "n2", tags: ["v1.2"]),
                Example.instance("web", on: "n3"), Example.instance("out", address: "a.b.example.net"),
                Example.instance("in", address: "web.service.consul"),
            ]
    }

    private static let zone = """
        $ORIGIN berth.example.
        @     SOA   ns1 hostmaster 7 3600 600 86400 60
              NS    ns1
              MX    10 mail
              TXT   "one" "two"
        ns1   A     192.0.2.1
        mail  AAAA  2001:db8::25
        loop1 CNAME loop2
        loop2 CNAME loop1
        far   CNAME far.example.net.
        shop  CNAME ns1
        *.w   CNAME shop
        lab   NS    ns.lab
              NS    ns.example.net.
        ns.lab A    192.0.2.200
        caa   CAA   0 issue "example.net"
        svcb  HTTPS 1 . alpn=h2
        """

    private static let names = [
        "consul", "ns.consul", "service.consul", "many.service.consul", "t1.many.service.dc1.consul",
        "_many._tcp.service.consul", "_many._t2.service.consul", "1.2.web.service.consul", "v1.2.web.service.consul",
        "out.service.consul", "in.service.consul", "server01.node.consul", "n3.node.dc1.consul", "0a000001.addr.consul",
        "20010db8000000000000000000000002.addr.dc1.consul", "berth.example", "shop.berth.example",
        "loop1.berth.example", "far.berth.example", "a.b.w.berth.example", "x.lab.berth.example", "lab.berth.example",
        "caa.berth.example", "svcb.berth.example", "example.net", ".",
    ]

    private static let types: [UInt16] = [1, 2, 5, 6, 12, 15, 16, 28, 33, 43, 65, 255, 257, 65280]

    /// A query that is well-formed, for a name that exists or nearly does.
    private static func query(_ random: inout SeededGenerator) throws -> [UInt8] {
        var name = names.randomElement(using: &random) ?? "."
        if Int.random(in: 0..<4, using: &random) == 0, name != "." {
            let letters = (0..<Int.random(in: 1...63, using: &random)).map { _ in
                Character(UnicodeScalar(UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z"), using: &random)))
            }
            name = String(letters) + "." + name
        }
        name = String(name.map { Bool.random(using: &random) ? Character($0.uppercased()) : $0 })
        let type = RecordType(rawValue: types.randomElement(using: &random) ?? 1)
        let flags: UInt16 = Bool.random(using: &random) ? 0x0100 : 0x0010
        var query = try Queries.query(name, type, id: UInt16.random(in: 0...UInt16.max, using: &random), flags: flags)
        if Bool.random(using: &random) {
            let size = UInt16.random(in: 0...UInt16.max, using: &random)
            let dnssecOK: UInt8 = Bool.random(using: &random) ? 0x80 : 0
            query[11] = 1
            query += [0, 0, 41] + Queries.octets(size) + [0, 0, dnssecOK, 0, 0, 0]
        }
        return query
    }
}
