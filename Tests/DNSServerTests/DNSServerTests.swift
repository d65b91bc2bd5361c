import DNS
import Foundation
import Logging
import Registry
import Testing

@testable import DNSServer

@Suite struct `A DNS server` {
    private static func server(
        listen: [IPAddress] = [.v4(0x7f00_0001)], port: UInt16 = 0, domain: String = "consul"
    ) throws -> DNSServer {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try DNSServer(
            configuration: DNSServer.Configuration(
                listen: listen, port: port, agent: Example.agent(domain: domain)),
            registry: Registry(journal: MemoryJournal(), logger: logger), logger: logger)
    }

    @Test func `says which port another server holds`() throws {
        let first = try Self.server()
        let error = try #require(throws: DNSServerError.self) { try Self.server(port: first.port) }
        #expect(error.description.contains("127.0.0.1 port \(first.port)"))
        #expect(error.description.contains("another DNS server or some other process"))
        withExtendedLifetime(first) {}
    }

    @Test func `says when another program has the port for UDP alone`() throws {
        let other = try UDPSocket.bind(address: .v4(0x7f00_0001), port: 0, reusePort: true)
        let error = try #require(throws: DNSServerError.self) { try Self.server(port: other.port) }
        #expect(error.description.contains("over UDP"))
        withExtendedLifetime(other) {}
    }

    @Test func `takes no port that a client could be given, and that dig would share with it and ask itself`() throws {
        let range = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let bounds = range.split(whereSeparator: \.isWhitespace).compactMap { UInt16($0) }
        let servers = try (0..<8).map { _ in try Self.server() }
        #expect(bounds.count == 2 && servers.allSatisfy { !(bounds[0]...bounds[1]).contains($0.port) })
    }

    @Test func `gives its port back when it goes`() async throws {
        var server: DNSServer? = try Self.server()
        let port = try #require(server).port
        server = nil
        // NIO closes a socket on its own thread.
        let deadline = ContinuousClock.now + .seconds(20)
        while server == nil, ContinuousClock.now < deadline {
            server = try? Self.server(port: port)
            await Task.yield()
        }
        #expect(server?.port == port)
    }

    @Test func `needs an address of this machine`() throws {
        let error = try #require(throws: DNSServerError.self) { try Self.server(listen: [.v4(0xc000_0201)]) }
        #expect(error.description.contains("this machine has no such address"))
        #expect(throws: DNSServerError.noAddress) { try Self.server(listen: []) }
    }

    @Test func `needs a domain with room for names`() throws {
        let label = String(repeating: "d", count: 63)
        let error = try #require(throws: DNSServerError.self) {
            try Self.server(domain: "\(label).\(label).\(label)")
        }
        #expect(error.description.contains("use a domain of at most 122 octets"))
    }
}
