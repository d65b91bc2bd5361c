import CDatagram

@testable import DNS

/// The zones and names that most tests ask for.
enum Sample {
    static let registrySOA = "consul. 1 SOA ns.consul. hostmaster.consul. 7 3600 600 86400 1"
    static let registry = Zone(
        apex: PlainText.name("consul."), source: .registry(datacenter: "dc1"), soa: PlainText.sets(registrySOA)[0])

    static let fileSOA = "example. 3600 SOA ns1.example. admin.example. 42 7200 900 604800 300"
    static let file = Zone(apex: PlainText.name("example."), source: .masterFile, soa: PlainText.sets(fileSOA)[0])

    static let registryRecords = [
        names("consul. 1 NS ns.consul.", additional: "ns.consul. 1 A 10.0.0.1"),
        names("ns.consul. 1 A 10.0.0.1"),
        OwnerRecords(owner: PlainText.name("node.consul.")),
        OwnerRecords(owner: PlainText.name("service.consul.")),
        names("server01.node.consul. 1 A 10.0.0.1"),
        names(
            """
            web.service.consul. 1 A 10.0.0.1
            web.service.consul. 1 A 10.0.0.2
            web.service.consul. 1 SRV 1 1 8001 0a000001.addr.dc1.consul.
            web.service.consul. 1 SRV 1 1 8002 0a000001.addr.dc1.consul.
            web.service.consul. 1 SRV 1 1 8003 server-number-two.node.dc1.consul.
            """,
            additional: """
                0a000001.addr.dc1.consul. 1 A 10.0.0.1
                server-number-two.node.dc1.consul. 1 A 10.0.0.2
                server-number-two.node.dc1.consul. 1 AAAA fd00::2
                """),
        names(
            """
            primary.web.service.consul. 1 A 10.0.0.1
            primary.web.service.consul. 1 SRV 1 1 8001 0a000001.addr.dc1.consul.
            """,
            additional: "0a000001.addr.dc1.consul. 1 A 10.0.0.1"),
        names("six.service.consul. 1 AAAA fd00::1"),
        names("elsewhere.service.consul. 1 CNAME www.example.org."),
        names("inside.service.consul. 1 CNAME web.example."),
        names((1...40).map { "forty.service.consul. 1 A 10.1.0.\($0)" }.joined(separator: "\n")),
        names(
            (1...10).map { "ten.service.consul. 1 SRV 1 1 \($0) 0a0000\(10 + $0).addr.dc1.consul." }
                .joined(separator: "\n"),
            additional: (1...10).map { "0a0000\(10 + $0).addr.dc1.consul. 1 A 10.0.0.\(16 + $0)" }
                .joined(separator: "\n")),
        names((1...3000).map { "many.service.consul. 1 A 10.\($0 >> 8).\($0 & 255).1" }.joined(separator: "\n")),
    ]

    static let fileRecords = [
        names(
            "example. 3600 NS ns1.example.\nexample. 3600 MX 10 mail.example.",
            additional: "ns1.example. 3600 A 192.0.2.1\nmail.example. 3600 A 192.0.2.25"),
        names("ns1.example. 3600 A 192.0.2.1"),
        names("mail.example. 3600 A 192.0.2.25"),
        names("web.example. 60 A 192.0.2.80"),
        names("www.example. 60 CNAME web.example."),
        names("www2.example. 60 CNAME www.example."),
        names("loop1.example. 60 CNAME loop2.example."),
        names("loop2.example. 60 CNAME loop1.example."),
        names("dangling.example. 60 CNAME nothing.example."),
        names("out.example. 60 CNAME www.example.org."),
        names("txt.a.deep.example. 60 TXT hello world"),
        names("*.wild.example. 60 A 192.0.2.99\n*.wild.example. 60 TXT star"),
        names("known.wild.example. 60 TXT exact"),
        names("below.ent.wild.example. 60 TXT below"),
        names("*.alias.example. 60 CNAME web.example."),
        names(
            "sub.example. 600 NS ns.sub.example.\nsub.example. 600 NS ns.other.test.",
            additional: "ns.sub.example. 600 A 192.0.2.53"),
        names("ns.sub.example. 600 A 192.0.2.53"),
        names("into-sub.example. 60 CNAME host.sub.example."),
        names("old.example. 600 DNAME wild.example.\nold.example. 600 A 192.0.2.7"),
        names("a.hidden.old.example. 60 A 192.0.2.66"),
        names("cut.old.example. 60 NS ns.other.test."),
        names("into-old.example. 60 CNAME a.old.example."),
        names("away.example. 600 DNAME example.org."),
        names("turn.example. 600 DNAME x.turn.example."),
        names("far.example. 600 DNAME \(longLabel).\(longLabel).\(longLabel).example."),
    ]

    static let longLabel = String(repeating: "l", count: 63)

    /// One owner's records; those of other owners are not looked at.
    static func names(_ lines: String, additional: String = "") -> OwnerRecords {
        let sets = PlainText.sets(lines)
        return OwnerRecords(owner: sets[0].owner, sets: sets, additional: PlainText.sets(additional))
    }

    /// For tests that do not write.
    static let shared = table()

    static func table(_ policy: AnswerPolicy = AnswerPolicy()) -> AnswerTable {
        let table = AnswerTable(zones: [registry, file], policy: policy)
        for records in registryRecords + fileRecords { table.publish(records) }
        return table
    }
}

/// Both ways to answer one query over UDP.
struct BothPaths: ~Copyable {
    let table: AnswerTable
    private var full: AnswerReader
    private var fast: FastAnswer
    private let stride = 8192
    var source = IPAddress.v4(0xc000_0201)
    var time = Moment(seconds: 1_800_000_000, milliseconds: 5000)
    /// Whether the fast path took the last query.
    private(set) var lastWasPlain = false

    init(_ table: AnswerTable) {
        self.table = table
        full = AnswerReader(table, seed: 0)
        fast = FastAnswer(reader: AnswerReader(table, seed: 0), capacity: 64)
    }

    /// The replies of the full path and of a batch of one, each with the same random numbers to come.
    mutating func replies(to query: [UInt8], seed: UInt64 = 1) -> (full: [UInt8]?, fast: [UInt8]?, wasPlain: Bool) {
        full.random = RandomSource(seed: seed)
        let fullReply = full.look { [source, time] reader in
            FullAnswer.outcome(of: query, Arrival(over: .udp, from: source, at: time), &reader).ownReply
        }
        fast.seed(seed)
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: stride, alignment: 64)
        defer { unsafe buffer.deallocate() }
        // What an earlier datagram left behind must not matter.
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: seed), count: stride)
        unsafe UnsafeMutableRawBufferPointer(start: buffer, count: stride).copyBytes(from: query)
        var length = UInt32(query.count)
        var source = cdatagram_source(source)
        unsafe fast.answer(buffer, stride: stride, lengths: &length, sources: &source, count: 1, at: time)
        let fastReply = unsafe Array(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
        lastWasPlain = fast.wasPlain(0)
        return (fullReply, length == 0 ? nil : fastReply, lastWasPlain)
    }
}

extension cdatagram_source {
    init(_ address: IPAddress) {
        self =
            switch address {
            case .v4(let number): cdatagram_source(high: 0, low: UInt64(number), is_v4: 1)
            case .v6(let high, let low): cdatagram_source(high: high, low: low, is_v4: 0)
            }
    }
}
