import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Registry
import Snapshots
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Snapshots over HTTP` {
    @Test func `all there is is saved, and comes back, elsewhere too`() async throws {
        let archive = try await APIUnderTest.run { api -> ByteBuffer in
            try await fill(api)
            let saved = try await api.get("/v1/snapshot")
            #expect(saved.status == .ok && saved.headers[.contentType] == "application/x-gzip")
            #expect(saved.headers[try #require(HTTPField.Name("X-Consul-Index"))] == "\(api.registry.snapshot.index)")
            #expect(saved.headers[try #require(HTTPField.Name("X-Consul-KnownLeader"))] == "true")
            let before = try await [api.get("/v1/kv/?recurse"), api.get("/v1/query"), api.get("/v1/session/list")].map(
                \.stamps)
            try await api.put("/v1/kv/other", "new")
            try await api.put("/v1/kv/k", "changed")
            try await api.put("/v1/agent/service/deregister/web")
            let index = api.registry.snapshot.index
            let restored = try await api.client.execute(uri: "/v1/snapshot", method: .put, body: saved.body)
            #expect(restored.status == .ok && restored.text.isEmpty)
            #expect(api.registry.snapshot.index > index)
            let after = try await [api.get("/v1/kv/?recurse"), api.get("/v1/query"), api.get("/v1/session/list")].map(
                \.stamps)
            #expect(after == before)
            #expect(try await api.get("/v1/catalog/service/web").text.contains("\"ServiceID\":\"web\""))
            #expect(try api.instances.map(\.instance.value.id) == ["web"])
            return saved.body
        }
        try await APIUnderTest.run { api in
            try await api.client.execute(uri: "/v1/snapshot", method: .put, body: archive) { #expect($0.status == .ok) }
            #expect(try await api.get("/v1/kv/k?raw").text == "value")
            #expect(try await api.get("/v1/query/q/execute").text.contains("\"ID\":\"web\""))
        }
    }

    @Test func `who waits is woken by a restoration, with an index that is greater`() async throws {
        try await LiveAPI.run { api in
            _ = try await api.put("/v1/kv/k", "1")
            let snapshot = api.registry.snapshot
            for value in 2..<9 { _ = try await api.put("/v1/kv/k", "\(value)") }
            try await api.register(#"{"Name":"web"}"#)
            let index = api.registry.snapshot.index
            var readers: [LiveAPI.Connection] = []
            for path in ["kv/k", "kv/?recurse", "health/service/web", "catalog/nodes", "session/list", "query"] {
                let separator = path.contains("?") ? "&" : "?"
                readers.append(try await api.reader("/v1/\(path)\(separator)index=\(index)"))
            }
            try await api.registry.restore(snapshot, on: APIUnderTest.agent().node)
            for reader in readers { try await #expect(reader.answer().index > index) }
            #expect(try await api.get("/v1/kv/k?raw").body == "1")
        }
    }

    @Test func `one that holds more than may be restored is refused, with the setting that lets it`() async throws {
        var limits = RequestLimits()
        limits.snapshotSize = 10_000
        try await LiveAPI.run(limits: limits) { api in
            for number in 0..<20 { _ = try await api.put("/v1/kv/\(number)", String(repeating: "x", count: 1000)) }
            let writer = SnapshotWriter(api.registry.snapshot, node: "n", datacenter: "dc1", madeBy: "1")
            let pieces = try writer.pieces()
            var archive: [UInt8] = []
            while let piece = try pieces.next() { archive += piece }
            // Small as it comes.
            #expect(archive.count < 10_000)
            let index = api.registry.snapshot.index
            let connection = try await api.connect()
            try await connection.write(
                "PUT /v1/snapshot HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(archive.count)\r\n\r\n")
            try await connection.channel?.writeAndFlush(ByteBuffer(bytes: archive))
            let answer = try await connection.answer()
            #expect(answer.status == 400)
            #expect(answer.body.contains("more than the 10000 octets that snapshot-size lets it"), "\(answer.body)")
            #expect(api.registry.snapshot.index == index)
        }
    }

    @Test(arguments: ["garbage", "", "consul", "cut", "damaged"])
    func `what is no archive is refused, and changes nothing`(_ kind: String) async throws {
        try await APIUnderTest.run { api in
            try await fill(api)
            var body = try await api.get("/v1/snapshot").body
            switch kind {
            case "cut": body = ByteBuffer(bytes: body.readableBytesView.dropLast(20))
            case "damaged":
                var octets = Array(body.readableBytesView)
                octets[octets.count / 2] ^= 1
                body = ByteBuffer(bytes: octets)
            case "consul":
                // gzip -9 of a tar file with the beginning of a meta.json of Consul's.
                body = ByteBuffer(bytes: try #require(Data(base64Encoded: Self.consul)))
            default: body = ByteBuffer(string: kind)
            }
            let before = api.registry.snapshot.index
            let answer = try await api.client.execute(uri: "/v1/snapshot", method: .put, body: body)
            #expect(answer.status == .badRequest && answer.text.contains("snapshot"), "\(answer.text)")
            if kind == "consul" { #expect(answer.text.contains("made by Consul")) }
            #expect(api.registry.snapshot.index == before)
            #expect(try await api.get("/v1/kv/k?raw").text == "value")
        }
    }

    @Test(arguments: [
        WrongRequest("POST", "/v1/snapshot", #"method "POST" not allowed"#, status: 405),
        WrongRequest("GET", "/v1/snapshot?dc=dc9", "No path to datacenter"),
        WrongRequest("PUT", "/v1/snapshot?dc=dc9", "No path to datacenter"),
    ]) func `are not touched by a request that is wrong`(_ request: WrongRequest) async throws {
        try await LiveAPI.run { try await request.expectRefusal(by: $0) }
    }

    private func fill(_ api: APIUnderTest) async throws {
        try await api.register(#"{"Name":"web","Port":80}"#)
        try await api.put("/v1/kv/k", "value")
        try await api.put("/v1/session/create", #"{"Name":"s"}"#)
        let body = ByteBuffer(string: #"{"Name":"q","Service":{"Service":"web"}}"#)
        try await api.client.execute(uri: "/v1/query", method: .post, body: body) { #expect($0.status == .ok) }
    }

    private static let consul =
        "H4sIAAAAAAACA+3UTWvCQBAG4P0pMucom7gfTcBDaQoKXSjE9h51kaSYQBIxpPjfHVrowV56qQq+z2WGHYa97Ls73+"
        + "WTsq0r8X8kM0p9VXZeZajDn/773GozFSMpLmDfdnnDV4r79EnvvmmLuqIkDGiRUkLROJLxOLSxVlbG2lodE4+qje8p"
        + "4VFAS9/suA3o1fMyr3zkD70r13v3pA4v5bNxy+3gUjfjvawYPCXqKOAW8evv/GRVXDP/Uqpf+ecvAfm/gHy13iAF9y"
        + "ubP0baZG8uu2b+z3sbTQ3yDwAAAAAAAAAAAAAAAAAA8FcnIGw/vQAoAAA="
}

extension TestResponse {
    /// The body with the indexes of changes as `N`: a restoration is one.
    fileprivate var stamps: String { text.replacing(/"ModifyIndex":\d+/) { _ in "\"ModifyIndex\":N" } }
}
