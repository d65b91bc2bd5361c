import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPAPI

@Suite struct `Pages of other sites` {
    private static let register = #"{"name":"web"}"#

    /// The first lines of the answers to a read and to a write.
    private func answers(_ headers: String) async throws -> [String] {
        try await LiveAPI.run { api in
            let headers = headers + "Connection: close\r\n"
            let read = try await api.send("GET /v1/catalog/nodes HTTP/1.1\r\n\(headers)\r\n")
            let write = try await api.register(Self.register, headers: headers)
            return [read, write].map { String($0.prefix { $0 != "\r\n" }) }
        }
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:8500", true), ("127.0.0.1:8500", true), ("[::1]:8500", true),
        ("10.1.2.3", true), ("a.localhost:8500", true), ("server01:8500", true), ("server01.node.consul:8500", true),
        ("consul", true), ("evil.example", false), ("evil.example:8500", false), ("localhost.evil.example", false),
        ("127.0.0.1.evil.example", false), ("notconsul", false), ("", false), ("[::1", true), ("[x]", false),
    ]) func `a browser is served under our own names, so that a page can point no name of its own at us`(
        _ host: String, _ isServed: Bool
    ) async throws {
        let status = isServed ? "HTTP/1.1 200 OK" : "HTTP/1.1 403 Forbidden"
        #expect(try await answers("Host: \(host)\r\nAccept-Language: en-GB\r\n") == [status, status])
    }

    @Test(arguments: ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Accept-Language: *"])
    func `whatever a browser sends tells it, on whatever address it came in`(_ header: String) async throws {
        let headers = "Host: evil.example\r\n\(header)\r\n"
        #expect(try await answers(headers) == ["HTTP/1.1 403 Forbidden", "HTTP/1.1 403 Forbidden"])
    }

    @Test(arguments: [
        "", "User-Agent: curl/7.88.1\r\nAccept: */*\r\n",
        "User-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n",
        // What fetch() of Node.js sends.
        "User-Agent: node\r\nAccept-Language: *\r\nSec-Fetch-Mode: cors\r\n",
    ]) func `other clients are served under any name`(_ headers: String) async throws {
        for host in ["evil.example", "berth", "host.docker.internal:8500"] {
            #expect(try await answers("Host: \(host)\r\n\(headers)") == ["HTTP/1.1 200 OK", "HTTP/1.1 200 OK"])
        }
    }

    @Test(arguments: [
        ("cross-site", "no-cors", "403 Forbidden"), ("cross-site", "cors", "403 Forbidden"),
        ("cross-site", "navigate", "200 OK"), ("same-origin", "cors", "200 OK"), ("none", "navigate", "200 OK"),
    ]) func `hold no connections, though a person may follow their links`(
        _ site: String, _ mode: String, _ status: String
    ) async throws {
        let headers = "Host: localhost\r\nSec-Fetch-Site: \(site)\r\nSec-Fetch-Mode: \(mode)\r\n"
        #expect(try await answers(headers)[0] == "HTTP/1.1 \(status)")
    }

    @Test func `the refusal says which names are served`() async throws {
        try await LiveAPI.run { api in
            let answer = try await api.send(
                "GET / HTTP/1.1\r\nHost: evil.example\r\nAccept-Language: en\r\nConnection: close\r\n\r\n")
            #expect(
                answer.hasSuffix(
                    #"host "evil.example" is not served to web browsers; use localhost, an IP address, server01 "#
                        + "or a name below consul. in the URL"), "\(answer)")
        }
    }

    @Test(arguments: [
        ("http://evil.example", HTTPResponse.Status.forbidden), ("null", .forbidden),
        ("http://localhost:9999", .forbidden),
        ("https://localhost.evil.example", .forbidden), ("localhost", .forbidden), ("http://localhost", .ok),
    ]) func `a write from a page of another origin is refused`(
        _ origin: String, _ status: HTTPResponse.Status
    ) async throws {
        try await APIUnderTest.run { api in
            let write = try await api.put(
                "/v1/agent/service/register", Self.register, headers: [.origin: origin])
            #expect(write.status == status)
            #expect(try api.instances.count == (status == .ok ? 1 : 0))
            let read = try await api.get("/v1/catalog/services", headers: [.origin: origin])
            #expect(read.status == .ok)
            #expect(read.headers[.accessControlAllowOrigin] == nil)
        }
    }

    @Test(arguments: [
        ("cross-site", HTTPResponse.Status.forbidden), ("same-site", .forbidden), ("same-origin", .ok), ("none", .ok),
    ]) func `a write that the browser says another site asked for is refused`(
        _ site: String, _ status: HTTPResponse.Status
    ) async throws {
        try await APIUnderTest.run { api in
            let header = HTTPField.Name.own("Sec-Fetch-Site")
            let write = try await api.put("/v1/agent/service/register", Self.register, headers: [header: site])
            #expect(write.status == status)
            try await #expect(api.get("/v1/catalog/services", headers: [header: site]).status == .ok)
        }
    }
}
