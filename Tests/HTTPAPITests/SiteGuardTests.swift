import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPAPI

@Suite struct `Pages of other sites` {
    /// Over a connection to a loopback address, as the test client's counts.
    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:8500", true), ("127.0.0.1:8500", true), ("[::1]:8500", true),
        ("10.1.2.3", true),
        ("a.localhost:8500", true), ("server01:8500", true), ("server01.node.consul:8500", true), ("consul", true),
        ("evil.example", false), ("evil.example:8500", false), ("localhost.evil.example", false),
        ("127.0.0.1.evil.example", false), ("notconsul", false), ("", false),
    ]) func `a host that is not ours is refused, so that no name can be pointed at us`(
        _ host: String, _ isServed: Bool
    ) async throws {
        let answers = try await LiveAPI.run { api in
            try await (
                api.send("GET /v1/catalog/nodes HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"),
                api.register(#"{"name":"web"}"#, headers: "Host: \(host)\r\nConnection: close\r\n")
            )
        }
        let status = isServed ? "HTTP/1.1 200 OK" : "HTTP/1.1 403 Forbidden"
        #expect(answers.0.hasPrefix(status), "\(answers.0)")
        #expect(answers.1.hasPrefix(status), "\(answers.1)")
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
                "/v1/agent/service/register", #"{"name":"web"}"#, headers: [.origin: origin])
            #expect(write.status == status)
            #expect(try api.instances.count == (status == .ok ? 1 : 0))
            let read = try await api.get("/v1/catalog/services", headers: [.origin: origin])
            #expect(read.status == .ok)
            #expect(read.headers[.accessControlAllowOrigin] == nil)
        }
    }
}
