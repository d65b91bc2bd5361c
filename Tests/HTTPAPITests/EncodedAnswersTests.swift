import Foundation
import NIOCore
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Answers that are kept encoded` {
    private struct Failure: Error {}

    @Test func `one for each question and version`() throws {
        let answers = EncodedAnswers()
        func ask(_ question: String, _ version: UInt64, _ text: String) throws -> String {
            String(buffer: try answers.answer(to: question, version: version) { ByteBuffer(string: text) })
        }
        #expect(try ask("a", 1, "a1") == "a1")
        #expect(try ask("a", 1, "not again") == "a1")
        #expect(try ask("b", 1, "b1") == "b1")
        #expect(try ask("a", 2, "a2") == "a2")
        #expect(try ask("a", 2, "not again") == "a2")
        #expect(try ask("b", 1, "not again") == "b1")
        #expect(answers.encodings == 3)
    }

    @Test func `one that could not be made is tried again`() throws {
        let answers = EncodedAnswers()
        for number in 0..<1000 {
            #expect(throws: Failure.self) { try answers.answer(to: "\(number)", version: 1) { throw Failure() } }
        }
        #expect(throws: Failure.self) { try answers.answer(to: "a", version: 1) { throw Failure() } }
        #expect(answers.count == 0)
        #expect(try answers.answer(to: "a", version: 1) { ByteBuffer(string: "a") } == ByteBuffer(string: "a"))
        #expect(answers.encodings == 1)
    }

    @Test func `no more of them than there is room for, those asked for last`() throws {
        let answers = EncodedAnswers(octets: 100_000)
        let body = ByteBuffer(repeating: 0x78, count: 1000)
        for number in 0..<1000 { _ = try answers.answer(to: "\(number)", version: 1) { body } }
        #expect(answers.count < 100)
        #expect(answers.encodings == 1000)
        _ = try answers.answer(to: "999", version: 1) { body }
        #expect(answers.encodings == 1000)
        // One that is too large for all others is not kept.
        for _ in 0..<2 { _ = try answers.answer(to: "large", version: 1) { ByteBuffer(repeating: 0, count: 50_000) } }
        #expect(answers.encodings == 1002)
    }

    @Test func `those who ask at once for the same are given one`() async throws {
        for round in 0..<50 {
            let answers = EncodedAnswers()
            let given = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try answers.answer(to: "a", version: 1) { ByteBuffer(string: "answer \(round)") }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.encodings == 1)
            #expect(given == Array(repeating: ByteBuffer(string: "answer \(round)"), count: 100))
        }
    }
}

@Suite(.timeLimit(.minutes(5)), .serialized) struct `Very many readers` {
    @Test func `a change is encoded once for all of its readers`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","id":"1"}"#)
            let path = "/v1/health/service/web?passing"
            let index = try await api.get(path).index
            let before = api.api.encoded.encodings
            let readers = try await api.readers(300, "\(path)&index=\(index)")
            try await api.register(#"{"name":"web","id":"2"}"#)
            for reader in readers { try await #expect(reader.answer().body.contains(#""ID":"2""#)) }
            #expect(api.api.encoded.encodings == before + 1)
            // A read that comes later is sent the same.
            try await #expect(api.get("\(path)&stale").body.contains(#""ID":"2""#))
            #expect(api.api.encoded.encodings == before + 1)
            // Another question has another answer.
            try await #expect(api.get("\(path)&tag=x").body == "[]")
            try await #expect(api.get("\(path)&pretty").body.hasPrefix("[\n"))
            #expect(api.api.encoded.encodings == before + 3)
        }
    }

    /// 10,000 of each, or as many as the system allows this process, which has both ends of each connection.
    @Test func `of all who wait beside as many idle connections, a change wakes those it concerns within a second`()
        async throws
    {
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        let perService = min(100, (raiseOpenFiles() - open - 1000) / 4 / 100)
        try #require(perService >= 10, "too few files may be open: raise the hard limit (ulimit -Hn) to 5000 or more")
        var limits = RequestLimits()
        limits.connections = 30_000
        try await LiveAPI.run(limits: limits) { api in
            for number in 0..<100 { try await api.register(#"{"name":"s\#(number)"}"#) }
            let index = api.registry.snapshot.index
            let readers = try await withThrowingTaskGroup(of: [LiveAPI.Connection].self) { group in
                for number in 0..<100 {
                    group.addTask {
                        var readers: [LiveAPI.Connection] = []
                        for _ in 0..<perService {
                            let reader = try await api.connect()
                            try await reader.ask("/v1/health/service/s\(number)?index=\(index)")
                            readers.append(reader)
                        }
                        return number == 7 ? readers : []
                    }
                }
                return try await group.reduce([], +)
            }
            // Opening them takes as long as the machine needs; what follows does not.
            try await eventually(within: .seconds(120)) { api.waiting == 100 * perService }
            for _ in 0..<100 * perService { _ = try await api.connect() }
            try await eventually { api.api.clients.total >= 200 * perService }
            let encodings = api.api.encoded.encodings
            let clock = ContinuousClock()
            let start = clock.now
            try await api.registry.submit([try .register("s7", "second")])
            try await eventually { readers.allSatisfy { $0.received.contains("second") } }
            #expect(clock.now - start < .seconds(1))
            #expect(api.waiting == 99 * perService)
            #expect(readers.count == perService)
            #expect(api.api.encoded.encodings == encodings + 1)
        }
    }
}

extension CatalogChange {
    fileprivate static func register(_ name: String, _ id: String) throws -> CatalogChange {
        .putInstance(
            ServiceInstance(node: try APIUnderTest.agent().node, id: id, name: try ServiceName(name)), checks: nil)
    }
}
