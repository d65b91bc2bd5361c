import Foundation
import Logging
import NIOCore
import Registry
import Synchronization
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct `Following the log` {
    /// Gives what it is told to everybody who wants to know.
    private final class FakeLog: LogSource {
        private let readers = Mutex<[LogReader]>([])
        var all: [LogReader] { readers.withLock { $0 } }
        var isCrowded: Bool { all.count >= 2 }
        func attach(_ reader: LogReader) { readers.withLock { $0.append(reader) } }
        func detach(_ reader: LogReader) { readers.withLock { $0.removeAll { $0 === reader } } }
        func say(_ line: String) { for reader in all { reader.take("\(line)\n") } }
    }

    @Test func `lines come as they are written, until the reader goes`() async throws {
        let log = FakeLog()
        try await LiveAPI.run(log: log) { api in
            let reader = try await api.connect()
            try await reader.ask("/v1/agent/monitor?loglevel=debug")
            try await eventually { log.all.count == 1 }
            #expect(log.all[0].level == .debug)
            #expect(!log.all[0].isJSON)
            log.say("one")
            try await eventually { reader.received.contains("one\n") }
            log.say("two")
            try await eventually { reader.received.contains("two\n") }
            try await reader.channel?.close()
            try await eventually { log.all.isEmpty }
            try await #expect(api.isServing)
        }
    }

    @Test func `is for so many readers only`() async throws {
        let log = FakeLog()
        try await LiveAPI.run(log: log) { api in
            for count in 1...2 {
                try await api.connect().ask("/v1/agent/monitor")
                try await eventually { log.all.count == count }
            }
            let refused = try await api.get("/v1/agent/monitor")
            #expect(refused.status == 429)
            #expect(refused.headers.contains("Retry-After: "))
        }
    }

    @Test(arguments: [
        ("", Logger.Level.info, false), ("?loglevel=WARN&logjson", .warning, true), ("?loglevel=err", .error, false),
        ("?logjson=true&loglevel=trace", .trace, true),
    ]) func `its level and form are the reader's choice`(
        _ query: String, _ level: Logger.Level, _ isJSON: Bool
    )
        async throws
    {
        let log = FakeLog()
        let reader = try await LiveAPI.run(log: log) { api in
            let reader = try await api.connect()
            try await reader.ask("/v1/agent/monitor\(query)")
            try await eventually { log.all.count == 1 }
            #expect(log.all[0].level == level)
            #expect(log.all[0].isJSON == isJSON)
            log.say("the last words")
            return reader
        }
        try await #expect(reader.all().contains("the last words\n"))
        #expect(log.all.isEmpty)
    }

    @Test(arguments: [
        ("loglevel=loud", "Bad request: Unknown log level: loud"), ("logjson=2", "Invalid value for ?logjson"),
    ])
    func `a level that there is not is 400`(_ query: String, _ sentence: String) async throws {
        try await LiveAPI.run(log: FakeLog()) { api in
            let answer = try await api.get("/v1/agent/monitor?\(query)")
            #expect(answer.status == 400)
            #expect(answer.body == sentence)
        }
    }

    @Test func `a reader that is too slow is told how many lines it missed`() async throws {
        let log = FakeLog()
        try await LiveAPI.run(log: log) { api in
            let reader = try await api.connect()
            try await reader.ask("/v1/agent/monitor")
            try await eventually { log.all.count == 1 }
            try await reader.channel?.setOption(.autoRead, value: false).get()
            let filling = String(repeating: "x", count: 1000)
            for number in 0..<30_000 { log.say("\(number) \(filling)") }
            try await reader.channel?.setOption(.autoRead, value: true).get()
            var ends = 0
            try await eventually {
                log.say("the end")
                ends += 1
                return reader.received.hasSuffix("the end\n\r\n")
            }
            let received = reader.received
            let lost = received.components(separatedBy: "WARNING: ").dropFirst()
                .compactMap { Int($0.prefix { $0 != " " }) }.reduce(0, +)
            let shown = received.components(separatedBy: " xxx").count - 1
            #expect(received.contains(" lines were lost: this reader is too slow\n"))
            #expect(lost > 0 && shown > 0)
            #expect((30_000...30_000 + ends).contains(lost + shown), "\(lost) lost, \(shown) shown")
        }
    }
}

@Suite struct `Lines for one reader` {
    @Test func `come in order, and those without room are counted where they would have stood`() async {
        let queue = LineQueue(limit: 2)
        for line in ["a", "b", "c", "d"] { queue.add(line) }
        let first = await queue.next()
        #expect(first?.lines == ["a", "b"] && first?.lost == 2)
        queue.add("e")
        queue.finish()
        queue.add("f")
        let second = await queue.next()
        #expect(second?.lines == ["e"] && second?.lost == 0)
        #expect(await queue.next() == nil)
    }

    @Test func `have so much room together`() async {
        let queue = LineQueue(limit: 10, octets: 5)
        for line in ["abc", "de", "f", "g"] { queue.add(line) }
        let batch = await queue.next()
        #expect(batch?.lines == ["abc", "de"] && batch?.lost == 2)
    }

    @Test func `are waited for`() async {
        let queue = LineQueue()
        async let batch = queue.next()
        queue.add("a")
        #expect(await batch?.lines == ["a"])
        async let end = queue.next()
        queue.finish()
        #expect(await end == nil)
    }
}
