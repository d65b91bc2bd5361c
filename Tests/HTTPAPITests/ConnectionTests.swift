import NIOCore
import Registry
import Telemetry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `What comes on one connection` {
    private static let leader = "GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\n\r\n"
    private static let services = "GET /v1/catalog/services HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private static func register(_ name: String) -> String {
        let body = #"{"Name":"\#(name)"}"#
        return """
            PUT /v1/agent/service/register HTTP/1.1\r
            Host: localhost\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """
    }

    @Test func `requests sent all at once are answered in their order, then the connection ends`() async throws {
        try await LiveAPI.run { api in
            var text = ""
            for number in 0..<20 { text += Self.register("web-\(number)") + Self.services + Self.leader }
            let answers = try await api.send(text, thenHalfClose: true)
            #expect(answers.matches(of: /HTTP\/1.1 200 OK/).count == 60)
            let counts = answers.split(separator: "HTTP/1.1 200 OK").filter { $0.contains("web-0") }
                .map { $0.matches(of: /"web-\d+"/).count }
            #expect(counts == Array(1...20))
        }
    }

    @Test func `the same question over and over is answered with what is there by then`() async throws {
        try await LiveAPI.run { api in
            let connection = try await api.connect()
            let path = "/v1/health/service/web"
            var bodies: [String] = []
            for port in 1...5 {
                try await api.register(#"{"Name":"web","Port":\#(port)}"#)
                for _ in 0..<3 {
                    try await connection.ask(path)
                    bodies.append(try await connection.answer().body)
                }
            }
            let ports = bodies.map { $0.firstMatch(of: /"Port":(\d+)/)?.1 ?? "" }
            #expect(ports == ["1", "1", "1", "2", "2", "2", "3", "3", "3", "4", "4", "4", "5", "5", "5"])
        }
    }

    @Test func `octets may come one by one`() async throws {
        try await LiveAPI.run { api in
            let connection = try await api.connect()
            for octet in (Self.register("web") + Self.services).utf8 {
                try await connection.write(String(UnicodeScalar(octet)))
            }
            #expect(try await connection.answer().status == 200)
            #expect(try await connection.answer().body == #"{"web":[]}"#)
        }
    }

    @Test func `what is no request, behind one that is, is 400, and the connection ends`() async throws {
        try await LiveAPI.run { api in
            let answers = try await api.send(Self.leader + "nonsense\r\n\r\n" + Self.leader)
            let statuses = answers.matches(of: /HTTP\/1.1 (\d+)/).map { String($0.1) }
            #expect(statuses == ["200", "400"])
        }
    }

    @Test(arguments: ["close", "Close", "keep-alive, close"])
    func `who wants one answer alone gets no other`(_ option: String) async throws {
        try await LiveAPI.run { api in
            let last = "GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\nConnection: \(option)\r\n\r\n"
            let answers = try await api.send(Self.leader + last + Self.leader)
            #expect(answers.matches(of: /HTTP\/1.1 200 OK/).count == 2)
        }
    }

    @Test func `the answer to HEAD has no body`() async throws {
        try await LiveAPI.run { api in
            let head = "HEAD /v1/status/leader HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try await api.send(head)
            #expect(answer.hasPrefix("HTTP/1.1 405 ") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
        }
    }

    @Test func `who asks on and on without reading is not read any more, and gets all answers in the end`() async throws
    {
        try await LiveAPI.run { api in
            for number in 0..<500 { try await api.register(#"{"Name":"service-with-a-long-name-\#(number)"}"#) }
            let connection = try await api.connect()
            let channel = try #require(connection.channel)
            try await channel.setOption(.autoRead, value: false).get()
            let total = 3000
            let asking = Task {
                for _ in 0..<total { try await connection.write(Self.services) }
                try await channel.close(mode: .output)
            }
            // Some ten megabytes fit into the system's buffers; the answers are a hundred.
            var before = -1
            try await eventually {
                defer { before = api.answered }
                if api.answered > 0, api.answered == before { return true }
                try await Task.sleep(for: .milliseconds(200))
                return false
            }
            #expect(api.answered < total)
            try await channel.setOption(.autoRead, value: true).get()
            try await asking.value
            let answers = try await connection.all()
            #expect(answers.utf8.count > 50_000_000)
            #expect(api.answered >= total)
        }
    }

    @Test func `an answer of many pieces comes whole`() async throws {
        try await LiveAPI.run { api in
            let value = String(repeating: "v", count: 500_000)
            for number in 0..<6 { #expect(try await api.put("/v1/kv/large/\(number)", value).body == "true") }
            let answer = try await api.get("/v1/kv/large?recurse")
            #expect(answer.status == 200)
            #expect(answer.body.utf8.count > 4_000_000 && answer.body.hasSuffix("]"))
        }
    }
}

extension LiveAPI {
    /// How many requests were answered.
    fileprivate var answered: Int {
        let metric = api.requests.metrics.first { $0.name == "berth_http_requests_total" }
        let numbers = metric?.samples.map { sample -> Double in
            guard case .number(let number) = sample.value else { return 0 }
            return number
        }
        return Int((numbers ?? []).reduce(0, +))
    }
}
