import NIOCore
import Registry
import Testing

@testable import HTTPAPI

/// Requests in order, and what is answered to each.
struct Exchange: CustomTestStringConvertible, Sendable {
    struct Step: Sendable {
        var method: String
        var path: String
        var body: String
        var status: Int
        /// With indexes as `N`; `nil`: whatever.
        var answer: String?
    }

    var name: String
    var steps: [Step]

    init(_ name: String, _ steps: Step...) {
        self.name = name
        self.steps = steps
    }

    var testDescription: String { name }

    /// Sends the requests over one connection.
    func run(on api: LiveAPI) async throws {
        let connection = try await api.connect()
        for step in steps {
            try await connection.ask(step.method, step.path, step.body)
            let answer = try await connection.answer()
            #expect(answer.status == step.status, "\(step.method) \(step.path): \(answer.body)")
            if let expected = step.answer {
                #expect(answer.withoutIndexes == expected, "\(step.method) \(step.path) \(step.body)")
            }
        }
        connection.channel?.close(promise: nil)
    }
}

func get(_ path: String, _ status: Int = 200, _ answer: String? = nil) -> Exchange.Step {
    Exchange.Step(method: "GET", path: path, body: "", status: status, answer: answer)
}

func put(_ path: String, _ body: String = "", _ answer: String? = "true", status: Int = 200) -> Exchange.Step {
    Exchange.Step(method: "PUT", path: path, body: body, status: status, answer: answer)
}

func delete(_ path: String, _ answer: String? = "true", status: Int = 200) -> Exchange.Step {
    Exchange.Step(method: "DELETE", path: path, body: "", status: status, answer: answer)
}

