import DNS
import Registry
import Testing

@testable import DNSServer

@Suite struct `The time that an answer may be remembered` {
    private static let times = TimesToLive(
        services: ["db": 10, "db*": 66, "d*": 42, "*": 5, "Web-1": 7], node: 30, negative: 20)

    @Test(arguments: [("db", 10), ("DB", 10), ("db1", 66), ("dc", 42), ("api", 5), ("web-1", 7), ("web", 5)])
    func `of a service is its own, else that of the longest prefix`(service: String, seconds: UInt32) throws {
        #expect(try Self.times.seconds(for: ServiceName(service)) == seconds)
    }

    @Test func `is one second where nothing is said`() throws {
        let times = TimesToLive(services: ["db*": 9])
        #expect(try times.seconds(for: ServiceName("web")) == 1)
        #expect(times.node == 1 && times.negative == 1)
    }

    @Test func `is in every answer`() async throws {
        let catalog = try [
            Example.node(), Example.instance("db", tags: ["a", "b"], port: 1),
            Example.instance("web", address: "10.0.0.11"),
        ]
        try await RunningServer.with(catalog, timesToLive: Self.times) { running in
            let srv = try await running.dig("db.service.consul", "SRV")
            #expect(srv.answer == ["db.service.consul. 10 IN SRV 1 1 1 server01.node.dc1.consul."])
            #expect(srv.additional == ["server01.node.dc1.consul. 30 IN A 10.0.0.1"])
            for (name, type, start) in [
                ("a.db.service.consul", "A", "10 IN A"), ("b.a.db.service.consul", "A", "10 IN A"),
                ("_db._tcp.consul", "PTR", "10 IN PTR"), ("db._db._tcp.consul", "TXT", "10 IN TXT"),
                ("web.service.consul", "A", "5 IN A"), ("server01.node.consul", "A", "30 IN A"),
                ("0a00000b.addr.consul", "A", "30 IN A"), ("1.0.0.10.in-addr.arpa", "PTR", "30 IN PTR"),
                ("ns.consul", "A", "30 IN A"), ("consul", "NS", "30 IN NS"), ("consul", "SOA", "20 IN SOA"),
            ] {
                let answer = try await running.dig(name, type).answer
                #expect(answer.first?.hasPrefix("\(name). \(start) ") == true, "\(answer)")
            }
            let missing = try await running.dig("nothing.consul", "A")
            #expect(missing.authority.first?.hasPrefix("consul. 20 IN SOA ") == true)
            #expect(missing.authority.first?.hasSuffix(" 20") == true)
        }
    }
}
