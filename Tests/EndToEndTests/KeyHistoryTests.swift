import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Synchronization
import Testing

extension EndToEnd {
    @Suite struct `Readers of keys lose no change` {
        /// Writers count upwards in keys of their own; readers go from index to index. What a reader has seen of a key, or
        /// of the index, must never go back, and in the end all see what was acknowledged.
        @Test func `two writers, a hundred readers, and the process killed three times`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let scene = Scene(port: berth.ports.http)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<100 { group.addTask { try await scene.read() } }
                        for writer in 0..<2 { group.addTask { try await scene.write(as: writer) } }
                        for round in 1...3 {
                            try await retrying(for: .seconds(60)) {
                                let count = scene.acknowledged.load(ordering: .relaxed)
                                try expectNow(count >= round * 60, "\(count) writes are acknowledged")
                            }
                            try await berth.kill()
                            try await berth.start()
                            scene.port.store(berth.ports.http, ordering: .relaxed)
                        }
                        scene.isEnding.store(true, ordering: .relaxed)
                        try await group.waitForAll()
                    }
                    #expect(scene.acknowledged.load(ordering: .relaxed) >= 180)
                    try await scene.client.shutdown()
                }
            }
        }
    }
}

/// What readers and writers share.
private final class Scene: Sendable {
    let port: Atomic<Int>
    let acknowledged = Atomic(0)
    let isEnding = Atomic(false)
    /// Writers that have written their last.
    private let ended = Mutex<[String: Int]>([:])
    let client: HTTPClient

    init(port: Int) {
        self.port = Atomic(port)
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 200
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
    }

    /// Counts upwards in five keys in turn. What was not acknowledged is written again.
    func write(as writer: Int) async throws {
        var last: [String: Int] = [:]
        var count = 0
        while !isEnding.load(ordering: .relaxed) {
            count += 1
            let key = "\(writer)-\(count % 5)"
            try await put(key, count)
            last[key] = count
            acknowledged.add(1, ordering: .relaxed)
        }
        ended.withLock { $0.merge(last) { $1 } }
        try await put("end-\(writer)", 0)
    }

    private func put(_ key: String, _ value: Int) async throws {
        try await retrying(for: .seconds(30)) {
            var request = HTTPClientRequest(url: "\(address)/v1/kv/dir/\(key)")
            request.method = .PUT
            request.body = .bytes(ByteBuffer(string: "\(value)"))
            let response = try await client.execute(request, timeout: .seconds(10))
            let body = String(buffer: try await response.body.collect(upTo: 1024))
            try expectNow(response.status == .ok && body == "true", "\(response.status): \(body)")
        }
    }

    /// Follows all keys until both writers have written their last.
    func read() async throws {
        var index = 0
        var seen: [String: Int] = [:]
        while !(seen.keys.contains("dir/end-0") && seen.keys.contains("dir/end-1")) {
            let (newIndex, values) = try await retrying(for: .seconds(30)) { try await keys(after: index) }
            try #require(newIndex >= index, "the index went back")
            for (key, value) in seen {
                try #require(values[key] ?? -1 >= value, "\(key) went back from \(value) to \(values[key] ?? -1)")
            }
            (index, seen) = (newIndex, values)
        }
        for (key, value) in ended.withLock({ $0 }) { #expect(seen["dir/\(key)"] == value) }
    }

    private func keys(after index: Int) async throws -> (index: Int, values: [String: Int]) {
        let request = HTTPClientRequest(url: "\(address)/v1/kv/dir/?recurse&index=\(index)&wait=5s")
        let response = try await client.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 1 << 20)
        let newIndex = response.headers.first(name: "X-Consul-Index").flatMap { Int($0) }
        guard let newIndex, response.status == .ok || response.status == .notFound else {
            throw NotYet("\(response.status): \(String(buffer: body))")
        }
        guard response.status == .ok else { return (newIndex, [:]) }
        let entries = try JSONDecoder().decode([Entry].self, from: body)
        #expect(entries.allSatisfy { $0.modifyIndex <= newIndex })
        return (newIndex, Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.number) }))
    }

    private var address: String { "http://127.0.0.1:\(port.load(ordering: .relaxed))" }

    private struct Entry: Decodable {
        let key: String
        let value: Data
        let modifyIndex: Int

        var number: Int { Int(String(decoding: value, as: UTF8.self)) ?? -1 }

        enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
            case modifyIndex = "ModifyIndex"
        }
    }
}
