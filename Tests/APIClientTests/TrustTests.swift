import Foundation
import HummingbirdCore
import TestSupport
import Testing

@testable import APIClient

@Suite struct `Asking over TLS` {
    /// Files with the server's certificate and its key.
    private static func withFiles(_ body: @Sendable (_ folder: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "berth-tls-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder.appending(path: "ca"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(SelfSigned.certificate.utf8).write(to: folder.appending(path: "ca/cert.pem"))
        try Data(SelfSigned.key.utf8).write(to: folder.appending(path: "key.pem"))
        try await body(folder.path)
    }

    private static func ask(_ environment: [String: String]) async throws -> String {
        try await APIClient.open(try ClientSettings(.init(), environment: environment)) { api in
            try await api.ask(APIRequest(.get, "/v1/a")).text
        }
    }

    @Test func `a certificate that is named, by file or folder, is trusted; others are not`() async throws {
        try await Self.withFiles { folder in
            try await EchoServer.run(tls: try SelfSigned.configuration(asksClient: false)) { port in
                let address = ["CONSUL_HTTP_ADDR": "https://127.0.0.1:\(port)"]
                for trust in [
                    ["CONSUL_CACERT": "\(folder)/ca/cert.pem"], ["CONSUL_CAPATH": "\(folder)/ca"],
                    ["CONSUL_HTTP_SSL_VERIFY": "false"],
                ] {
                    #expect(try await Self.ask(address.merging(trust) { $1 }).hasPrefix("GET /v1/a\n"))
                }
                let plain = ["CONSUL_HTTP_ADDR": "localhost:\(port)", "CONSUL_HTTP_SSL": "true"]
                #expect(
                    try await Self.ask(plain.merging(["CONSUL_CACERT": "\(folder)/ca/cert.pem"]) { $1 })
                        .hasPrefix("GET /v1/a\n"))
                let error = try await #require(throws: APIClientError.self) { _ = try await Self.ask(address) }
                guard case .notTrusted = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    /// The certificate is for localhost and 127.0.0.1.
    @Test func `the name to expect may be another than the host`() async throws {
        try await Self.withFiles { folder in
            let tls = try SelfSigned.configuration(asksClient: false)
            try await EchoServer.run(at: .hostname("::1", port: 0), tls: tls) { port in
                var environment = [
                    "CONSUL_HTTP_ADDR": "https://[::1]:\(port)", "CONSUL_CACERT": "\(folder)/ca/cert.pem",
                ]
                await #expect(throws: APIClientError.self) { _ = try await Self.ask(environment) }
                environment["CONSUL_TLS_SERVER_NAME"] = "localhost"
                let text = try await Self.ask(environment)
                #expect(text.contains("host: [::1]:\(port)"))
            }
        }
    }

    @Test func `a server that asks for a certificate is shown one`() async throws {
        try await Self.withFiles { folder in
            try await EchoServer.run(tls: try SelfSigned.configuration(asksClient: true)) { port in
                var environment = [
                    "CONSUL_HTTP_ADDR": "https://127.0.0.1:\(port)", "CONSUL_CACERT": "\(folder)/ca/cert.pem",
                ]
                await #expect(throws: APIClientError.self) { _ = try await Self.ask(environment) }
                environment["CONSUL_CLIENT_CERT"] = "\(folder)/ca/cert.pem"
                environment["CONSUL_CLIENT_KEY"] = "\(folder)/key.pem"
                let text = try await Self.ask(environment)
                #expect(text.hasPrefix("GET /v1/a\n"))
            }
        }
    }

    @Test(arguments: [
        (
            ["CONSUL_CACERT": "/no/such"],
            "the certificate file /no/such has no certificate in PEM form that can be read"
        ),
        (["CONSUL_CAPATH": "/no/such"], "the folder of certificates /no/such cannot be read"),
        (["CONSUL_CLIENT_CERT": "/no/such"], "a client certificate needs both -client-cert and -client-key"),
        (["CONSUL_HTTP_SSL_VERIFY": "maybe"], "CONSUL_HTTP_SSL_VERIFY must be true or false, not \"maybe\""),
        (["CONSUL_HTTP_TOKEN_FILE": "/no/such"], "the token file /no/such cannot be read"),
    ])
    func `what cannot be used is named`(_ environment: [String: String], _ sentence: String) async throws {
        let error = try await #require(throws: APIClientError.self) {
            _ = try await Self.ask(environment.merging(["CONSUL_HTTP_ADDR": "https://127.0.0.1:1"]) { $1 })
        }
        #expect("\(error)" == sentence)
    }
}
