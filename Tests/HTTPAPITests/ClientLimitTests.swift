import NIOCore
import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Limits that the operator sets` {
    private static func limits(_ set: (inout RequestLimits) -> Void) -> RequestLimits {
        var limits = RequestLimits()
        set(&limits)
        return limits
    }

    @Test func `a client's connections beyond its limit are answered 429, and those it has are served`() async throws {
        try await LiveAPI.run(limits: Self.limits { $0.connectionsPerClient = 3 }) { api in
            var held: [LiveAPI.Connection] = []
            for _ in 0..<3 {
                let connection = try await api.connect()
                try await connection.ask("/v1/status/leader")
                try await #expect(connection.answer().status == 200)
                held.append(connection)
            }
            let refused = try await api.send("GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(refused.hasPrefix("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n"), "\(refused)")
            #expect(refused.hasSuffix("raise http-connections-per-client"))
            let body = String(repeating: "x", count: 1 << 20)
            let write = try await api.register(body, headers: "Host: localhost\r\n")
            #expect(write.hasPrefix("HTTP/1.1 429 "), "\(write)")

            for connection in held {
                for _ in 0..<3 { try await connection.ask("/v1/status/leader") }
                for _ in 0..<3 { try await #expect(connection.answer().status == 200) }
            }
            #expect(api.api.clients.total == 3)
            #expect(api.api.clients.refused == 2)
            try await held[0].ask("/v1/agent/metrics?format=prometheus")
            try await #expect(
                held[0].answer().body.contains("\nberth_http_connections_refused_total 2\n"))

            try await held[1].channel?.close()
            try await eventually { api.api.clients.total == 2 }
            try await #expect(api.isServing)
        }
    }

    @Test func `a refused client that says nothing, or goes on, is cut off`() async throws {
        try await LiveAPI.run(limits: Self.limits { $0.connectionsPerClient = 1 }) { api in
            let held = try await api.connect()
            try await held.ask("/v1/status/leader")
            try await #expect(held.answer().status == 200)
            let silent = try await api.connect()
            try await #expect(silent.all().isEmpty)
            let talker = try await api.connect()
            while !talker.isClosed {
                do { try await talker.write(String(repeating: "GET / HTTP/1.1\r\n", count: 1000)) } catch { break }
            }
            #expect(api.api.clients.total == 1)
        }
    }

    @Test func `sizes of bodies, values and URIs are the operator's`() async throws {
        let limits = Self.limits {
            $0.bodySize = 2000
            $0.valueSize = 1000
            $0.uriSize = 500
        }
        try await LiveAPI.run(limits: limits) { api in
            let big = String(repeating: " ", count: 2001)
            let answer = try await api.put("/v1/agent/service/register", big)
            #expect(answer.status == 413)
            #expect(answer.body == "Request body(2001 bytes) too large, max size: 2000 bytes.")
            try await #expect(api.put("/v1/kv/a", String(repeating: "x", count: 1000)).status == 200)
            try await #expect(api.put("/v1/kv/b", String(repeating: "x", count: 1001)).status == 413)
            let path = "/v1/kv/" + String(repeating: "k", count: 493)
            try await #expect(api.get(path).status == 404)
            let long = try await api.get("\(path)k")
            #expect(long.status == 414)
            #expect(long.body == "the URI has 501 octets; at most 500 are read")
            #expect(api.registry.snapshot.keys.count == 1)
        }
    }

    @Test func `the size of headers is the operator's, and of one of them a quarter`() async throws {
        let request = "GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        try await LiveAPI.run(limits: Self.limits { $0.headerSize = 8192 }) { api in
            let small = try await api.send("\(request)X: \(String(repeating: "x", count: 1900))\r\n\r\n")
            #expect(small.hasPrefix("HTTP/1.1 200 "), "\(small)")
            let large = try await api.send("\(request)X: \(String(repeating: "x", count: 2100))\r\n\r\n")
            expect431(large)
            let many = (0..<5).map { "X-\($0): \(String(repeating: "x", count: 1900))\r\n" }.joined()
            expect431(try await api.send("\(request)\(many)\r\n"))
        }
    }

    private func expect431(_ answer: String) {
        #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
        #expect(answer.lowercased().contains("\r\ncontent-type: text/plain; charset=utf-8\r\n"), "\(answer)")
        #expect(
            answer.hasSuffix("\r\n\r\nthe URI, a header, or all headers together are too long; see docs/http.md"),
            "\(answer)")
    }

    @Test func `what is no request is told so`() async throws {
        try await LiveAPI.run { api in
            let answer = try await api.send("nonsense\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(answer.hasSuffix("\r\n\r\nthis is not an HTTP request"), "\(answer)")
        }
    }

    @Test(arguments: [
        ("64 deep", String(repeating: "[", count: 65) + String(repeating: "]", count: 65)),
        ("more than 64 characters", "{\"Port\": \(String(repeating: "1", count: 65))}"),
    ]) func `what JSON may cost is bounded`(_ reason: String, _ body: String) async throws {
        try await LiveAPI.run { api in
            let answer = try await api.put("/v1/agent/service/register", body)
            #expect(answer.status == 400)
            #expect(answer.body.contains(reason), "\(answer.body)")
        }
    }
}
