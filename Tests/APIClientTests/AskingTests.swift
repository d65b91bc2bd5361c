import Foundation
import HummingbirdCore
import Testing

@testable import APIClient

@Suite struct `Asking a server` {
    private func settings(
        _ environment: [String: String], _ given: ClientSettings.Given = .init()
    ) throws -> ClientSettings { try ClientSettings(given, environment: environment) }

    @Test func `path, query, token and password arrive as they were meant`() async throws {
        try await EchoServer.run { port in
            let settings = try settings([
                "CONSUL_HTTP_ADDR": "127.0.0.1:\(port)", "CONSUL_HTTP_TOKEN": "secret", "CONSUL_HTTP_AUTH": "me:pass",
            ])
            try await APIClient.open(settings) { api in
                let request = APIRequest.key(.get, "/a b/ü?#%").with("dc", "x&y=z").with("stale", if: true)
                    .with("none", nil)
                let answer = try await api.ask(request)
                #expect(answer.index == 7)
                #expect(
                    answer.text == """
                        GET /v1/kv/a%20b/%C3%BC%3F%23%25?dc=x%26y%3Dz&stale
                        host: 127.0.0.1:\(port)
                        token: secret
                        authorization: Basic bWU6cGFzcw==
                        """)
            }
        }
    }

    @Test func `a path before /v1 is kept`() async throws {
        try await EchoServer.run { port in
            let settings = try settings(["CONSUL_HTTP_ADDR": "http://127.0.0.1:\(port)/consul/"])
            try await APIClient.open(settings) { api in
                let text = try await api.ask(APIRequest(.get, "/v1/a")).text
                #expect(text.hasPrefix("GET /consul/v1/a\n"))
            }
        }
    }

    @Test func `a Unix socket is asked as any address`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "berth-\(UUID().uuidString.prefix(8)).sock")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await EchoServer.run(at: .unixDomainSocket(path: path)) { _ in
            try await APIClient.open(try settings(["CONSUL_HTTP_ADDR": "unix://\(path)"])) { api in
                let text = try await api.ask(APIRequest(.put, "/v1/a")).text
                #expect(text.hasPrefix("PUT /v1/a\nhost: localhost"))
            }
        }
    }

    @Test func `a refusal is told in Consul's words, with what the server said`() async throws {
        try await EchoServer.run { port in
            try await APIClient.open(try settings(["CONSUL_HTTP_ADDR": "127.0.0.1:\(port)"])) { api in
                let error = try await #require(throws: APIClientError.self) {
                    try await api.ask(APIRequest(.get, "/v1/refused"))
                }
                #expect("\(error)".hasPrefix("Unexpected response code: 400 (GET /v1/refused\nhost"))
            }
        }
    }

    @Test func `where nobody listens, what to do is said`() async throws {
        try await APIClient.open(try settings(["CONSUL_HTTP_ADDR": "127.0.0.1:1"])) { api in
            let error = try await #require(throws: APIClientError.self) { try await api.ask(APIRequest(.get, "/v1/a")) }
            #expect(
                "\(error)" == """
                    nothing answers at 127.0.0.1:1 (connection refused): start berth serve, or say where it is with \
                    -http-addr or BERTH_HTTP_ADDR
                    """)
        }
    }

    @Test func `a server that no longer answers is not waited for`() async throws {
        let listener = try Listener()
        defer { listener.close() }
        try await APIClient.open(try settings(["CONSUL_HTTP_ADDR": "127.0.0.1:\(listener.port)"])) { api in
            var request = APIRequest(.get, "/v1/a")
            request.patience = .milliseconds(200)
            let error = try await #require(throws: APIClientError.self) { try await api.ask(request) }
            #expect("\(error)" == "127.0.0.1:\(listener.port) does not answer /v1/a in time")
        }
    }
}
