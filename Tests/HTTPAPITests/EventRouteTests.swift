import NIOCore
import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Events over HTTP` {
    @Test func `what is told is heard, with what came along and in order`() async throws {
        try await LiveAPI.run { api in
            let none = try await api.get("/v1/event/list")
            #expect(none.body == "[]" && none.index == 1)
            let told = try await api.put("/v1/event/fire/deploy", "pay\u{0}load")
            let id = try #require(told.body.firstMatch(of: /"ID":"([0-9a-f-]{36})"/)).output.1
            #expect(told.body == event(id, "deploy", "cGF5AGxvYWQ=", time: 0))
            let list = try await api.get("/v1/event/list")
            #expect(list.body == "[\(event(id, "deploy", "cGF5AGxvYWQ=", time: 2))]")
            let empty = try await api.put("/v1/event/fire/restart").body
            #expect(empty.contains(#""Payload":null"#))
            let names = try await api.get("/v1/event/list").body.matches(of: /"Name":"(\w+)"/).map(\.output.1)
            #expect(names == ["deploy", "restart"])
            try await #expect(api.get("/v1/event/list?name=restart").body.contains("deploy") == false)
        }
    }

    @Test func `the index of a list is made from the id of its newest event`() throws {
        let event = Event(id: "4dbd53e7-0a99-cada-5c6b-87a1a3144add", name: "x")
        #expect(event.listIndex == 1_285_448_143_618_277_383)
    }

    @Test func `who waits hears of the next event of that name alone`() async throws {
        try await LiveAPI.run { api in
            _ = try await api.put("/v1/event/fire/deploy")
            let index = try await api.get("/v1/event/list?name=deploy").index
            let reader = try await api.reader("/v1/event/list?name=deploy&index=\(index)")
            let anyone = try await api.reader("/v1/event/list?index=\(index)")
            let key = try await api.reader("/v1/kv/k?index=1")
            let first = try await api.reader("/v1/event/list?name=first&index=1")
            _ = try await api.put("/v1/event/fire/other")
            try await #expect(anyone.answer().body.contains("other"))
            try await eventually { api.waiting == 3 }
            _ = try await api.put("/v1/event/fire/deploy")
            let answer = try await reader.answer()
            #expect(answer.index != index && answer.body.matches(of: /"Name":"deploy"/).count == 2)
            _ = try await api.put("/v1/event/fire/first")
            try await #expect(first.answer().body.contains("first"))
            #expect(key.received == "")
            // An index that is not the newest event's is answered at once, greater or not.
            for index in [index, 2, .max] { try await #expect(api.get("/v1/event/list?index=\(index)").status == 200) }
        }
    }

    @Test func `the newest 256 are kept`() async throws {
        try await LiveAPI.run { api in
            let connection = try await api.connect()
            for number in 1...260 {
                try await connection.ask("PUT", "/v1/event/fire/e\(number)", "")
                _ = try await connection.answer()
            }
            let names = try await api.get("/v1/event/list").body.matches(of: /"Name":"(\w+)"/).map(\.output.1)
            #expect(names.count == 256 && names.first == "e5" && names.last == "e260")
            connection.channel?.close(promise: nil)
        }
    }

    @Test(arguments: [
        ("?node=server", true), ("?node=%5Eserver01$", true), ("?node=other", false), ("?service=web", true),
        ("?service=w.b", true), ("?service=db", false), ("?service=web&tag=v1", true), ("?service=web&tag=v2", false),
        ("?node=server&service=web&tag=v", true), ("?node=other&service=web", false),
    ]) func `an event is heard by those it is for`(_ query: String, _ isHeard: Bool) async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","tags":["v1"]}"#)
            try await #expect(api.put("/v1/event/fire/x\(query)").status == 200)
            try await #expect((api.get("/v1/event/list").body != "[]") == isHeard)
            try await #expect(api.get("/v1/event/list?service=nobody").body == "[]")
        }
    }

    @Test(arguments: [
        WrongRequest("PUT", "/v1/event/fire", "Missing name"), WrongRequest("PUT", "/v1/event/fire/", "Missing name"),
        WrongRequest("PUT", "/v1/event/fire/x?tag=v1", "Cannot provide tag filter without service filter"),
        WrongRequest("PUT", "/v1/event/fire/x?node=(", "Invalid node filter: "),
        WrongRequest("PUT", "/v1/event/fire/x?service=%5B", "Invalid service filter: "),
        WrongRequest("PUT", "/v1/event/fire/x?service=a&tag=*", "Invalid tag filter: "),
        WrongRequest("PUT", "/v1/event/fire/x?node=\(String(repeating: "n", count: 257))", "longer than 256 octets"),
        WrongRequest("PUT", "/v1/event/fire/\(String(repeating: "n", count: 129))", "longer than 128 octets"),
        WrongRequest("PUT", "/v1/event/fire/a%0A", "without control characters"),
        WrongRequest("PUT", "/v1/event/fire/x?dc=dc9", "No path to datacenter"),
        WrongRequest("GET", "/v1/event/fire/x", #"method "GET" not allowed"#, status: 405),
        WrongRequest("PUT", "/v1/event/list", #"method "PUT" not allowed"#, status: 405),
        WrongRequest("GET", "/v1/event/list?index=x", "Invalid index"),
        WrongRequest("GET", "/v1/event/list?wait=-1s", "Invalid wait time"),
    ]) func `nobody hears of a request that is wrong`(_ request: WrongRequest) async throws {
        try await LiveAPI.run { try await request.expectRefusal(by: $0) }
    }

    @Test func `a payload has at most 512 octets`() async throws {
        try await LiveAPI.run { api in
            try await #expect(api.put("/v1/event/fire/x", String(repeating: "p", count: 512)).status == 200)
            let answer = try await api.put("/v1/event/fire/y", String(repeating: "p", count: 513))
            #expect(answer.status == 413 && answer.body == "Request body(513 bytes) too large, max size: 512 bytes.")
            #expect(api.registry.snapshot.events.events.count == 1)
        }
    }

    private func event(_ id: Substring, _ name: String, _ payload: String, time: Int) -> String {
        #"{"ID":"\#(id)","LTime":\#(time),"Name":"\#(name)","NodeFilter":"","Payload":"\#(payload)","#
            + #""ServiceFilter":"","TagFilter":"","Version":1}"#
    }
}
