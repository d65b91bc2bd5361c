import DNS
import Foundation
import Logging
import Testing
import ZoneFiles

@testable import DNSServer

@Suite struct `dig asks for what zone files hold` {
    private static let zone = """
        $ORIGIN berth.example.
        $TTL 300
        @           SOA     ns1 hostmaster 7 3600 600 86400 60
                    NS      ns1
                    MX      10 mail
        ns1         A       192.0.2.1
        mail        AAAA    2001:db8::25
        shop        CNAME   www
        www         A       192.0.2.10
        out         CNAME   www.example.net.
        *.apps      A       192.0.2.80
        x.y.apps    TXT     "here"
        lab         NS      ns.lab
        ns.lab      A       192.0.2.200
        """

    private static func ask(_ arguments: String...) async throws -> DigReply {
        try await RunningServer.with(zones: ["berth.zone": zone]) { running in
            try await DigReply(asking: arguments, address: "127.0.0.1", port: running.port)
        }
    }

    @Test func `MX with the mail server's address`() async throws {
        let reply = try await Self.ask("berth.example", "MX")
        #expect(reply.answer == ["berth.example. 300 IN MX 10 mail.berth.example."])
        #expect(reply.additional == ["mail.berth.example. 300 IN AAAA 2001:db8::25"])
        #expect(reply.flags.contains("aa"))
    }

