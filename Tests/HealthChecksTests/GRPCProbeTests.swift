import DNS
import NIOCore
import NIOHPACK
import Registry
import TestSupport
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `gRPC checks` {
    @Test(arguments: [
        ("", HealthStatus.passing, ": success"), ("db", .critical, ": the server's health is NOT_SERVING"),
        ("gone", .critical, ": the server's health is SERVICE_UNKNOWN"),
        ("nobody", .critical, ": the server does not know the service (NOT_FOUND)"),
    ]) func `say what the health service says`(
        _ service: String, _ status: HealthStatus, _ output: String
    )
        async throws
    {
        let server = HealthServer()
        let port = try await server.start()
        let verdict = await probe(port, service).run(timeout: .seconds(5))
        let what = "gRPC check 127.0.0.1:\(port)\(service.isEmpty ? "" : "/\(service)")"
        #expect(verdict == Verdict(status: status, output: what + output))
        #expect(server.requests.map(\.service) == [service])
        let headers = try #require(server.requests.first?.headers)
        for (name, value) in [
            (":method", "POST"), (":path", "/grpc.health.v1.Health/Check"), (":scheme", "http"),
            (":authority", "127.0.0.1:\(port)"), ("content-type", "application/grpc"), ("te", "trailers"),
        ] { #expect(headers.first(name: name) == value) }
        try await server.stop()
    }

    @Test func `go over TLS when they are told to, and trust no certificate that nobody vouches for`() async throws {
        let server = HealthServer(tls: try SelfSigned.context(protocols: ["h2"]))
        let port = try await server.start()
        var probe = probe(port)
        probe.usesTLS = true
        #expect(
            await probe.run(timeout: .seconds(5)).output
                == "gRPC check 127.0.0.1:\(port): the server's certificate is not trusted; tls_skip_verify takes any")
        probe.skipsTLSVerification = true
        #expect(await probe.run(timeout: .seconds(5)).status == .passing)
        probe.tlsServerName = "db.example"
        #expect(await probe.run(timeout: .seconds(5)).status == .passing)
        #expect(server.requests.map { $0.headers.first(name: ":scheme") } == ["https", "https"])
        try await server.stop()
    }

    @Test func `are critical where no gRPC is spoken, or nobody answers`() async throws {
        let web = CheckedServer(answer: CheckedServer.response("400 Bad Request"))
        let webPort = try await web.start()
        #expect(await probe(webPort).run(timeout: .milliseconds(500)).status == .critical)
        try await web.stop()
        #expect(
            await probe(webPort).run(timeout: .seconds(5)).output
                == "gRPC check 127.0.0.1:\(webPort): connection refused")
        let silent = CheckedServer(answer: "")
        let silentPort = try await silent.start()
        #expect(
            await probe(silentPort).run(timeout: .milliseconds(100)).output
                == "gRPC check 127.0.0.1:\(silentPort): no answer within 0.1 seconds")
        try await silent.stop()
    }

    @Test func `run with the others`() async throws {
        let server = HealthServer()
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(probe: .grpc(probe(port)))
            try await checks.wait(for: .passing)
            try await server.stop()
            try await checks.wait(for: .critical)
        }
    }

    private static let replies: [([UInt8], HealthMessage.Status?)] = [
        ([0, 0, 0, 0, 2, 0x08, 1], .serving), ([0, 0, 0, 0, 0], .other("UNKNOWN")),
        ([0, 0, 0, 0, 2, 0x08, 2], .other("NOT_SERVING")), ([0, 0, 0, 0, 3, 0x08, 0x81, 1], .other("129")),
        // Fields of a later version: a number, eight octets, a text, four octets.
        (
            [0, 0, 0, 0, 22, 0x10, 5, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x22, 2, 0x61, 0x62, 0x2d, 0, 0, 0, 0, 0x08, 1],
            .serving
        ),
        ([], nil), ([1, 0, 0, 0, 2, 0x08, 1], nil), ([0, 0, 0, 0, 9, 0x08, 1], nil), ([0, 0, 0, 0, 1, 0x08], nil),
        ([0, 0, 0, 0, 2, 0x0b, 1], nil), ([0, 0, 0, 0, 3, 0x22, 9, 1], nil),
        ([0, 0, 0, 0, 12, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], nil),
    ]

    @Test(arguments: replies) func `read a reply of any version, and nothing else`(
        _ octets: [UInt8], _ status: HealthMessage.Status?
    ) {
        #expect((try? HealthMessage.status(in: ByteBuffer(bytes: octets))) == status)
    }

    private func probe(_ port: Int, _ service: String = "") -> CheckDefinition.GRPCProbe {
        CheckDefinition.GRPCProbe(host: Address(.v4(0x7f00_0001)), port: UInt16(port), service: service)
    }
}
