import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPAPI

/// RFC 9457.
@Suite struct `A problem detail` {
    private static let wanted: HTTPFields = [.accept: "application/problem+json"]

    @Test(arguments: [
        ("/v1/catalog/service", HTTPRequest.Method.get, 400, "Bad Request", "Missing service name" as String?),
        ("/v1/none", .get, 404, "Not Found", "no such endpoint"),
        ("/v1/acl/tokens", .get, 404, "Not Found", nil),
        ("/v1/agent/self", .put, 405, "Method Not Allowed", #"method "PUT" not allowed"#),
        ("/v1/agent/service/none", .get, 404, "Not Found", "unknown service ID: none"),
        ("/v1/catalog/nodes?filter=(", .get, 400, "Bad Request", nil),
        ("/v1/session/renew/none", .put, 404, "Not Found", "Session id 'none' not found"),
    ])
    func `is what an error is for who asks for one`(
        _ path: String, _ method: HTTPRequest.Method, _ status: Int, _ title: String, _ detail: String?
    ) async throws {
        try await APIUnderTest.run { api in
            let plain = try await api.client.execute(uri: path, method: method)
            #expect(plain.headers[.contentType] == "text/plain; charset=utf-8")
            let reply = try await api.client.execute(uri: path, method: method, headers: Self.wanted)
            #expect(reply.status.code == status && reply.status == plain.status)
            #expect(reply.headers[.contentType] == "application/problem+json")
            #expect(reply.headers[.allow] == plain.headers[.allow])
            let problem = try JSONDecoder().decode(Problem.self, from: Data(reply.text.utf8))
            #expect(
                problem == Problem(type: "about:blank", title: title, status: status, detail: detail ?? plain.text))
        }
    }

    @Test func `stands in for an empty body, and keeps the headers`() async throws {
        try await APIUnderTest.run { api in
            let plain = try await api.get("/v1/kv/none")
            #expect(plain.text.isEmpty && plain.headers[.contentType] == nil)
            let reply = try await api.get("/v1/kv/none", headers: Self.wanted)
            #expect(reply.status == .notFound)
            #expect(reply.text == #"{"status":404,"title":"Not Found","type":"about:blank"}"#)
            #expect(reply.headers.contains { $0.name.canonicalName == "x-consul-index" })
        }
    }

    @Test func `takes the place of no answer that says what there is`() async throws {
        try await APIUnderTest.run { api in
            let unknown = try await api.get("/v1/agent/health/service/id/none", headers: Self.wanted)
            #expect(unknown.status == .notFound && unknown.headers[.contentType] == "application/json")
            let body = #"[{"KV":{"Verb":"get","Key":"none"}}]"#
            let failed = try await api.put("/v1/txn", body, headers: Self.wanted)
            #expect(failed.status == .conflict && failed.headers[.contentType] == "application/json")
            let good = try await api.get("/v1/status/leader", headers: Self.wanted)
            #expect(good.headers[.contentType] == "application/json")
        }
    }

    @Test(arguments: [
        ("application/problem+json", true), ("application/json, Application/Problem+JSON;q=0.5", true),
        ("application/problem+json;q=0.001", true), ("application/problem+json; q=0", false),
        ("application/problem+json;q=0.00", false), ("*/*", false), ("application/*", false),
        ("application/json", false), ("", false), (",;q,", false),
    ]) func `is asked for by name`(_ accept: String, _ isWanted: Bool) {
        #expect(ProblemDetail.isWanted(by: [.accept: accept]) == isWanted)
    }

    private struct Problem: Decodable, Equatable {
        var type: String
        var title: String
        var status: Int
        var detail: String?
    }
}