    @Test func `an alias and what it stands for`() async throws {
        let reply = try await Self.ask("shop.berth.example", "A")
        #expect(
            reply.answer == [
                "shop.berth.example. 300 IN CNAME www.berth.example.", "www.berth.example. 300 IN A 192.0.2.10",
            ])
    }

    @Test func `an alias that leads elsewhere, to be followed by the asker`() async throws {
        let reply = try await Self.ask("out.berth.example", "A")
        #expect(reply.status == "NOERROR")
        #expect(reply.answer == ["out.berth.example. 300 IN CNAME www.example.net."])
    }

    @Test(arguments: ["a.apps", "a.b.apps", "x.apps"])
    func `a name that the wildcard answers for`(name: String) async throws {
        let reply = try await Self.ask("\(name).berth.example", "A")
        #expect(reply.answer == ["\(name).berth.example. 300 IN A 192.0.2.80"])
    }

    @Test func `names that the wildcard does not answer for, as they exist`() async throws {
        let empty = try await Self.ask("y.apps.berth.example", "A")
        #expect(empty.status == "NOERROR")
        #expect(empty.answer == [])
        #expect(empty.authority.first?.contains("SOA") == true)
        #expect(try await Self.ask("z.y.apps.berth.example", "A").status == "NXDOMAIN")
    }

    @Test(arguments: ["lab", "www.lab", "ns.lab"])
    func `names of a delegation, which is referred to with its glue`(name: String) async throws {
        let reply = try await Self.ask("\(name).berth.example", "A")
        #expect(reply.status == "NOERROR")
        #expect(!reply.flags.contains("aa"))
        #expect(reply.answer == [])
        #expect(reply.authority == ["lab.berth.example. 300 IN NS ns.lab.berth.example."])
        #expect(reply.additional == ["ns.lab.berth.example. 300 IN A 192.0.2.200"])
    }

    @Test func `a missing name, to be remembered as long as the zone says`() async throws {
        let reply = try await Self.ask("nothing.berth.example", "A")
        #expect(reply.status == "NXDOMAIN")
        #expect(
            reply.authority == [
                "berth.example. 60 IN SOA ns1.berth.example. hostmaster.berth.example. 7 3600 600 86400 60"
            ])
    }

    @Test func `a zone with an error is left out, the others are served`() async throws {
        let zones = [
            "a.zone": "@ SOA ns h 1 2 3 4 5\nwww A 192.0.2.1\n", "b.zone": "@ SOA ns h 1 2 3 4 5\nwww A 1.2.3\n",
        ]
        try await RunningServer.with(zones: zones) { running in
            let good = try await running.dig("www.a", "A")
            #expect(good.answer.count == 1)
            let bad = try await running.dig("www.b", "A")
            #expect(bad.status == "REFUSED")
            let errors = running.server.reloadZones()
            #expect(errors.map(\.line) == [2])
            #expect(errors.first?.file.hasSuffix("/b.zone") == true)
        }
    }

    @Test func `a reload brings new names and takes away old ones`() async throws {
        let soa = "@ SOA ns h 1 2 3 4 5\n"
        try await RunningServer.with(zones: ["a.zone": soa + "old A 192.0.2.1\n", "gone.zone": soa]) { running in
            #expect(try await running.dig("old.a", "A").answer.count == 1)
            #expect(try await running.dig("gone", "SOA").answer.count == 1)
            try Data((soa + "new A 192.0.2.1\n").utf8).write(to: running.zones.appending(path: "a.zone"))
            try FileManager.default.removeItem(at: running.zones.appending(path: "gone.zone"))
            #expect(running.server.reloadZones() == [])
            #expect(try await running.dig("old.a", "A").status == "NXDOMAIN")
            #expect(try await running.dig("new.a", "A").answer.count == 1)
            #expect(try await running.dig("gone", "SOA").status == "REFUSED")
        }
    }

    @Test func `an SOA at or below the registry's domain is refused, a zone around it is not`() async throws {
        let soa = "@ SOA ns h 1 2 3 4 5\n"
        let zones = [
            "consul.zone": soa, "db.corp.consul": soa + "www A 192.0.2.1\n",
            "Service.Consul.zone": soa + "web A 192.0.2.1\n",
            "root.zone": "$ORIGIN .\n@ SOA ns. h. 1 2 3 4 5\nstray.consul A 192.0.2.1\nwww.example A 192.0.2.1\n",
        ]
        try await RunningServer.with([Example.node(), Example.instance("web")], zones: zones) { running in
            let domain = try DomainName(text: "consul.")
            #expect(
                try running.server.reloadZones().map(\.reason) == [
                    .registryZone(apex: DomainName(text: "service.consul."), domain: domain),
                    .registryZone(apex: domain, domain: domain),
                    .registryZone(apex: DomainName(text: "corp.consul."), domain: domain),
                ])
            #expect(try await running.dig("server01.node.consul", "A").answer.count == 1)
            #expect(try await running.dig("web.service.consul", "A").answer == ["web.service.consul. 1 IN A 10.0.0.1"])
            #expect(try await running.dig("www.corp.consul", "A").status == "NXDOMAIN")
            #expect(try await running.dig("www.example", "A").answer.count == 1)
            #expect(try await running.dig("stray.consul", "A").status == "NXDOMAIN")
        }
    }

    @Test func `a zone whose file has a mistake now stays as it was, which is told`() async throws {
        let soa = "@ SOA ns h 1 2 3 4 5\n"
        let log = LogRecorder()
        try await RunningServer.with(zones: ["a.zone": soa + "www A 192.0.2.1\n"], logger: log.logger) { running in
            let file = running.zones.appending(path: "a.zone")
            try Data((soa + "www A 192.0.2.2\nnew A 192.0.2\n").utf8).write(to: file)
            #expect(running.server.reloadZones().map(\.line) == [3])
            #expect(try await running.dig("www.a", "A").answer == ["www.a. 3600 IN A 192.0.2.1"])
            let told = try #require(log.records.first { $0.level == .error })
            #expect(told.message == "zone file not loaded; the zone loaded before stays")
            #expect(told.metadata["file"] == file.path)
            #expect(told.metadata["line"] == "3")
            #expect(told.metadata["reason"]?.contains("correct the line") == true)

            try Data((soa + "www A 192.0.2.2\n").utf8).write(to: file)
            #expect(running.server.reloadZones() == [])
            #expect(try await running.dig("www.a", "A").answer == ["www.a. 3600 IN A 192.0.2.2"])
        }
    }

    @Test func `the records of the repository's example`() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "zones/example.zone"), encoding: .utf8)
        try await RunningServer.with(zones: ["example.zone": text]) { running in
            #expect(try await running.dig("www.berth.example", "A").answer.count == 2)
            let service = try await running.dig("_http._tcp.berth.example", "SRV")
            #expect(service.answer.count == 2)
            #expect(service.additional.count == 4)
            #expect(try await running.dig("a.b.apps.berth.example", "A").answer.count == 1)
        }
    }
}
