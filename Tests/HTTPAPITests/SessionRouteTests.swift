import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Sessions over HTTP` {
    @Test func `a session is created, listed, renewed and destroyed`() async throws {
        try await LiveAPI.run { api in
            let id = try await create(api, #"{"Name":"n","LockDelay":"3s","TTL":"90s","Behavior":"delete"}"#)
            let session =
                #"[{"Behavior":"delete","CreateIndex":N,"ID":"\#(id)","LockDelay":3000000000,"ModifyIndex":N,"#
                + #""Name":"n","Node":"server01","NodeChecks":["serfHealth"],"ServiceChecks":null,"TTL":"90s"}]"#
            for path in ["info/\(id)", "info/\(id.uppercased())", "list", "node/server01", "node/SERVER01"] {
                let answer = try await api.get("/v1/session/\(path)")
                #expect(answer.withoutIndexes == session, "\(path)")
                #expect(answer.index == api.registry.snapshot.index)
            }
            try await #expect(api.put("/v1/session/renew/\(id)").withoutIndexes == session)
            try await #expect(api.get("/v1/session/node/other").body == "[]")
            let reader = try await api.reader("/v1/session/list?index=\(api.registry.snapshot.index)")
            try await #expect(api.put("/v1/session/destroy/\(id)").body == "true")
            try await #expect(reader.answer().body == "[]")
            try await #expect(api.put("/v1/session/destroy/\(id)").body == "true")
            try await #expect(api.get("/v1/session/info/\(id)").body == "[]")
            let gone = try await api.put("/v1/session/renew/\(id)")
            #expect(gone.status == 404 && gone.body == "Session id '\(id)' not found")
        }
    }

    @Test(arguments: [
        ("", #""LockDelay":15000000000"#), ("{}", #""TTL":"""#), (#"{"LockDelay":5}"#, #""LockDelay":5000000000"#),
        (#"{"LockDelay":5000000000}"#, #""LockDelay":5000000000"#), (#"{"lockdelay":"0s"}"#, #""LockDelay":0"#),
        (#"{"Checks":[]}"#, #""NodeChecks":[]"#), (#"{"NodeChecks":["c"]}"#, #""NodeChecks":["c"]"#),
        (#"{"Checks":["c","c","serfHealth"]}"#, #""NodeChecks":["c","serfHealth"]"#),
        (#"{"ServiceChecks":[{"ID":"c","Namespace":""}]}"#, #""ServiceChecks":[{"ID":"c","Namespace":""}]"#),
        (#"{"TTL":"24h"}"#, #""TTL":"24h""#), (#"{"TTL":"10s"}"#, #""TTL":"10s""#), (#"{"TTL":"0s"}"#, #""TTL":"""#),
        (#"{"ID":"mine","CreateIndex":1}"#, #""Behavior":"release""#), (#"{"node":"SERVER01"}"#, #""Name":"""#),
    ]) func `what a session may be created from`(_ body: String, _ shows: String) async throws {
        try await LiveAPI.run { api in
            let node = try APIUnderTest.agent().node
            try await api.registry.submit([.putCheck(HealthCheck(node: node, id: "c", name: "c", status: .passing))])
            let id = try await create(api, body)
            let answer = try await api.get("/v1/session/info/\(id)").body
            #expect(answer.contains(shows), "\(answer)")
        }
    }

    @Test(arguments: [
        ("[", "Request decode failed"), ("[]", "must be an object"), (#"{"Foo":1}"#, #"unknown field "Foo""#),
        (#"{"TTL":"9s"}"#, "Invalid Session TTL \"9s\", must be between [10s=24h0m0s]"),
        (#"{"TTL":"25h"}"#, "must be between [10s=24h0m0s]"), (#"{"TTL":"abc"}"#, "Session TTL \"abc\" invalid"),
        (#"{"TTL":"-10s"}"#, "Session TTL \"-10s\" invalid"), (#"{"TTL":10}"#, "TTL must be a string, not a number"),
        (#"{"Behavior":"keep"}"#, #"Invalid Behavior setting "keep""#),
        (#"{"Behavior":1}"#, "Behavior must be a string"),
        (#"{"LockDelay":"abc"}"#, "LockDelay must be a duration"),
        (#"{"LockDelay":-1}"#, "LockDelay must be a duration"),
        (#"{"LockDelay":"-15s"}"#, "LockDelay must be a duration"), (#"{"LockDelay":"25h"}"#, "longer than 24h"),
        (#"{"LockDelay":1e3}"#, "LockDelay must be a duration"), (#"{"Node":"nope"}"#, "Missing node registration"),
        (#"{"Node":"a b"}"#, "cannot be a DNS label"), (#"{"Checks":["nope"]}"#, "Missing check 'nope' registration"),
        (#"{"Checks":["bad"]}"#, "Check 'bad' is in critical state"), (#"{"Checks":"bad"}"#, "Checks must be an array"),
        (#"{"ServiceChecks":["x"]}"#, "ServiceChecks[0] must be an object"),
        (#"{"ServiceChecks":[{}]}"#, "ServiceChecks[0].ID is missing"),
        (#"{"ServiceChecks":[{"ID":"x"}]}"#, "Missing check 'x' registration"),
        (#"{"ServiceChecks":[{"ID":"x","Namespace":"y"}]}"#, "is not supported"),
        (#"{"Name":"a\u0000"}"#, "Name contains a control character"),
        (#"{"Name":"\#(String(repeating: "n", count: 513))"}"#, "longer than 512 octets"),
        (#"{"TTL":"10s"} x"#, "text after the value"),
    ]) func `what a session may not be created from`(_ body: String, _ says: String) async throws {
        try await LiveAPI.run { api in
            let node = try APIUnderTest.agent().node
            try await api.registry.submit([.putCheck(HealthCheck(node: node, id: "bad", name: "b"))])
            try await WrongRequest("PUT", "/v1/session/create", says, body: body).expectRefusal(by: api)
        }
    }

    @Test(arguments: [
        WrongRequest("PUT", "/v1/session/destroy", "Missing session"),
        WrongRequest("PUT", "/v1/session/destroy/", "Missing session"),
        WrongRequest("PUT", "/v1/session/renew/", "Missing session"),
        WrongRequest("GET", "/v1/session/info/", "Missing session"),
        WrongRequest("GET", "/v1/session/node/", "Missing node name"),
        WrongRequest("PUT", "/v1/session/renew/nope", "Session id 'nope' not found", status: 404),
        WrongRequest("PUT", "/v1/session/create?dc=dc9", "No path to datacenter"),
        WrongRequest("PUT", "/v1/session/destroy/x?dc=dc9", "No path to datacenter"),
        WrongRequest("PUT", "/v1/session/renew/x?dc=dc9", "No path to datacenter"),
        WrongRequest("GET", "/v1/session/list?index=x", "Invalid index"),
        WrongRequest("GET", "/v1/session/create", #"method "GET" not allowed"#, status: 405),
        WrongRequest("DELETE", "/v1/session/destroy/x", #"method "DELETE" not allowed"#, status: 405),
        WrongRequest("PUT", "/v1/session/destroy/%0A", "without control characters"),
    ]) func `are not touched by a request that is wrong`(_ request: WrongRequest) async throws {
        try await LiveAPI.run { try await request.expectRefusal(by: $0) }
    }

    @Test func `one session holds a lock, and another gets it when it is given up`() async throws {
        try await LiveAPI.run { api in
            let (a, b) = (try await create(api), try await create(api))
            let exchange = Exchange(
                "locks", put("/v1/kv/k?acquire=\(a)", "1"), put("/v1/kv/k?acquire=\(a)", "1"),
                put("/v1/kv/k?acquire=\(b)", "2", "false"), put("/v1/kv/k?release=\(b)", "2", "false"),
                put("/v1/kv/k", "plain"),
                get(
                    "/v1/kv/k", 200,
                    #"[{"CreateIndex":N,"Flags":0,"Key":"k","LockIndex":1,"ModifyIndex":N,"Session":"\#(a)","Value":"cGxhaW4="}]"#
                ),
                put("/v1/kv/k?release=\(a)", "given up"), put("/v1/kv/k?release=\(a)", "again", "false"),
                get("/v1/kv/k?raw", 200, "given up"), put("/v1/kv/k?acquire=\(b)", "2"),
                get(
                    "/v1/kv/k", 200,
                    #"[{"CreateIndex":N,"Flags":0,"Key":"k","LockIndex":2,"ModifyIndex":N,"Session":"\#(b)","Value":"Mg=="}]"#
                ),
                put("/v1/session/destroy/\(b)"), put("/v1/kv/k?acquire=\(a)", "3", "false"),
                get(
                    "/v1/kv/k", 200,
                    #"[{"CreateIndex":N,"Flags":0,"Key":"k","LockIndex":2,"ModifyIndex":N,"Value":"Mg=="}]"#))
            try await exchange.run(on: api)
        }
    }

    @Test func `who waits for a lock hears of its end, and gets it after the delay`() async throws {
        try await LiveAPI.run { api in
            let a = try await create(api, #"{"LockDelay":"300ms","Behavior":"delete"}"#)
            let b = try await create(api)
            _ = try await api.put("/v1/kv/k?acquire=\(a)", "1")
            let index = try await api.get("/v1/kv/k").index
            let reader = try await api.reader("/v1/kv/k?index=\(index)")
            let start = ContinuousClock.now
            _ = try await api.put("/v1/session/destroy/\(a)")
            try await #expect(reader.answer().status == 404)
            try await eventually { try await api.put("/v1/kv/k?acquire=\(b)", "2").body == "true" }
            #expect(ContinuousClock.now - start >= .milliseconds(300))
        }
    }

    @Test func `a check that turns critical ends the sessions that are bound to it`() async throws {
        try await LiveAPI.run { api in
            let node = try APIUnderTest.agent().node
            try await api.registry.submit([.putCheck(HealthCheck(node: node, id: "c", name: "c", status: .passing))])
            let id = try await create(api, #"{"NodeChecks":["c"]}"#)
            _ = try await api.put("/v1/kv/k?acquire=\(id)", "1")
            let reader = try await api.reader("/v1/kv/k?index=\(api.registry.snapshot.index)")
            try await api.registry.submit([.setStatus(CheckKey(node: node, id: "c"), .critical, output: "")])
            try await #expect(reader.answer().body.contains("Session") == false)
            try await #expect(api.get("/v1/session/list").body == "[]")
        }
    }

    private func create(_ api: LiveAPI, _ body: String = "") async throws -> String {
        let answer = try await api.put("/v1/session/create", body)
        let id = try #require(answer.body.firstMatch(of: /^{"ID":"([0-9a-f-]{36})"}$/), "\(answer.body)")
        return String(id.output.1)
    }
}