@Suite(.timeLimit(.minutes(1))) struct `Keys over HTTP` {
    @Test(arguments: [
        Exchange(
            "a key is put, read, replaced and removed",
            get("/v1/kv/foo", 404, ""), put("/v1/kv/foo", "bar"),
            get("/v1/kv/foo", 200, json(key("foo", "YmFy"))),
            put("/v1/kv/foo?flags=42", "b\u{0}z"), get("/v1/kv/foo", 200, json(key("foo", "YgB6", flags: 42))),
            delete("/v1/kv/foo"), get("/v1/kv/foo", 404, ""), delete("/v1/kv/foo")),
        Exchange(
            "an empty value is null", put("/v1/kv/e"), get("/v1/kv/e", 200, json(key("e", nil))),
            get("/v1/kv/e?raw", 200, "")),
        Exchange(
            "all keys with a prefix",
            put("/v1/kv/a/", "1"), put("/v1/kv/a/b", "2"), put("/v1/kv/a/c/d", "3"), put("/v1/kv/ab", "4"),
            get("/v1/kv/a/?recurse", 200, json(key("a/", "MQ=="), key("a/b", "Mg=="), key("a/c/d", "Mw=="))),
            get("/v1/kv/a/b?recurse=true", 200, json(key("a/b", "Mg=="))),
            get("/v1/kv/a/?recurse&raw", 200, json(key("a/", "MQ=="), key("a/b", "Mg=="), key("a/c/d", "Mw=="))),
            get("/v1/kv/x?recurse", 404, ""), delete("/v1/kv/a/?recurse"), get("/v1/kv/?keys", 200, #"["ab"]"#),
            delete("/v1/kv/?recurse"), get("/v1/kv/?recurse", 404, ""), delete("/v1/kv/?recurse")),
        Exchange(
            "names as far as a separator",
            get("/v1/kv/?keys", 200, "[]"), get("/v1/kv/a?keys", 404, ""),
            put("/v1/kv/a/", "v"), put("/v1/kv/a/b", "v"), put("/v1/kv/a/c", "v"), put("/v1/kv/a/d/e", "v"),
            put("/v1/kv/a/d/f", "v"), put("/v1/kv/b", "v"),
            get("/v1/kv/a/?keys&separator=/", 200, #"["a/","a/b","a/c","a/d/"]"#),
            get("/v1/kv/a?keys&separator=/", 200, #"["a/"]"#),
            get("/v1/kv/?keys&separator=/", 200, #"["a/","b"]"#), get("/v1/kv?keys&seperator=/", 200, #"["a/","b"]"#),
            get("/v1/kv/a/?keys&separator=", 200, #"["a/","a/b","a/c","a/d/e","a/d/f"]"#),
            get("/v1/kv/a/d?keys&recurse", 200, #"["a/d/e","a/d/f"]"#)),
        Exchange(
            "names that URLs encode",
            put("/v1/kv/%E2%82%AC%20x%2Fy+z", "v"), get("/v1/kv/%E2%82%AC?keys", 200, #"["€ x/y+z"]"#),
            get("/v1/kv/%E2%82%AC%20x/y+z?raw", 200, "v"), put("/v1/kv/a//b/../%3F%25", "w"),
            get("/v1/kv/a?keys", 200, #"["a//b/../?%"]"#), put("/v1/kv/\"\\", "q"),
            get("/v1/kv/%22?keys", 200, #"["\"\\"]"#)),
        Exchange(
            "only if nobody was first",
            put("/v1/kv/c?cas=7", "x", "false"), put("/v1/kv/c?cas=0", "1"), put("/v1/kv/c?cas=0", "2", "false"),
            put("/v1/kv/c?cas=1", "2", "false"), get("/v1/kv/c?raw", 200, "1"), delete("/v1/kv/c?cas=0", "false"),
            delete("/v1/kv/c?cas=1", "false"), delete("/v1/kv/x?cas=5"), put("/v1/kv/c?cas=2", "2"),
            delete("/v1/kv/c?cas=3"), get("/v1/kv/c", 404)),
    ]) func `are read and written as Consul's`(_ exchange: Exchange) async throws {
        try await LiveAPI.run { try await exchange.run(on: $0) }
    }

    @Test func `a value is given back octet by octet and is nothing that a browser runs`() async throws {
        try await LiveAPI.run { api in
            _ = try await api.put("/v1/kv/page", "<script>\u{e9}")
            let answer = try await api.get("/v1/kv/page?raw")
            #expect(answer.body == "<script>\u{e9}")
            #expect(answer.index == api.registry.snapshot.index)
            for header in [
                "Content-Type: text/plain", "X-Content-Type-Options: nosniff", "Content-Security-Policy: sandbox",
            ] {
                #expect(answer.headers.lowercased().contains(header.lowercased()), "\(answer.headers)")
            }
        }
    }

    @Test func `a value has at most 512 KiB`() async throws {
        try await LiveAPI.run { api in
            let value = String(repeating: "v", count: 512 << 10)
            try await #expect(api.put("/v1/kv/big", value).body == "true")
            try await #expect(api.get("/v1/kv/big?raw").body == value)
            for more in [value + "v", value + value + value] {
                let answer = try await api.send(
                    "PUT /v1/kv/more HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(more.utf8.count)\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 413 "))
                #expect(
                    answer.hasSuffix("Request body(\(more.utf8.count) bytes) too large, max size: 524288 bytes."),
                    "\(answer)")
            }
            try await #expect(api.get("/v1/kv/more").status == 404)
        }
    }

    @Test(arguments: [
        WrongRequest("GET", "/v1/kv/", "Missing key name"), WrongRequest("PUT", "/v1/kv", "Missing key name"),
        WrongRequest("PUT", "/v1/kv/", "Missing key name"), WrongRequest("DELETE", "/v1/kv/", "Missing key name"),
        WrongRequest("PUT", "/v1/kv//a", "must not begin with a '/'"),
        WrongRequest("PUT", "/v1/kv/%2Fa", "must not begin with a '/'"),
        WrongRequest("GET", "/v1/kv//?recurse", "must not begin with a '/'"),
        WrongRequest("DELETE", "/v1/kv//?recurse", "must not begin with a '/'"),
        WrongRequest("PUT", "/v1/kv/a%0Ab", "contains a control character"),
        WrongRequest("PUT", "/v1/kv/a%00", "contains a control character"),
        WrongRequest("PUT", "/v1/kv/%ff", "the path must be UTF-8"),
        WrongRequest("PUT", "/v1/kv/%C0%AF", "the path must be UTF-8"),
        WrongRequest("PUT", "/v1/kv/%zz", "the path must be UTF-8"),
        WrongRequest("PUT", "/v1/kv/\(String(repeating: "k", count: 1025))", "1025 octets, more than 1024"),
        WrongRequest("PUT", "/v1/kv/k?flags=-1", "?flags must be a whole number from 0 to 18446744073709551615"),
        WrongRequest("PUT", "/v1/kv/k?flags=abc", #"not "abc""#), WrongRequest("PUT", "/v1/kv/k?flags=", #"not """#),
        WrongRequest("PUT", "/v1/kv/k?flags=%2B1", "?flags must be"),
        WrongRequest("PUT", "/v1/kv/k?flags=18446744073709551616", "?flags must be"),
        WrongRequest("PUT", "/v1/kv/k?cas=abc", "?cas must be"), WrongRequest("PUT", "/v1/kv/k?cas", "?cas must be"),
        WrongRequest("PUT", "/v1/kv/k?cas=1.5", "?cas must be"),
        WrongRequest("DELETE", "/v1/kv/k?cas=-1", "?cas must be"),
        WrongRequest("PUT", "/v1/kv/k?cas=0&acquire=x", "Conflicting flags: cas&acquire"),
        WrongRequest("PUT", "/v1/kv/k?acquire=a&release=b", "Conflicting flags: acquire&release"),
        WrongRequest("PUT", "/v1/kv/k?cas=0&release=b", "Conflicting flags: cas&release"),
        WrongRequest("DELETE", "/v1/kv/k?recurse&cas=1", "Conflicting flags: cas&recurse"),
        WrongRequest("PUT", "/v1/kv/k?acquire=", "missing session"),
        WrongRequest("PUT", "/v1/kv/k?release=", "missing session"),
        WrongRequest("PUT", "/v1/kv/k?acquire=a", #"invalid session "a""#),
        WrongRequest("PUT", "/v1/kv/k?dc=dc9", "No path to datacenter"),
        WrongRequest("DELETE", "/v1/kv/k?dc=dc9", "No path to datacenter"),
        WrongRequest("GET", "/v1/kv/k?ns=x", "?ns is not supported"),
        WrongRequest("GET", "/v1/kv/k?index=abc", "Invalid index"),
        WrongRequest("GET", "/v1/kv/k?wait=1", "Invalid wait time"),
        WrongRequest("GET", "/v1/kv/k?stale&consistent", "conflicting semantics"),
        WrongRequest("POST", "/v1/kv/k", #"method "POST" not allowed"#, status: 405),
        WrongRequest("HEAD", "/v1/kv/k", nil, status: 405),
    ]) func `are not touched by a request that is wrong`(_ request: WrongRequest) async throws {
        try await LiveAPI.run { api in
            try await #require(api.put("/v1/kv/k", "v").body == "true")
            try await request.expectRefusal(by: api)
        }
    }

    @Test(arguments: [
        KeyWake("foo", not: [.put("fo"), .put("foo/x"), .put("bar")], by: .put("foo")),
        KeyWake("foo", not: [.delete("bar")], by: .delete("foo")),
        KeyWake("nope", not: [.put("foo"), .delete("bar"), .put("nope/x")], by: .put("nope")),
        KeyWake("dir/?recurse", not: [.put("foo"), .delete("bar"), .put("dir")], by: .put("dir/new")),
        KeyWake("dir/?recurse", not: [.put("foo")], by: .delete("dir/a")),
        KeyWake("dir/?recurse", not: [], by: .put("dir/a")),
        KeyWake("dir/?keys", not: [.delete("bar")], by: .deleteAll("di")),
        KeyWake("dir/sub/?keys&separator=/", not: [.put("dir/a")], by: .deleteAll("dir/")),
        KeyWake("none/?recurse", not: [.put("foo"), .delete("bar")], by: .put("none/x")),
        KeyWake("?keys", not: [], by: .put("anything")),
        KeyWake("?recurse", not: [], by: .deleteAll("")),
    ]) func `wake who reads them, and nobody else`(_ wake: KeyWake) async throws {
        try await LiveAPI.run { api in
            for key in ["foo", "bar", "dir/a", "dir/b", "dir/sub/x"] { _ = try await api.put("/v1/kv/\(key)", "v") }
            let path = "/v1/kv/\(wake.path)"
            let index = try await api.get(path).index
            let service = try await api.reader("/v1/health/service/web?index=1")
            let reader = try await api.reader("\(path)\(path.contains("?") ? "&" : "?")index=\(index)")
            for other in wake.others { try await other.make(on: api) }
            #expect(reader.received == "" && api.waiting == 2)
            try await wake.change.make(on: api)
            let answer = try await reader.answer()
            #expect(answer.index > index)
            #expect(try await api.get(path).body == answer.body)
            #expect(api.waiting == 1 && service.received == "")
        }
    }

    @Test func `a value that stays the same wakes nobody`() async throws {
        try await LiveAPI.run { api in
            _ = try await api.put("/v1/kv/k", "v")
            let index = try await api.get("/v1/kv/k").index
            let reader = try await api.reader("/v1/kv/k?index=\(index)")
            try await #expect(api.put("/v1/kv/k", "v").body == "true")
            #expect(api.waiting == 1)
            _ = try await api.put("/v1/kv/k", "w")
            try await #expect(reader.answer().index > index)
        }
    }

    /// Two writers and ten readers that go from index to index: none sees it go back or misses the end.
    @Test func `indexes of a prefix never go back and no change is missed`() async throws {
        try await LiveAPI.run { api in
            try await withThrowingTaskGroup { group in
                for writer in 1...2 {
                    group.addTask {
                        let connection = try await api.connect()
                        for round in 1...60 {
                            let remove = round % 3 == 0
                            try await connection.ask(
                                remove ? "DELETE" : "PUT", "/v1/kv/dir/\(writer)/\(round % 5)", "\(round)")
                            try await #expect(connection.answer().body == "true")
                        }
                        try await connection.ask("PUT", "/v1/kv/dir/end/\(writer)", "")
                        _ = try await connection.answer()
                    }
                }
                for _ in 0..<10 {
                    group.addTask {
                        let reader = try await api.connect()
                        var index: UInt64 = 0
                        var body = ""
                        while !(body.contains("dir/end/1") && body.contains("dir/end/2")) {
                            try await reader.ask("/v1/kv/dir/?recurse&index=\(index)&wait=20s")
                            let answer = try await reader.answer()
                            #expect(answer.index > index)
                            (index, body) = (answer.index, answer.body)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// A request that is the client's fault.
struct WrongRequest: CustomTestStringConvertible, Sendable {
    var method: String
    var path: String
    var body: String
    /// A part of the answer; `nil`: it has none.
    var says: String?
    var status: Int

    init(_ method: String, _ path: String, _ says: String?, body: String = "", status: Int = 400) {
        self.method = method
        self.path = path
        self.body = body
        self.says = says
        self.status = status
    }

    var testDescription: String { "\(method) \(path.prefix(80)) \(body.prefix(80))" }

    /// Sends it: it is refused with a sentence, changes nothing, and the connection serves on.
    func expectRefusal(by api: LiveAPI) async throws {
        let before = api.registry.snapshot
        let connection = try await api.connect()
        try await connection.ask(method, path, body)
        if let says {
            let answer = try await connection.answer()
            #expect(answer.status == status, "\(answer.body)")
            #expect(answer.body.contains(says), "\(answer.body)")
            #expect(answer.body.utf8.count < 500)
            try await connection.ask("/v1/status/leader")
            try await #expect(connection.answer().status == 200)
        } else {
            try await connection.receive(first: "HTTP/1.1 \(status) ")
        }
        connection.channel?.close(promise: nil)
        #expect(api.registry.snapshot.index == before.index)
    }
}

/// A read that waits, changes that leave it waiting, and one that wakes it.
struct KeyWake: CustomTestStringConvertible, Sendable {
    enum Change: Sendable {
        case put(String)
        case delete(String)
        case deleteAll(String)

        func make(on api: LiveAPI) async throws {
            let answer =
                switch self {
                case .put(let key): try await api.put("/v1/kv/\(key)", "new")
                case .delete(let key): try await api.delete("/v1/kv/\(key)")
                case .deleteAll(let prefix): try await api.delete("/v1/kv/\(prefix)?recurse")
                }
            #expect(answer.body == "true")
        }
    }

    let path: String
    let others: [Change]
    let change: Change

    init(_ path: String, not others: [Change], by change: Change) {
        self.path = path
        self.others = others
        self.change = change
    }

    var testDescription: String { "\(path): not \(others), but \(change)" }
}

private func key(_ name: String, _ value: String?, flags: Int = 0) -> String {
    let value = value.map { "\"\($0)\"" } ?? "null"
    return #"{"CreateIndex":N,"Flags":\#(flags),"Key":"\#(name)","LockIndex":0,"ModifyIndex":N,"Value":\#(value)}"#
}

private func json(_ elements: String...) -> String { "[\(elements.joined(separator: ","))]" }
