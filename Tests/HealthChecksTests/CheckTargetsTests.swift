import DNS
import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Where checks may connect to` {
    private func permissions(_ networks: String...) throws -> CheckPermissions {
        CheckPermissions(targets: try networks.map { try #require(IPPrefix($0)) })
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("10.255.0.1", true), ("11.0.0.1", false), ("::ffff:10.0.0.1", true), ("fd00::1", true),
        ("fe80::1", false), ("127.0.0.1", false),
    ]) func `is what the networks say, mapped addresses as what they are`(_ address: String, _ isLet: Bool) throws {
        let permissions = try permissions("10.0.0.0/8", "fd00::/8")
        #expect(permissions.lets(connectTo: try #require(IPAddress(address))) == isLet)
        #expect(CheckPermissions().lets(connectTo: try #require(IPAddress(address))))
    }

    @Test func `holds for names too, and for every kind`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK", body: "secret"))
        let port = try await server.start()
        let localhost = try Address("localhost")
        let probes: [CheckDefinition.Probe] = [
            .http(.init(url: "http://localhost:\(port)/")), .tcp(host: localhost, port: UInt16(port)),
            .udp(host: localhost, port: UInt16(port)), .grpc(.init(host: localhost, port: UInt16(port))),
            .http(.init(url: "http://127.0.0.1:\(port)/")),
        ]
        try await withChecker(permissions("10.0.0.0/8")) { checks in
            for probe in probes {
                try await checks.register(probe: probe)
                try await checks.wait(until: "it has run") { try !checks.output.isEmpty }
                #expect(try checks.status == .critical)
                let output = try checks.output
                #expect(output.hasSuffix("check-targets leaves it out"), "\(output)")
            }
            #expect(server.requests.isEmpty)
        }
        try await withChecker(permissions("127.0.0.0/8", "::1")) { checks in
            for probe in [probes[0], probes[1], probes[4]] {
                try await checks.register(probe: probe)
                try await checks.wait(for: .passing)
            }
            #expect(server.requests.contains { $0.lowercased().contains("\r\nhost: localhost:\(port)\r\n") })
        }
        try await server.stop()
    }
}
