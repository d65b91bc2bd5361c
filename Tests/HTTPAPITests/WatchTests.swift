import Foundation
import NIOCore
import Registry
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Watching` {
    private func instances(_ event: EventStream.Event) throws -> [String] {
        let instances = try #require(try event.object["Instances"] as? [[String: Any]])
        return instances.compactMap { ($0["Service"] as? [String: Any])?["ID"] as? String }
    }

    @Test func `tells what there is, then what changes, of many things on one connection`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","id":"web1"}"#)
            _ = try await api.put("/v1/kv/a/b", "1")
            let reader = try await api.watch("service=web&service=db&key=a/b&prefix=a/")
            let first = try await reader.events(4)
            #expect(reader.received.contains("\r\nContent-Type: text/event-stream"))
            #expect(first.map(\.kind).sorted() == ["key", "prefix", "service", "service"])
            let web = try #require(
                first.first { $0.data.contains(#""Service":"web","#) || $0.data.contains(#""Service":"web"}"#) })
            #expect(try instances(web) == ["web1"])
            let key = try #require(first.first { $0.kind == "key" })
            #expect((try key.object["Entry"] as? [String: Any])?["Value"] as? String == "MQ==")
            let prefix = try #require(first.first { $0.kind == "prefix" })
            #expect(try prefix.object["Whole"] as? Bool == true)

            try await api.register(#"{"name":"other"}"#)
            try await api.register(#"{"name":"db","id":"db1"}"#)
            _ = try await api.put("/v1/kv/a/c", "2")
            let next = try await reader.events(6).dropFirst(4)
            #expect(next.map(\.kind) == ["service", "prefix"])
            #expect(try instances(next[4]) == ["db1"])
            let change = try next[5].object
            #expect((change["Entries"] as? [[String: Any]])?.compactMap { $0["Key"] as? String } == ["a/c"])
            #expect(change["Whole"] as? Bool == false)
            #expect(next[5].id == "\(api.registry.snapshot.index)")
            let ids = reader.stream.events.compactMap { $0.id.flatMap { UInt64($0) } }
            #expect(ids == ids.sorted())
        }
    }

    @Test func `tells of removals`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","id":"web1","check":{"ttl":"60s"}}"#)
            _ = try await api.put("/v1/kv/a/b", "1")
            let reader = try await api.watch("service=web&key=a/b&prefix=a/&checks=critical&node=server01")
            _ = try await reader.events(5)
            _ = try await api.delete("/v1/kv/a/b")
            let keys = try await reader.events(7)[5...]
            let key = try #require(keys.first { $0.kind == "key" })
            #expect(try key.object["Entry"] is NSNull)
            let prefix = try #require(keys.first { $0.kind == "prefix" })
            #expect(try prefix.object["Removed"] as? [String] == ["a/b"])
            // Both of one index: only the second says so.
            #expect(keys.map { $0.id != nil } == [false, true])

            _ = try await api.put("/v1/agent/check/pass/service:web1")
            try await eventually {
                reader.stream.events.contains { $0.data.contains(#""Removed":[{"CheckID":"service:web1""#) }
            }
            let removed = try #require(reader.stream.events.last { $0.kind == "checks" })
            #expect((try removed.object["Checks"] as? [Any])?.isEmpty == true)
            _ = try await api.put("/v1/agent/service/deregister/web1")
            try await eventually {
                try reader.stream.events.last { $0.kind == "service" }.map { try instances($0).isEmpty } == true
            }
            try await eventually {
                let node = reader.stream.events.last { $0.kind == "node" }
                return ((try node?.object["Entry"] as? [String: Any])?["Services"] as? [Any])?.isEmpty == true
            }
        }
    }

    @Test func `begins again where the reader was`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web"}"#)
            try await api.register(#"{"name":"db"}"#)
            let reader = try await api.watch("service=web&service=db&prefix=")
            _ = try await reader.events(3)
            let id = try #require(reader.stream.lastID)
            try await reader.channel?.close()

            try await api.register(#"{"name":"db","port":1}"#)
            let resumed = try await api.watch("service=web&service=db&prefix=", headers: "Last-Event-ID: \(id)\r\n")
            let news = try await resumed.events(1)
            #expect(news.map(\.kind) == ["service"])
            #expect(news[0].data.contains(#""Port":1"#))
            // And from there on as if nothing had been.
            _ = try await api.put("/v1/kv/x", "1")
            let next = try await resumed.events(2)
            #expect(next[1].kind == "prefix")
            #expect(try next[1].object["Whole"] as? Bool == false)
            #expect(resumed.stream.events.count == 2)
        }
    }

    @Test func `a removal between two connections is told as a whole state`() async throws {
        try await LiveAPI.run { api in
            _ = try await api.put("/v1/kv/a/b", "1")
            _ = try await api.put("/v1/kv/a/c", "1")
            let reader = try await api.watch("prefix=a/")
            let id = try #require(try await reader.events(1)[0].id)
            _ = try await api.delete("/v1/kv/a/b")
            let resumed = try await api.watch("prefix=a/", headers: "Last-Event-ID: \(id)\r\n")
            let event = try await resumed.events(1)[0].object
            #expect(event["Whole"] as? Bool == true)
            #expect((event["Entries"] as? [[String: Any]])?.compactMap { $0["Key"] as? String } == ["a/c"])
        }
    }

    @Test(arguments: ["Last-Event-ID: 999999999\r\n", "Last-Event-ID: nonsense\r\n", "Last-Event-ID: \r\n"])
    func `an id that is none of ours means that nothing is known`(_ header: String) async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web"}"#)
            let reader = try await api.watch("service=web", headers: header)
            #expect(try await instances(reader.events(1)[0]) == ["web"])
        }
    }

    @Test func `what is written again as it is, or concerns others, is not told`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web"}"#)
            let reader = try await api.watch("service=web&service=none&node=elsewhere")
            _ = try await reader.events(3)
            for number in 0..<20 {
                try await api.register(#"{"name":"web"}"#)
                try await api.register(#"{"name":"other","port":\#(number + 1)}"#)
                _ = try await api.put("/v1/agent/service/deregister/other")
            }
            try await api.register(#"{"name":"web","port":9}"#)
            let events = try await reader.events(4)
            #expect(events.count == 4)
            #expect(events[3].data.contains(#""Port":9"#))
        }
    }

    @Test func `a reader that is slow is told where things are, not each step`() async throws {
        try await LiveAPI.run { api in
            _ = try await api.put("/v1/kv/big", "0")
            let reader = try await api.watch("key=big")
            _ = try await reader.events(1)
            try await reader.channel?.setOption(.autoRead, value: false).get()
            let filling = String(repeating: "x", count: 200_000)
            for number in 1...200 { _ = try await api.put("/v1/kv/big", "\(number) \(filling)") }
            try await reader.channel?.setOption(.autoRead, value: true).get()
            let last = Data("200 x".utf8).base64EncodedString().prefix(6)
            try await eventually { reader.received.contains(#""Value":"\#(last)"#) }
            try await eventually { reader.stream.events.last?.data.contains(#""Value":"\#(last)"#) == true }
            #expect(reader.stream.events.count < 150)
        }
    }

    @Test func `what a change means is encoded once, however many are told`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","check":{"ttl":"60s"}}"#)
            let query = "service=web&node=server01&checks=any&prefix=a/"
            let readers = try await (0..<20).asyncMap { _ in try await api.watch(query) }
            for reader in readers { _ = try await reader.events(4) }
            // The same whoever came first: each thing once.
            #expect(api.api.encoded.encodings <= 4 + 1)
            let before = api.api.encoded.encodings
            _ = try await api.put("/v1/agent/check/pass/service:web")
            for reader in readers { try await #expect(Set(reader.events(7)[4...].map(\.kind)).count == 3) }
            #expect(api.api.encoded.encodings == before + 3)
        }
    }

    @Test func `a node is not looked at again in vain when others change`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web"}"#)
            let put = #"{"Node":"other","Address":"10.0.0.7","Service":{"Service":"db","ID":"db"}}"#
            let reader = try await api.watch("node=server01&service=marker")
            _ = try await reader.events(2)
            let before = api.api.encoded.encodings
            _ = try await api.put("/v1/catalog/register", put)
            try await api.register(#"{"name":"marker"}"#)
            try await eventually { reader.stream.events.contains { $0.data.contains(#""ID":"marker""#) } }
            #expect(!reader.stream.events.dropFirst(2).contains { $0.data.contains("10.0.0.7") })
            // The marker as a service, and on its node.
            #expect(api.api.encoded.encodings - before <= 2)
        }
    }

    @Test func `says something now and then, and ends when the server does`() async throws {
        let reader = try await LiveAPI.run(keepAlive: .milliseconds(20)) { api in
            let reader = try await api.watch("service=web")
            try await eventually { reader.stream.comments >= 3 }
            return reader
        }
        // The last, empty chunk: it was ended, not cut off.
        try await #expect(reader.all().hasSuffix("\r\n0\r\n\r\n"))
        #expect(reader.stream.events.count == 1)
    }

    @Test func `a reader that hangs up is forgotten`() async throws {
        try await LiveAPI.run { api in
            let readers = try await (0..<20).asyncMap { _ in try await api.watch("service=web&checks&prefix=") }
            try await eventually { api.waiting == 20 }
            for reader in readers { try await reader.channel?.close() }
            try await eventually { api.waiting == 0 }
        }
    }

    @Test(arguments: [
        ("", "must name something to watch"), ("service=", "empty"), ("service=a&checks=bad", "any, passing, warning"),
        (Array(repeating: "key=a", count: 65).joined(separator: "&"), "names 65 things"),
        ("service=a&index=x", "Invalid index"),
    ]) func `what cannot be watched is 400`(_ query: String, _ reason: String) async throws {
        try await LiveAPI.run { api in
            let answer = try await api.get("/v1/berth/watch?\(query)")
            #expect(answer.status == 400)
            #expect(answer.body.contains(reason), "\(answer.body)")
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
