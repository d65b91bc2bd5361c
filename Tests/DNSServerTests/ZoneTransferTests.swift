import DNS
import Foundation
import Logging
import Registry
import Subprocess
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `A zone transfer` {
    static let secret = Array("12345678901234567890123456789012".utf8)
    private static let signature = "hmac-sha256:secondary:\(Data(secret).base64EncodedString())"

    private static func key() throws -> TSIGKey {
        TSIGKey(name: try DomainName(text: "secondary"), algorithm: .sha256, secret: secret)
    }

    static func toLoopback(key: String? = nil) throws -> Secondaries {
        let loopback = try #require(IPPrefix("127.0.0.0/8"))
        return Secondaries(
            allowed: [TransferRule(addresses: loopback, key: try key.map { try DomainName(text: $0) })],
            keys: [try Self.key()])
    }

    private static func catalog() throws -> [CatalogChange] {
        try [
            Example.node(), Example.node("n2", "2001:db8::2"), Example.instance("web", "w1", tags: ["v1", "a.b"]),
            Example.instance("web", "w2", address: "10.0.0.9", port: 81),
            Example.instance("out", address: "far.example.net"), Example.instance("down", health: [.critical]),
        ]
    }

    @Test func `gives a secondary all that it cannot compute itself`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            let records = try await Transfer(of: "consul", "AXFR", at: running.port).records
            let serial = running.registry.snapshot.index + 1
            let soa = "consul. 1 IN SOA ns.consul. hostmaster.consul. \(serial) 3600 600 86400 1"
            #expect(records.first == soa)
            #expect(records.last == soa)
            let expected = """
                consul. 1 IN NS server01.node.dc1.consul.
                ns.consul. 1 IN A 10.0.0.1
                _empty.service.consul. 1 IN TXT ""
                _empty.node.consul. 1 IN TXT ""
                service.dc1.consul. 1 IN DNAME service.consul.
                addr.consul. 1 IN DNAME addr.dc1.consul.
                server01.node.consul. 1 IN A 10.0.0.1
                server01.node.dc1.consul. 1 IN A 10.0.0.1
                n2.node.consul. 1 IN AAAA 2001:db8::2
                n2.node.dc1.consul. 1 IN AAAA 2001:db8::2
                0a000009.addr.dc1.consul. 1 IN A 10.0.0.9
                web.service.consul. 1 IN SRV 1 1 80 server01.node.dc1.consul.
                web.service.consul. 1 IN SRV 1 1 81 0a000009.addr.dc1.consul.
                web.service.consul. 1 IN A 10.0.0.1
                web.service.consul. 1 IN A 10.0.0.9
                _web._tcp.service.consul. 1 IN CNAME web.service.consul.
                v1.web.service.consul. 1 IN SRV 1 1 80 server01.node.dc1.consul.
                v1.web.service.consul. 1 IN A 10.0.0.1
                _web._v1.service.consul. 1 IN CNAME v1.web.service.consul.
                a.b.web.service.consul. 1 IN SRV 1 1 80 server01.node.dc1.consul.
                a.b.web.service.consul. 1 IN A 10.0.0.1
                out.service.consul. 1 IN SRV 1 1 80 far.example.net.
                _out._tcp.service.consul. 1 IN CNAME out.service.consul.
                """
            // SRV and an alias at one name are no valid zone.
            #expect(!records.contains { $0.hasPrefix("out.service.consul. 1 IN CNAME") })
            for line in expected.split(separator: "\n") { #expect(records.contains(String(line)), "\(line)") }
            #expect(Set(records).count == records.count - 1, "only the SOA is there twice")
        }
    }

    @Test func `is refused to everybody else`() async throws {
        let elsewhere = try #require(IPPrefix("192.0.2.0/24"))
        for secondaries in [Secondaries(), Secondaries(allowed: [TransferRule(addresses: elsewhere)])] {
            try await RunningServer.with(Self.catalog(), secondaries: secondaries) { running in
                for type in ["AXFR", "IXFR=1"] {
                    let transfer = try await Transfer(of: "consul", type, at: running.port)
                    #expect(transfer.records == [])
                    #expect(transfer.text.contains("Transfer failed"))
                }
            }
        }
    }

    @Test(arguments: ["web.service.consul", "elsewhere.example", "."])
    func `is of whole zones alone`(name: String) async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            let records = try await Transfer(of: name, "AXFR", at: running.port).records
            #expect(records == [])
        }
    }

    @Test func `of a zone file has all records, those below delegations too`() async throws {
        let zone = """
            $TTL 300
            @ SOA ns hostmaster 7 3600 600 86400 60
            @ NS ns
            ns A 192.0.2.1
            lab NS ns.lab
            ns.lab A 192.0.2.2
            hidden.lab TXT "glue's neighbour"
            *.w MX 10 Mail
            """
        try await RunningServer.with(zones: ["berth.example.zone": zone], secondaries: Self.toLoopback()) { running in
            let records = try await Transfer(of: "berth.example", "AXFR", at: running.port).records
            #expect(records.count == 8)
            #expect(records.contains("hidden.lab.berth.example. 300 IN TXT \"glue's neighbour\""))
            #expect(records.contains("*.w.berth.example. 300 IN MX 10 Mail.berth.example."))
        }
    }

    @Test func `keeps the spelling of names whatever the request's`() async throws {
        try await RunningServer.with(
            [Example.node("Server02")], zones: ["Berth.Example.zone": "@ SOA ns h 1 2 3 4 5\nWWW A 192.0.2.1\n"],
            secondaries: Self.toLoopback()
        ) { running in
            let records = try await Transfer(of: "bErTh.eXaMpLe", "AXFR", at: running.port).records
            #expect(records.contains("WWW.Berth.Example. 3600 IN A 192.0.2.1"))
        }
    }

    /// More than sockets hold for a client that does not read.
    private static let bigZone =
        "@ SOA ns h 1 2 3 4 5\n"
        + (1...1500).map { number in
            let text = "\"\(String(repeating: "x", count: 250))\" "
            return "t\(number) TXT \(String(repeating: text, count: 32))\n"
        }.joined()

    /// A client that has begun to take the big zone, and reads no further.
    private static func slowClient(_ running: RunningServer) async throws -> TCPClient {
        let slow = try await TCPClient(port: running.port)
        try await slow.send(messages: [try Queries.query("big.example", .axfr)])
        #expect(try await slow.receive() != nil)
        return slow
    }

    @Test func `of many messages is whole, and others are answered meanwhile`() async throws {
        let count = 3000
        let changes =
            try [Example.node()] + (1...count).map { try Example.instance("s\($0)", port: UInt16($0 & 0x7fff)) }
        try await RunningServer.with(
            changes, zones: ["big.example.zone": Self.bigZone], secondaries: Self.toLoopback()
        ) { running in
            // The slow one, and the other, do not hold up whoever asks for less.
            let slow = try await Self.slowClient(running)
            async let transfer = Transfer(of: "consul", "AXFR", at: running.port)
            let quick = try await TCPClient(port: running.port)
            for _ in 1...100 {
                try await quick.send(messages: [try Queries.query("s77.service.consul", .srv)])
                #expect(try await quick.receive() != nil)
            }
            let services = try await transfer.records.filter { $0.contains(" IN SRV ") }
            #expect(services.count == count)
            #expect(Set(services).count == count)
            try await slow.close()
        }
    }

    @Test func `waits for queries before it and is followed by those behind it`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            let client = try await TCPClient(port: running.port)
            try await client.send(messages: [
                try Queries.query("web.service.consul", .a, id: 1), try Queries.query("consul", .axfr, id: 2),
                try Queries.query("web.service.consul", .a, id: 3),
            ])
            try await client.finish()
            for id in [1, 2, 3] as [UInt16] { #expect(try await client.receive().map(Queries.id) == id) }
            #expect(try await client.isClosedByServer())
        }
    }

    @Test func `is for one address whichever family's socket it comes to`() async throws {
        let listen = [IPAddress.v6(high: 0, low: 0)]
        try await RunningServer.with(Self.catalog(), listen: listen, secondaries: Self.toLoopback()) { running in
            let records = try await Transfer(of: "consul", "AXFR", at: running.port).records
            #expect(records.count > 10)
        }
    }

    @Test func `has to wait where others take all places`() async throws {
        var secondaries = try Self.toLoopback(key: "secondary")
        secondaries.allowed += try Self.toLoopback().allowed
        secondaries.transfersAtOnce = 1
        let zones = ["big.example.zone": Self.bigZone]
        try await RunningServer.with(Self.catalog(), zones: zones, secondaries: secondaries) { running in
            let slow = try await Self.slowClient(running)
            for signature in [[], ["-y", Self.signature]] {
                let refused = try await Transfer.dig(
                    ["@127.0.0.1", "-p", "\(running.port)", "consul", "AXFR"] + signature)
                #expect(refused.contains("Transfer failed"), "\(refused)")
                #expect(!refused.contains(" SOA "))
            }
            try await slow.close()
            try await withDeadline { try await Transfer(of: "consul", "AXFR", at: running.port).records.count > 10 }
        }
    }

    @Test func `is cut off when its client stops reading`() async throws {
        let limits = TCPLimits(idleTimeout: .milliseconds(500))
        var secondaries = try Self.toLoopback()
        secondaries.transfersAtOnce = 1
        try await RunningServer.with(
            Self.catalog(), zones: ["big.example.zone": Self.bigZone], tcp: limits, secondaries: secondaries
        ) { running in
            let slow = try await Self.slowClient(running)
            try await withDeadline { try await Transfer(of: "consul", "AXFR", at: running.port).records.count > 10 }
            var isWhole = true
            for _ in 1...1500 where isWhole { isWhole = try await slow.receive() != nil }
            #expect(!isWhole)
        }
    }

    @Test func `that is refused is logged once, with the reason`() async throws {
        let log = LogRecorder()
        @Sendable func warnings() -> [String?] {
            log.records.filter { $0.level == .warning && $0.message == "zone transfer refused" }
                .map { $0.metadata["reason"] }
        }
        try await RunningServer.with(
            Self.catalog(), listen: [.v4(0)], secondaries: Self.toLoopback(key: "secondary"), logger: log.logger
        ) { running in
            for _ in 1...3 { _ = try await Transfer(of: "consul", "AXFR", at: running.port) }
            #expect(warnings() == [TransferRefusals.Reason.key.rawValue])
            let wrong = Self.signature.replacing("secondary", with: "other")
            for _ in 1...3 { _ = try await Transfer(of: "consul", "AXFR", "-y", wrong, at: running.port) }
            #expect(warnings().last == TransferRefusals.Reason.signature.rawValue)
            _ = try await Transfer(of: "nowhere.example", "AXFR", "-y", Self.signature, at: running.port)
            #expect(warnings().last == TransferRefusals.Reason.zone.rawValue)
            #expect(warnings().count == 3)
        }
        #expect(
            !log.records.contains { record in
                record.metadata.values.contains { $0.contains(String(decoding: Self.secret, as: UTF8.self)) }
            })
    }

    @Test func `is in messages that fit, none without a record`() async throws {
        let changes = try [Example.node()] + (1...2000).map { try Example.instance("s\($0)") }
        try await RunningServer.with(changes, secondaries: Self.toLoopback()) { running in
            let client = try await TCPClient(port: running.port)
            try await client.send(messages: [try Queries.query("consul", .axfr, id: 77)])
            var (messages, authorities) = (0, 0)
            while authorities < 2, let message = try await client.receive() {
                messages += 1
                #expect(Queries.id(message) == 77)
                let text = try LdnsMessage(message)
                #expect(!text.answer.isEmpty)
                authorities += text.answer.count { $0.contains("\tSOA\t") }
            }
            #expect(messages > 5)
        }
    }

    // MARK: - Changes

    @Test func `of changes has what went and what came since the serial`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            let before = running.registry.snapshot.index + 1
            try await running.registry.submit([Example.instance("new", address: "10.0.0.7")])
            let middle = running.registry.snapshot.index + 1
            try await running.registry.submit([.removeInstance(InstanceKey(node: NodeName("server01"), id: "new"))])
            let after = running.registry.snapshot.index + 1
            let records = try await Transfer(of: "consul", "IXFR=\(before)", at: running.port).records
            func soa(_ serial: UInt64) -> String {
                "consul. 1 IN SOA ns.consul. hostmaster.consul. \(serial) 3600 600 86400 1"
            }
            let new = [
                "0a000007.addr.dc1.consul. 1 IN A 10.0.0.7", "_new._tcp.consul. 1 IN CNAME new.service.consul.",
                "_new._tcp.service.consul. 1 IN CNAME new.service.consul.",
                "new.service.consul. 1 IN A 10.0.0.7",
                "new.service.consul. 1 IN SRV 1 1 80 0a000007.addr.dc1.consul.",
            ]
            let parts = records.split(whereSeparator: { $0.contains(" SOA ") }).map { $0.sorted() }
            #expect(parts == [new, new])
            #expect(
                records.filter { $0.contains(" SOA ") }
                    == [after, before, middle, middle, after, after].map(soa))
            #expect(try await Transfer(of: "consul", "IXFR=\(after)", at: running.port).records == [soa(after)])
            #expect(try await Transfer(of: "consul", "IXFR=\(after + 5)", at: running.port).records == [soa(after)])
        }
    }

    @Test func `of changes from an unknown serial is the whole zone`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            let whole = try await Transfer(of: "consul", "AXFR", at: running.port).records
            let changes = try await Transfer(of: "consul", "IXFR=4000000000", at: running.port).records
            #expect(changes.sorted() == whole.sorted())
        }
    }

    @Test func `of a zone file's changes follows its serial`() async throws {
        @Sendable func zone(_ serial: Int, _ address: String) -> String {
            "@ SOA ns h \(serial) 2 3 4 5\nwww A \(address)\n"
        }
        try await RunningServer.with(zones: ["a.example.zone": zone(1, "192.0.2.1")], secondaries: Self.toLoopback()) {
            running in
            let file = running.zones.appending(path: "a.example.zone")
            try Data(zone(2, "192.0.2.2").utf8).write(to: file)
            #expect(running.server.reloadZones() == [])
            let records = try await Transfer(of: "a.example", "IXFR=1", at: running.port).records
            #expect(
                records.filter { !$0.contains("SOA") } == [
                    "www.a.example. 3600 IN A 192.0.2.1", "www.a.example. 3600 IN A 192.0.2.2",
                ])
            try FileManager.default.removeItem(at: file)
            #expect(running.server.reloadZones() == [])
            #expect(try await Transfer(of: "a.example", "AXFR", at: running.port).records == [])
        }
    }

    @Test func `over UDP is the serial alone`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            let reply = try await running.dig("consul", "IXFR=1", "+notcp", "+ignore")
            #expect(reply.answer.count == 1)
            #expect(reply.answer.first?.contains(" SOA ") == true)
            #expect(try await running.dig("web.service.consul", "IXFR=1", "+notcp").status == "REFUSED")
        }
    }

    @Test func `of a zone file that changes under its old serial stays as it was, and a warning says so`() async throws
    {
        let log = LogRecorder()
        @Sendable func warnings() -> Int {
            log.records.count { $0.level == .warning && $0.message.contains("its serial has not grown") }
        }
        let (before, after) = ("@ SOA ns h 7 2 3 4 5\nwww A 192.0.2.1\n", "@ SOA ns h 7 2 3 4 5\nwww A 192.0.2.2\n")
        try await RunningServer.with(
            zones: ["a.example.zone": before], secondaries: Self.toLoopback(), logger: log.logger
        ) { running in
            running.server.reloadZones()
            #expect(warnings() == 0)
            try Data(after.utf8).write(to: running.zones.appending(path: "a.example.zone"))
            running.server.reloadZones()
            #expect(warnings() == 1)
            let records = try await Transfer(of: "a.example", "AXFR", at: running.port).records
            #expect(records.contains("www.a.example. 3600 IN A 192.0.2.1"))
        }
    }

    // MARK: - Signatures

    @Test func `that must be signed is given to whoever signs`() async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback(key: "secondary")) { running in
            #expect(try await Transfer(of: "consul", "AXFR", at: running.port).records == [])
            let signed = try await Transfer(of: "consul", "AXFR", "-y", Self.signature, at: running.port)
            #expect(signed.records.count > 10)
            #expect(!signed.text.contains("verify"))
            let wrong = Self.signature.replacing("secondary", with: "other")
            #expect(try await Transfer(of: "consul", "AXFR", "-y", wrong, at: running.port).records == [])
        }
    }

    @Test func `of many messages is signed from the first to the last`() async throws {
        let changes = try [Example.node()] + (1...2000).map { try Example.instance("s\($0)") }
        try await RunningServer.with(changes, secondaries: Self.toLoopback(key: "secondary")) { running in
            let signed = try await Transfer(of: "consul", "AXFR", "-y", Self.signature, at: running.port)
            #expect(signed.records.count > 6000)
            #expect(!signed.text.contains("verify") && !signed.text.contains("failed"))
        }
    }

    @Test(arguments: ["+tcp", "+notcp"])
    func `and any other signed query get signed answers`(transport: String) async throws {
        try await RunningServer.with(Self.catalog(), secondaries: Self.toLoopback()) { running in
            for type in ["SOA", "A", "AAAA", "TYPE65280"] {
                let text = try await Transfer.dig([
                    "@127.0.0.1", "-p", "\(running.port)", "web.service.consul", type, transport, "-y", Self.signature,
                ])
                #expect(text.contains("status: NOERROR"))
                #expect(text.contains("TSIG PSEUDOSECTION") && !text.contains("verify"), "\(text)")
            }
            let unknown = try await Transfer.dig([
                "@127.0.0.1", "-p", "\(running.port)", "consul", "SOA", transport, "-y",
                Self.signature.replacing("secondary", with: "other"),
            ])
            #expect(unknown.contains("NOTAUTH") && unknown.contains("BADKEY"))
            let wrong = try await Transfer.dig([
                "@127.0.0.1", "-p", "\(running.port)", "consul", "SOA", transport, "-y",
                "hmac-sha256:secondary:AAECAwQFBgcICQoLDA0ODw==",
            ])
            #expect(wrong.contains("NOTAUTH") && wrong.contains("BADSIG"))
        }
    }
}

/// What dig shows of a transfer: every record of it, in order, as `owner TTL class type data`.
struct Transfer: Sendable {
    let text: String
    let records: [String]

    init(of zone: String, _ arguments: String..., at port: UInt16) async throws {
        text = try await Self.dig(["@127.0.0.1", "-p", "\(port)", zone] + arguments)
        records = text.split(separator: "\n").filter { !$0.hasPrefix(";") && !$0.contains("\tTSIG\t") }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    static func dig(_ arguments: [String]) async throws -> String {
        try await Subprocess.run(
            .name("dig"), arguments: Arguments(arguments + ["+tries=1", "+timeout=30"]),
            output: .string(limit: 1 << 26), error: .discarded
        ).standardOutput
    }
}
