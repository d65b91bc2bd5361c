import NIOCore
import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Transactions over HTTP` {
    @Test(arguments: [
        Exchange(
            "keys are set and read in order",
            txn(
                #"{"KV":{"Verb":"set","Key":"a","Value":"MQ==","Flags":7}},{"kv":{"verb":"get","key":"a"}}"#,
                results(kv("a", nil, flags: 7), kv("a", "MQ==", flags: 7))),
            txn(
                #"{"KV":{"Verb":"set","Key":"a/b","Value":""}},{"KV":{"Verb":"get-tree","Key":"a"}}"#,
                results(kv("a/b", nil), kv("a", "MQ==", flags: 7), kv("a/b", nil))),
            get("/v1/kv/?keys", 200, #"["a","a/b"]"#)),
        Exchange(
            "what only reads says how it was read",
            put("/v1/kv/a", "1"),
            txn(#"{"KV":{"Verb":"get","Key":"a"}}"#, results(kv("a", "MQ=="), read: 2)),
            txn(#"{"KV":{"Verb":"get-tree","Key":"none"}}"#, results(read: 2)),
            txn(#"{"KV":{"Verb":"check-not-exists","Key":"b"}},{}"#, results(read: 2)), txn("", results(read: 2)),
            txn(#"{"KV":{"Verb":"get","Key":"b"}}"#, errors([(0, #"key \"b\" doesn't exist"#)], read: 2), status: 409)),
        Exchange(
            "deletions, each its own",
            put("/v1/kv/d/1", "1"), put("/v1/kv/d/2", "2"), put("/v1/kv/e", "3"), put("/v1/kv/f", "4"),
            txn(
                #"{"KV":{"Verb":"delete","Key":"e"}},{"KV":{"Verb":"delete","Key":"e"}},"#
                    + #"{"KV":{"Verb":"delete-tree","Key":"d/"}},{"KV":{"Verb":"delete-cas","Key":"none","Index":9}},"#
                    + #"{"KV":{"Verb":"delete-cas","Key":"f","Index":5}},{"KV":{"Verb":"check-not-exists","Key":"d/1"}}"#,
                results()),
            get("/v1/kv/?keys", 200, "[]")),
        Exchange(
            "what was changed before counts, also what the transaction itself changed",
            put("/v1/kv/a", "1"),
            txn(
                #"{"KV":{"Verb":"check-index","Key":"a","Index":2}},{"KV":{"Verb":"cas","Key":"a","Value":"Mg==","Index":2}},"#
                    + #"{"KV":{"Verb":"check-index","Key":"a","Index":3}},{"KV":{"Verb":"cas","Key":"b","Index":0}}"#,
                results(kv("a", nil), kv("a", nil), kv("a", nil), kv("b", nil)))),
        Exchange(
            "every fault is told, and nothing is done",
            put("/v1/kv/a", "1"),
            txn(
                #"{"KV":{"Verb":"set","Key":"new","Value":"MQ=="}},{"KV":{"Verb":"cas","Key":"a","Index":9}},"#
                    + #"{"KV":{"Verb":"check-index","Key":"a","Index":9}},{"KV":{"Verb":"check-not-exists","Key":"a"}},"#
                    + #"{"KV":{"Verb":"delete-cas","Key":"a","Index":9}},{"KV":{"Verb":"check-session","Key":"a","Session":"s"}},"#
                    + #"{"KV":{"Verb":"check-index","Key":"z","Index":1}},{"KV":{"Verb":"check-session","Key":"z","Session":"s"}},"#
                    + #"{"KV":{"Verb":"unlock","Key":"a","Session":"s"}},{"KV":{"Verb":"lock","Key":"a","Session":"s"}},"#
                    + #"{"KV":{"Verb":"lock","Key":"a"}},{"KV":{"Verb":"bad","Key":"a"}},{"KV":{"Verb":"set"}},"#
                    + #"{"KV":{"Verb":"set","Key":"/a"}},{"KV":{"Verb":"get-tree","Key":"/"}}"#,
                errors([
                    (1, #"failed to set key \"a\", index is stale"#),
                    (2, #"failed index check for key \"a\", current modify index 2 != 9"#),
                    (3, #"key \"a\" exists"#), (4, #"failed to delete key \"a\", index is stale"#),
                    (5, #"failed session check for key \"a\", current session \"\" != \"s\""#),
                    (6, #"failed to check index, key \"z\" doesn't exist"#),
                    (7, #"failed to check session, key \"z\" doesn't exist"#),
                    (8, #"failed to unlock key \"a\", lock isn't held, or is held by another session"#),
                    (9, #"invalid session \"s\""#), (10, "missing session"), (11, #"unknown KV verb \"bad\""#),
                    (12, "Must provide key"), (13, "Invalid key. Key must not begin with a '/': /a"),
                    (14, "Invalid key. Key must not begin with a '/': /"),
                ]), status: 409),
            get("/v1/kv/?keys", 200, #"["a"]"#)),
        Exchange(
            "nodes, services and checks",
            txn(
                #"{"Node":{"Verb":"set","Node":{"Node":"n9","Address":"10.0.0.9","Meta":{"a":"b"}}}},"#
                    + #"{"Service":{"Verb":"set","Node":"n9","Service":{"ID":"w1","Service":"web","Port":80,"Proxy":{},"Connect":{}}}},"#
                    + #"{"Check":{"Verb":"set","Check":{"Node":"n9","CheckID":"c1","Name":"c","Status":"passing","ServiceID":"w1"}}},"#
                    + #"{"Service":{"Verb":"get","Node":"N9","Service":{"ID":"w1"}}}"#, nil),
            get("/v1/health/service/web?passing", 200),
            txn(
                #"{"Node":{"Verb":"get","Node":{"Node":"n8"}}},{"Service":{"Verb":"get","Node":"n9","Service":{"ID":"z"}}},"#
                    + #"{"Check":{"Verb":"get","Check":{"Node":"n9","CheckID":"z"}}},"#
                    + #"{"Node":{"Verb":"cas","Node":{"Node":"n9","Address":"10.0.0.8","ModifyIndex":1}}},"#
                    + #"{"Service":{"Verb":"cas","Node":"n9","Service":{"ID":"w1","Service":"web","ModifyIndex":1}}},"#
                    + #"{"Check":{"Verb":"cas","Check":{"Node":"n9","CheckID":"c1","Status":"passing","ModifyIndex":1}}},"#
                    + #"{"Node":{"Verb":"delete-cas","Node":{"Node":"n9","ModifyIndex":1}}},"#
                    + #"{"Service":{"Verb":"delete-cas","Node":"n9","Service":{"ID":"w1","ModifyIndex":1}}},"#
                    + #"{"Check":{"Verb":"delete-cas","Check":{"Node":"n9","CheckID":"c1","ModifyIndex":1}}},"#
                    + #"{"Service":{"Verb":"set","Node":"n7","Service":{"Service":"web"}}},"#
                    + #"{"Node":{"Verb":"bad","Node":{"Node":"n9"}}},{"Service":{"Verb":"bad","Node":"n9","Service":{"ID":"w1"}}},"#
                    + #"{"Check":{"Verb":"bad","Check":{"Node":"n9","CheckID":"c1"}}},{"Node":{"Verb":"get","Node":{}}}"#,
                errors([
                    (0, #"node \"n8\" doesn't exist"#), (1, #"service \"z\" on node \"n9\" doesn't exist"#),
                    (2, #"check \"z\" on node \"n9\" doesn't exist"#),
                    (3, #"failed to set node \"n9\", index is stale"#),
                    (4, #"failed to set service \"w1\" on node \"n9\", index is stale"#),
                    (5, #"failed to set check \"c1\" on node \"n9\", index is stale"#),
                    (6, #"failed to delete node \"n9\", index is stale"#),
                    (7, #"failed to delete service \"w1\" on node \"n9\", index is stale"#),
                    (8, #"failed to delete check \"c1\" on node \"n9\", index is stale"#),
                    (9, #"no node \"n7\" is registered"#), (10, #"unknown Node verb \"bad\""#),
                    (11, #"unknown Service verb \"bad\""#), (12, #"unknown Check verb \"bad\""#),
                    (13, "Must provide node"),
                ]), status: 409),
            txn(
                #"{"Check":{"Verb":"delete","Check":{"Node":"n9","CheckID":"c1"}}},"#
                    + #"{"Service":{"Verb":"delete","Node":"n9","Service":{"ID":"w1"}}},"#
                    + #"{"Node":{"Verb":"delete","Node":{"Node":"n9"}}},{"Node":{"Verb":"delete","Node":{"Node":"n9"}}}"#,
                results()),
            get("/v1/catalog/service/web", 200, "[]")),
        Exchange(
            "what belongs to others stays",
            put("/v1/agent/service/register", #"{"name":"web","port":1}"#, ""),
            txn(
                #"{"Service":{"Verb":"set","Node":"server01","Service":{"Service":"web","Port":2}}},"#
                    + #"{"Node":{"Verb":"delete","Node":{"Node":"SERVER01"}}},"#
                    + #"{"Node":{"Verb":"set","Node":{"Node":"server01","Address":"10.0.0.1"}}}"#, nil, status: 409),
            get("/v1/catalog/node/server01", 200)),
    ]) func `are done as Consul's`(_ exchange: Exchange) async throws {
        try await LiveAPI.run { try await exchange.run(on: $0) }
    }

    @Test func `locks are taken, checked and given up`() async throws {
        try await LiveAPI.run { api in
            let a = try await session(api), b = try await session(api)
            let steps = Exchange(
                "locks",
                txn(
                    #"{"KV":{"Verb":"lock","Key":"k","Value":"MQ==","Session":"\#(a)"}},"#
                        + #"{"KV":{"Verb":"check-session","Key":"k","Session":"\#(a)"}}"#, nil),
                txn(
                    #"{"KV":{"Verb":"lock","Key":"k","Session":"\#(b)"}}"#,
                    errors([(0, #"failed to lock key \"k\", lock is already held"#)]), status: 409),
                put("/v1/session/destroy/\(a)"),
                txn(
                    #"{"KV":{"Verb":"lock","Key":"k","Session":"\#(b)"}}"#,
                    errors([(0, #"failed to lock key \"k\" due to lock delay"#)]), status: 409),
                txn(
                    #"{"KV":{"Verb":"lock","Key":"l","Session":"\#(b)"}},{"KV":{"Verb":"unlock","Key":"l","Value":"Mg==","Session":"\#(b)"}}"#,
                    nil), get("/v1/kv/l?raw", 200, "2"))
            try await steps.run(on: api)
        }
    }

    @Test func `one transaction is one change to those who wait`() async throws {
        try await LiveAPI.run { api in
            let reader = try await api.reader("/v1/kv/d/?recurse&index=1")
            let operations = (1...64).map { #"{"KV":{"Verb":"set","Key":"d/\#($0)","Value":"MQ=="}}"# }
            let answer = try await api.put("/v1/txn", "[\(operations.joined(separator: ","))]")
            #expect(answer.status == 200)
            try await #expect(reader.answer().body.matches(of: /"Key"/).count == 64)
        }
    }

    @Test(arguments: [
        WrongRequest("PUT", "/v1/txn", "Failed to parse body"),
        WrongRequest("PUT", "/v1/txn", "Failed to parse body: it must be an array, not an object", body: "{}"),
        WrongRequest("PUT", "/v1/txn", "Failed to parse body", body: "[}"),
        WrongRequest("PUT", "/v1/txn", "text after the value", body: "[] []"),
        WrongRequest("PUT", "/v1/txn", "operation 0 must be an object", body: "[1]"),
        WrongRequest("PUT", "/v1/txn", #"unknown field "operation 0.Foo""#, body: #"[{"Foo":{}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", #"unknown field "operation 1.Session""#, body: #"[{},{"Session":{"Verb":"delete"}}]"#),
        WrongRequest("PUT", "/v1/txn", "KV.Foo", body: #"[{"KV":{"Verb":"get","Key":"a","Foo":1}}]"#),
        WrongRequest("PUT", "/v1/txn", "KV must be an object", body: #"[{"KV":[]}]"#),
        WrongRequest("PUT", "/v1/txn", "operation 0 must be an object, not null", body: "[null]"),
        WrongRequest("QUERY", "/v1/txn", #"method "QUERY" not allowed"#, body: "[]", status: 405),
        WrongRequest(
            "PUT", "/v1/txn", "Value must be Base64", body: #"[{"KV":{"Verb":"set","Key":"a","Value":"!!!"}}]"#),
        WrongRequest("PUT", "/v1/txn", "Value must be a string", body: #"[{"KV":{"Verb":"set","Key":"a","Value":5}}]"#),
        WrongRequest("PUT", "/v1/txn", "Flags must be a whole", body: #"[{"KV":{"Verb":"set","Key":"a","Flags":-1}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "Index must be a whole", body: #"[{"KV":{"Verb":"cas","Key":"a","Index":"1"}}]"#),
        WrongRequest("PUT", "/v1/txn", "Verb must be a string", body: #"[{"KV":{"Verb":1,"Key":"a"}}]"#),
        WrongRequest("PUT", "/v1/txn", "Key must be a string", body: #"[{"KV":{"Verb":"get","Key":1}}]"#),
        WrongRequest("PUT", "/v1/txn", "is not supported", body: #"[{"KV":{"Verb":"get","Key":"a","Namespace":"x"}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "exclude each other",
            body: #"[{"KV":{"Verb":"set","Key":"a"},"Node":{"Verb":"get","Node":{"Node":"n"}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "Node.Node.Address is missing", body: #"[{"Node":{"Verb":"set","Node":{"Node":"n6"}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "is no UUID",
            body: #"[{"Node":{"Verb":"set","Node":{"Node":"n6","ID":"x","Address":"10.0.0.1"}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "cannot be a DNS label", body: #"[{"Node":{"Verb":"get","Node":{"Node":"a b"}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "Missing service name",
            body: #"[{"Service":{"Verb":"set","Node":"server01","Service":{"Port":1}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "Port must be a whole number",
            body: #"[{"Service":{"Verb":"set","Node":"server01","Service":{"Service":"web","Port":65536}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "not a service mesh",
            body: #"[{"Service":{"Verb":"set","Node":"server01","Service":{"Service":"web","Kind":"connect-proxy"}}}]"#),
        WrongRequest(
            "PUT", "/v1/txn", "must be passing, warning or critical",
            body: #"[{"Check":{"Verb":"set","Check":{"Node":"server01","CheckID":"c","Status":"bogus"}}}]"#),
        WrongRequest("PUT", "/v1/txn?dc=dc9", "No path to datacenter", body: "[]"),
        WrongRequest("GET", "/v1/txn", #"method "GET" not allowed"#, status: 405),
        WrongRequest(
            "PUT", "/v1/txn", "Transaction contains too many operations (65 > 64)",
            body: "[\((1...65).map { #"{"KV":{"Verb":"set","Key":"k\#($0)"}}"# }.joined(separator: ","))]", status: 413),
        WrongRequest(
            "PUT", "/v1/txn", "Must provide key", body: #"[{"KV":{"Verb":"set","Key":"a"}},{"KV":{"Verb":"set"}}]"#,
            status: 409),
    ]) func `change nothing where the request is wrong`(_ request: WrongRequest) async throws {
        try await LiveAPI.run { try await request.expectRefusal(by: $0) }
    }

    @Test func `a body has at most 512 KiB`() async throws {
        try await LiveAPI.run { api in
            let answer = try await api.send(
                "PUT /v1/txn HTTP/1.1\r\nHost: localhost\r\nContent-Length: 524289\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.hasSuffix("Request body(524289 bytes) too large, max size: 524288 bytes."))
        }
    }

    private func session(_ api: LiveAPI) async throws -> String {
        let body = try await api.put("/v1/session/create").body
        return String(try #require(body.firstMatch(of: /"ID":"([0-9a-f-]{36})"/)).output.1)
    }
}

private func txn(_ operations: String, _ answer: String?, status: Int = 200) -> Exchange.Step {
    put("/v1/txn", "[\(operations)]", answer, status: status)
}

private func kv(_ name: String, _ value: String?, flags: Int = 0) -> String {
    let value = value.map { "\"\($0)\"" } ?? "null"
    return
        #"{"KV":{"CreateIndex":N,"Flags":\#(flags),"Key":"\#(name)","LockIndex":0,"ModifyIndex":N,"Value":\#(value)}}"#
}

private func results(_ results: String..., read index: Int? = nil) -> String {
    answer(errors: "null", results: "[\(results.joined(separator: ","))]", read: index)
}

private func errors(_ errors: [(Int, String)], read index: Int? = nil) -> String {
    let errors = errors.map { #"{"OpIndex":\#($0.0),"What":"\#($0.1)"}"# }.joined(separator: ",")
    return answer(errors: "[\(errors)]", results: "null", read: index)
}

private func answer(errors: String, results: String, read index: Int?) -> String {
    guard let index else { return #"{"Errors":\#(errors),"Results":\#(results)}"# }
    return #"{"ConsistencyLevel":"","Errors":\#(errors),"Index":\#(index),"KnownLeader":true,"LastContact":0,"#
        + #""Results":\#(results)}"#
}
