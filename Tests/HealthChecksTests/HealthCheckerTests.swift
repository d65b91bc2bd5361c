import DNS
import Logging
import Registry
import TestSupport
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Checks of this node` {
    @Test func `an HTTP check follows what its server answers`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK", body: "fine"))
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(port)/health")))
            try await checks.wait(for: .passing)
            #expect(try checks.output == "HTTP GET http://127.0.0.1:\(port)/health: 200 OK Output: fine")

            server.answer = CheckedServer.response("429 Too Many Requests")
            try await checks.wait(for: .warning)
            server.answer = CheckedServer.response("500 Internal Server Error")
            try await checks.wait(for: .critical)
            server.answer = CheckedServer.response("204 No Content")
            try await checks.wait(for: .passing)
            try await server.stop()
            try await checks.wait(for: .critical)
            #expect(try checks.output.hasSuffix(": connection refused"))
        }
    }

    @Test func `an HTTP check asks what it is told to ask`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK"))
        let port = try await server.start()
        try await withChecker { checks in
            let probe = CheckDefinition.HTTPProbe(
                url: "http://127.0.0.1:\(port)/a?b", method: "POST",
                headers: ["X-A": ["1", "2"], "Host": ["web.example"]],
                body: "hello")
            try await checks.register(probe: .http(probe))
            try await checks.wait(for: .passing)
            let request = try #require(server.requests.first).lowercased()
            #expect(request.hasPrefix("post /a?b http/1.1\r\n"))
            for line in [
                "host: web.example", "x-a: 1", "x-a: 2", "user-agent: berth health check", "connection: close",
            ] {
                #expect(request.contains("\r\n\(line)\r\n"), "\(request)")
            }
            #expect(request.matches(of: /\r\nhost:/).count == 1)
        }
        try await server.stop()
    }

    @Test func `an HTTPS check trusts no certificate that nobody vouches for, unless it is told to skip that`()
        async throws
    {
        let server = CheckedServer(
            answer: CheckedServer.response("200 OK", body: "fine"), tls: try SelfSigned.context())
        let port = try await server.start()
        let (url, host) = ("https://127.0.0.1:\(port)/", "\r\nhost: 127.0.0.1:\(port)\r\n")
        try await withChecker { checks in
            try await checks.register(probe: .http(.init(url: url)), status: .passing)
            try await checks.wait(for: .critical)
            #expect(
                try checks.output
                    == "HTTP GET \(url): the server's certificate is not trusted; tls_skip_verify takes any")
            #expect(server.requests.isEmpty)

            try await checks.register(probe: .http(.init(url: url, skipsTLSVerification: true)))
            try await checks.wait(for: .passing)
            #expect(try checks.output == "HTTP GET \(url): 200 OK Output: fine")

            // The same server, under the name that its certificate would be for.
            let named = CheckDefinition.HTTPProbe(url: url, skipsTLSVerification: true, tlsServerName: "web.example")
            try await checks.register(probe: .http(named), status: .passing)
            let asked = server.requests.count
            try await checks.wait(until: "it is asked again") { server.requests.count > asked + 1 }
            #expect(try checks.status == .passing)
            #expect(server.requests.allSatisfy { $0.lowercased().contains(host) })
        }
        try await server.stop()
    }

    @Test func `an HTTPS check of a server without TLS is critical`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK"))
        let url = "https://127.0.0.1:\(try await server.start())/"
        try await withChecker { checks in
            try await checks.register(
                probe: .http(.init(url: url, skipsTLSVerification: true)), status: .passing, timeout: .seconds(1))
            try await checks.wait(for: .critical)
            #expect(try checks.output.hasPrefix("HTTP GET \(url): no "))
        }
        try await server.stop()
    }

    @Test func `a redirect is not followed`() async throws {
        let secret = CheckedServer(answer: CheckedServer.response("200 OK", body: "secret"))
        let target = try await secret.start()
        let server = CheckedServer(
            answer: CheckedServer.response("302 Found", headers: "Location: http://127.0.0.1:\(target)/\r\n"))
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(port)/")), status: .passing)
            try await checks.wait(for: .critical)
            #expect(try checks.output.contains("302 Found"))
            #expect(secret.requests.isEmpty)
        }
        try await server.stop()
        try await secret.stop()
    }

    @Test(arguments: [
        // What comes is enough, and nobody waits for the rest.
        ("HTTP/1.1 200 OK\r\n\r\nuntil the end", HealthStatus.passing, "200 OK Output: until the end"),
        ("HTTP/1.0 204 No Content\r\n\r\n", .passing, "204 No Content Output: "),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", .warning,
            "429 Too Many Requests Output: "
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", .critical,
            "the server closed the connection before its answer was whole"
        ),
        ("SSH-2.0-OpenSSH\r\n", .critical, "this is not HTTP: invalid constant string"),
        ("HTTP/1.1 200 OK\r\nA", .critical, "the server closed the connection before its answer was whole"),
    ]) func `every way to answer is judged`(_ answer: String, _ status: HealthStatus, _ output: String) async throws {
        let server = CheckedServer(answer: answer)
        let probe = CheckDefinition.HTTPProbe(url: "http://127.0.0.1:\(try await server.start())/")
        let verdict = await probe.run(timeout: .seconds(20))
        #expect(verdict == Verdict(status: status, output: "HTTP GET \(probe.url): \(output)"))
        try await server.stop()
    }

    @Test func `a body is read no further than it is kept`() async throws {
        let server = CheckedServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + String(repeating: "x", count: 5000))
        let probe = CheckDefinition.HTTPProbe(url: "http://127.0.0.1:\(try await server.start())/")
        let verdict = await probe.run(timeout: .seconds(20))
        #expect(verdict.status == .passing && verdict.output.utf8.count == 4096)
        try await server.stop()
    }

    @Test func `a server that says nothing is critical after the timeout`() async throws {
        let server = CheckedServer(answer: "")
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(
                probe: .http(.init(url: "http://127.0.0.1:\(port)/")), status: .passing, timeout: .milliseconds(100))
            try await checks.wait(for: .critical)
            #expect(try checks.output.contains("no answer within 0.1 seconds"))
        }
        try await server.stop()
    }

    @Test func `a body that never ends is critical after the timeout`() async throws {
        let server = CheckedServer(answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(
                probe: .http(.init(url: "http://127.0.0.1:\(port)/")), status: .passing, timeout: .milliseconds(100))
            try await checks.wait(for: .critical)
        }
        try await server.stop()
    }

    @Test func `a TCP check follows its listener`() async throws {
        let server = CheckedServer(answer: "")
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(probe: .tcp(host: Address(.v4(0x7f00_0001)), port: UInt16(port)))
            try await checks.wait(for: .passing)
            #expect(try checks.output == "TCP connect 127.0.0.1:\(port): Success")
            try await server.stop()
            try await checks.wait(for: .critical)
            #expect(try checks.output.hasSuffix(": connection refused"))
            try await server.start(port: port)
            try await checks.wait(for: .passing)
        }
        try await server.stop()
    }

    @Test func `a name that does not resolve is critical`() async throws {
        try await withChecker { checks in
            try await checks.register(
                probe: .tcp(host: try Address("nothing.invalid"), port: 1), status: .passing)
            try await checks.wait(for: .critical)
            #expect(try checks.output.hasPrefix("TCP connect nothing.invalid:1: "))
        }
    }

    @Test func `a changed definition takes the place of the old one`() async throws {
        let first = CheckedServer(answer: CheckedServer.response("200 OK"))
        let second = CheckedServer(answer: CheckedServer.response("200 OK"))
        let ports = try await (first.start(), second.start())
        try await withChecker { checks in
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(ports.0)/")))
            try await checks.wait(for: .passing)
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(ports.1)/")))
            try await checks.wait(until: "the second server is asked twice") { second.requests.count >= 2 }
            let asked = first.requests.count
            try await checks.wait(until: "the second server is asked on") { second.requests.count >= 4 }
            #expect(first.requests.count <= asked + 1)
        }
        try await first.stop()
        try await second.stop()
    }

    @Test func `a removed check is not run any more`() async throws {
        let removed = CheckedServer(answer: CheckedServer.response("200 OK"))
        let kept = CheckedServer(answer: CheckedServer.response("200 OK"))
        let ports = try await (removed.start(), kept.start())
        try await withChecker { checks in
            try await checks.register("gone", probe: .http(.init(url: "http://127.0.0.1:\(ports.0)/")))
            try await checks.register("kept", probe: .http(.init(url: "http://127.0.0.1:\(ports.1)/")))
            try await checks.wait(until: "it runs") { !removed.requests.isEmpty }
            try await checks.registry.submit([.removeInstance(InstanceKey(node: checks.node, id: "gone"))])
            let asked = removed.requests.count
            let later = kept.requests.count + 4
            try await checks.wait(until: "the other goes on") { kept.requests.count >= later }
            #expect(removed.requests.count <= asked + 1)
        }
        try await removed.stop()
        try await kept.stop()
    }

    @Test func `a check removed and registered again is reported again`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK"))
        let port = try await server.start()
        try await withChecker { checks in
            let probe = CheckDefinition.Probe.http(.init(url: "http://127.0.0.1:\(port)/"))
            try await checks.register(probe: probe)
            try await checks.wait(for: .passing)
            try await checks.registry.submit([.removeInstance(InstanceKey(node: checks.node, id: "web"))])
            try await checks.register(probe: probe)
            try await checks.wait(for: .passing)
        }
        try await server.stop()
    }

    @Test func `an unchanged verdict writes nothing`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK", body: "1"))
        let port = try await server.start()
        try await withChecker { checks in
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(port)/")))
            try await checks.wait(for: .passing)
            let index = checks.registry.snapshot.index
            server.answer = CheckedServer.response("200 OK", body: "2")
            let later = server.requests.count + 3
            try await checks.wait(until: "it ran on") { server.requests.count >= later }
            #expect(checks.registry.snapshot.index == index)
        }
        try await server.stop()
    }

    @Test func `checks of other nodes and checks without a definition are left alone`() async throws {
        let server = CheckedServer(answer: CheckedServer.response("200 OK"))
        let port = try await server.start()
        try await withChecker { checks in
            let other = try NodeName("other")
            try await checks.registry.submit([.putNode(Node(name: other, id: "", address: Address(.v4(1))))])
            let probe = CheckDefinition.Probe.http(.init(url: "http://127.0.0.1:\(port)/other"))
            try await checks.register("foreign", probe: probe, node: other)
            try await checks.register("told", probe: nil)
            try await checks.register(probe: .http(.init(url: "http://127.0.0.1:\(port)/own")))
            try await checks.wait(until: "its own runs") { server.requests.count >= 3 }
            #expect(server.requests.allSatisfy { $0.hasPrefix("GET /own ") })
        }
        try await server.stop()
    }
}
