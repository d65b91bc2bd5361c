import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Prepared queries over HTTP` {
    private static let web = #"{"Service":{"Service":"web"},"Name":"web-query"}"#

    @Test func `a query is created, listed, replaced and deleted`() async throws {
        try await LiveAPI.run { api in
            let empty = try await api.get("/v1/query")
            #expect(empty.body == "[]" && empty.index == 1)
            let id = try await create(api, Self.web)
            let shown =
                #"[{"CreateIndex":N,"DNS":{"TTL":""},"ID":"\#(id)","ModifyIndex":N,"Name":"web-query","Service":{"#
                + #""Connect":false,"Failover":{"Datacenters":null,"NearestN":0},"IgnoreCheckIDs":null,"Near":"","#
                + #""NodeMeta":null,"OnlyPassing":false,"Service":"web","ServiceMeta":null,"Tags":null},"Session":"","#
                + #""Template":{"Regexp":"","RemoveEmptyTags":false,"Type":""},"Token":""}]"#
            for path in ["", "/", "/\(id)", "/\(id.uppercased())"] {
                let answer = try await api.get("/v1/query\(path)")
                #expect(answer.withoutIndexes == shown, "\(path)")
                #expect(answer.index == api.registry.snapshot.index)
            }
            let readers = try await [api.reader("/v1/query?index=2"), api.reader("/v1/query/\(id)?index=2")]
            let full =
                #"{"ID":"ignored","Name":"full","Token":"t","Template":{"Type":"name_prefix_match","Regexp":"^(.*)$","#
                + #""RemoveEmptyTags":true},"Service":{"Service":"web","Failover":{"NearestN":3,"Datacenters":["dc2"]},"#
                + #""OnlyPassing":true,"IgnoreCheckIDs":["c1"],"Near":"_agent","Tags":["a","!c"],"NodeMeta":{"k":"v"},"#
                + #""ServiceMeta":{"v":"1"},"Connect":false},"DNS":{"TTL":"10s"},"CreateIndex":1,"ModifyIndex":1}"#
            let replaced = try await api.put("/v1/query/\(id)", full)
            #expect(replaced.status == 200 && replaced.body.isEmpty)
            for reader in readers {
                let answer = try await reader.answer()
                #expect(answer.index == 3)
                #expect(
                    answer.body
                        == #"[{"CreateIndex":2,"DNS":{"TTL":"10s"},"ID":"\#(id)","ModifyIndex":3,"Name":"full","#
                        + #""Service":{"Connect":false,"Failover":{"Datacenters":["dc2"],"NearestN":3},"#
                        + #""IgnoreCheckIDs":["c1"],"Near":"_agent","NodeMeta":{"k":"v"},"OnlyPassing":true,"#
                        + #""Service":"web","ServiceMeta":{"v":"1"},"Tags":["a","!c"]},"Session":"","Template":{"#
                        + #""Regexp":"^(.*)$","RemoveEmptyTags":true,"Type":"name_prefix_match"},"Token":"t"}]"#)
            }
            let reader = try await api.reader("/v1/query?index=3")
            let deleted = try await api.delete("/v1/query/\(id)")
            #expect(deleted.status == 200 && deleted.body.isEmpty)
            #expect(try await reader.answer().body == "[]")
            try await #expect(api.get("/v1/query/\(id)").status == 404)
        }
    }

    @Test func `a query goes with its session`() async throws {
        try await LiveAPI.run { api in
            let session = try await api.put("/v1/session/create").body.dropFirst(7).dropLast(2)
            _ = try await create(api, #"{"Session":"\#(session)","Service":{"Service":"web"}}"#)
            let reader = try await api.reader("/v1/query?index=\(api.registry.snapshot.index)")
            _ = try await api.put("/v1/session/destroy/\(session)")
            #expect(try await reader.answer().body == "[]")
        }
    }

    @Test func `a query is carried out by its id and by its name`() async throws {
        try await LiveAPI.run { api in
            try await register(api)
            let id = try await create(api, #"{"Name":"q","Service":{"Service":"web"},"DNS":{"TTL":"7s"}}"#)
            for path in ["q", "Q", id] {
                let answer = try await api.get("/v1/query/\(path)/execute")
                #expect(try ids(answer) == ["w1", "w2"] && answer.index == 1)
                #expect(answer.body.contains(#""Service":"web"}"#) && answer.body.contains(#""DNS":{"TTL":"7s"}"#))
                #expect(answer.body.contains(#""ConsistencyLevel":"leader","DNS""#))
                #expect(answer.body.contains(#""Failovers":0,"Index":0,"KnownLeader":true,"LastContact":0,"Nodes":[{"#))
            }
            #expect(try await ids(api.get("/v1/query/q/execute?limit=1")).count == 1)
            #expect(try await ids(api.get("/v1/query/q/execute?limit=0&near=_agent&index=9&passing")).count == 2)
            #expect(try await ids(api.get("/v1/query/q/execute?limit=-1&near=nobody")).count == 2)
            try await #expect(
                api.get("/v1/query/q/execute?stale").body.contains(#""ConsistencyLevel":"stale""#))
        }
    }

    @Test(arguments: [
        (#""Service":"web","OnlyPassing":true"#, ["w1"]), (#""Service":"web","Tags":["A","!C"]"#, ["w1"]),
        (#""Service":"WEB","ServiceMeta":{"v":"2"}"#, ["w2"]), (#""Service":"web","NodeMeta":{"x":"y"}"#, []),
        (#""Service":"web","OnlyPassing":true,"IgnoreCheckIDs":["c2"]"#, ["w1", "w2"]), (#""Service":"none""#, []),
        (#""Service":"no name""#, []),
        (#""Service":"web","Failover":{"Datacenters":["dc9"],"NearestN":2}"#, ["w1", "w2"]),
    ]) func `a query finds what it looks for`(_ search: String, _ found: [String]) async throws {
        try await LiveAPI.run { api in
            try await register(api)
            _ = try await create(api, #"{"Name":"q","Service":{\#(search)}}"#)
            #expect(try await ids(api.get("/v1/query/q/execute")) == found)
        }
    }

    @Test func `a template is a query for each name that begins with its own`() async throws {
        try await LiveAPI.run { api in
            try await register(api)
            let id = try await create(
                api,
                #"{"Name":"geo-","Template":{"Type":"name_prefix_match","Regexp":"^geo-(.*?)-([^\\-]+?)$"},"#
                    + #""Service":{"Service":"${match(1)}","Tags":["${match(2)}"]}}"#)
            #expect(try await ids(api.get("/v1/query/geo-web-b/execute")) == ["w1"])
            #expect(try await ids(api.get("/v1/query/geo-web-a/execute")) == ["w1", "w2"])
            #expect(try await ids(api.get("/v1/query/geo-none-a/execute")) == [])
            let explained = try await api.get("/v1/query/geo-web-b/explain")
            #expect(explained.status == 200 && explained.index == 1)
            let before = #"{"ConsistencyLevel":"leader","Index":0,"KnownLeader":true,"LastContact":0,"Query":{"#
            #expect(explained.body.hasPrefix(before))
            #expect(explained.body.contains(#""ID":"\#(id)","#) && explained.body.contains(#""Name":"geo-""#))
            #expect(explained.body.contains(#""Service":"web","ServiceMeta":null,"Tags":["b"]}"#))
            for path in ["geo/execute", "geo/explain", "x/execute"] {
                let answer = try await api.get("/v1/query/\(path)")
                #expect(answer.status == 404 && answer.body == "Query not found", "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("", "Request decode failed"), ("garbage", "Request decode failed"), ("[]", "must be an object"),
        ("{}", "Invalid prepared query: Must be bound to a session"),
        (#"{"Service":{"Service":"web"}}"#, "Invalid prepared query: Must be bound to a session"),
        (#"{"Name":"x"}"#, "Invalid prepared query: Must provide a Service name to query"),
        (#"{"Name":"x","Service":{"Service":""}}"#, "Invalid prepared query: Must provide a Service name to query"),
        (#"{"Name":"WEB-query","Service":{"Service":"web"}}"#, "name 'WEB-query' aliases an existing query name"),
        (#"{"ID":"abc","Service":{"Service":"web"}}"#, "ID must be empty when creating a new prepared query"),
        (
            #"{"Name":"x","Template":{"Type":"x"},"Service":{"Service":"w"}}"#,
            "failed compiling template: Bad Template.Type 'x'"
        ),
        (
            #"{"Name":"x","Template":{"Type":"name_prefix_match","Regexp":"^("},"Service":{"Service":"w"}}"#,
            "failed compiling template: Bad Regexp: error parsing regexp: missing closing ): `(`"
        ),
        (
            #"{"Name":"x","Template":{"Type":"name_prefix_match"},"Service":{"Service":"${foo"}}"#,
            "failed compiling template: Bad format '${foo' in Service.Service: parse error: syntax error"
        ),
        (
            #"{"Name":"x","Template":{"Type":"name_prefix_match"},"Service":{"Service":"w","Tags":["${foo}"]}}"#,
            "failed compiling template: Bad evaluation for '${foo}' in Service.Tags[0]: unknown variable accessed: foo"
        ),
        (
            #"{"Name":"x","Service":{"Service":"web"},"DNS":{"TTL":"abc"}}"#,
            "Invalid prepared query: Bad DNS TTL 'abc': time: invalid duration \"abc\""
        ),
        (
            #"{"Name":"x","Service":{"Service":"web"},"DNS":{"TTL":"-1s"}}"#,
            "Invalid prepared query: DNS TTL '-1s', must be >=0"
        ),
        (#"{"Name":"x","Service":{"Service":"web"},"DNS":{"TTL":"2000000h"}}"#, "longer than 2^31-1 seconds"),
        (
            #"{"Name":"x","Service":{"Service":"web","Failover":{"NearestN":-1}}}"#,
            "Invalid prepared query: Bad NearestN '-1', must be >= 0"
        ),
        (
            #"{"Name":"x","Service":{"Service":"web","Failover":{"NearestN":1.5}}}"#,
            "Service.Failover.NearestN must be a whole"
        ),
        (#"{"Name":"x","Session":"nope","Service":{"Service":"web"}}"#, #"invalid session "nope""#),
        (#"{"Name":"x","Bogus":1,"Service":{"Service":"web"}}"#, #"unknown field "Bogus""#),
        (#"{"Name":"x","Service":{"Service":"web","Bogus":1}}"#, #"unknown field "Service.Bogus""#),
        (#"{"Name":5,"Service":{"Service":"web"}}"#, "Name must be a string, not a number"),
        (#"{"Name":"x","Service":{"Service":"web","Connect":true}}"#, "there is no service mesh"),
        (#"{"Name":"x","Service":{"Service":"web","NodeMeta":{"a b":"c"}}}"#, "NodeMeta key \"a b\" must be"),
        (#"{"Name":"x","Service":{"Service":"web","Tags":"a"}}"#, "Service.Tags must be an array"),
        (
            #"{"Name":"\#(String(repeating: "n", count: 256))","Service":{"Service":"w"}}"#,
            "Name is longer than 255 octets"
        ),
        (#"{"Name":"a\u0000","Service":{"Service":"w"}}"#, "Name contains a control character"),
    ]) func `what is no query is refused`(_ body: String, _ says: String) async throws {
        try await LiveAPI.run { api in
            _ = try await create(api, Self.web)
            try await WrongRequest("POST", "/v1/query", says, body: body).expectRefusal(by: api)
        }
    }

    @Test(arguments: [
        WrongRequest("GET", "/v1/query/name", "failed prepared query lookup: index error: UUID must be 36 characters"),
        WrongRequest("GET", "/v1/query/00000000-0000-0000-0000-000000000000", "Query not found", status: 404),
        WrongRequest(
            "PUT", "/v1/query/name", "Prepared Query lookup failed: failed prepared query lookup: index error",
            body: "{}"),
        WrongRequest(
            "DELETE", "/v1/query/name", "Prepared Query lookup failed: failed prepared query lookup: index error"),
        WrongRequest(
            "PUT", "/v1/query/00000000-0000-0000-0000-000000000000",
            "Cannot modify non-existent prepared query: '00000000-0000-0000-0000-000000000000'", body: web, status: 404),
        WrongRequest(
            "DELETE", "/v1/query/00000000-0000-0000-0000-000000000000",
            "Cannot modify non-existent prepared query: '00000000-0000-0000-0000-000000000000'", status: 404),
        WrongRequest("GET", "/v1/query/none/execute", "Query not found", status: 404),
        WrongRequest("GET", "/v1/query/none/explain", "Query not found", status: 404),
        WrongRequest("GET", "/v1/query/none/execute?limit=x", "Bad limit: \"x\" is not a whole number"),
        WrongRequest("GET", "/v1/query/none/execute?connect=true", "there is no service mesh"),
        WrongRequest("GET", "/v1/query/none/execute?dc=dc9", "No path to datacenter"),
        WrongRequest("GET", "/v1/query/\(String(repeating: "n", count: 513))/execute", "is longer than 512 octets"),
        WrongRequest("GET", "/v1/query?index=x", "Invalid index"),
        WrongRequest("PUT", "/v1/query", #"method "PUT" not allowed"#, status: 405),
        WrongRequest("POST", "/v1/query/x", #"method "POST" not allowed"#, status: 405),
        WrongRequest("PUT", "/v1/query/x/execute", #"method "PUT" not allowed"#, status: 405),
        WrongRequest("POST", "/v1/query?dc=dc9", "No path to datacenter", body: web),
    ]) func `a wrong request changes nothing`(_ request: WrongRequest) async throws {
        try await LiveAPI.run { try await request.expectRefusal(by: $0) }
    }

    private func register(_ api: LiveAPI) async throws {
        try await api.register(
            #"{"Name":"web","ID":"w1","Tags":["a","b"],"Meta":{"v":"1"},"Check":{"CheckID":"c1","TTL":"1h","Status":"passing"}}"#
        )
        try await api.register(
            #"{"Name":"web","ID":"w2","Tags":["a","c"],"Meta":{"v":"2"},"Check":{"CheckID":"c2","TTL":"1h","Status":"warning"}}"#
        )
    }

    private func create(_ api: LiveAPI, _ body: String) async throws -> String {
        let answer = try await api.ask("POST", "/v1/query", body)
        let id = try #require(answer.body.firstMatch(of: /^{"ID":"([0-9a-f-]{36})"}$/), "\(answer.body)")
        return String(id.output.1)
    }

    /// Of the instances in an answer.
    private func ids(_ answer: Answer) throws -> [String] {
        try #require(answer.status == 200, "\(answer.body)")
        return answer.body.matches(of: /"ID":"(w\d)"/).map { String($0.output.1) }.sorted()
    }
}
