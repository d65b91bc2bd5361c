import DNS
import Glibc
import Registry
import Synchronization
import Testing

@testable import DNSServer

@Suite(.timeLimit(.minutes(2))) struct `Questions whose answers are worked out` {
    private static let instances = 2000

    private static func catalog() throws -> [CatalogChange] {
        let large = try (0..<instances).map { number in
            try Example.instance(
                "hg", "hg-\(number)", tags: ["x", "y", "n\(number % 7).z"],
                address: "10.3.\(number >> 8).\(number & 255)",
                port: UInt16(1000 + number), meta: ["number": "\(number)"])
        }
        return try [Example.node(), Example.instance("web")] + large
    }

    /// In every order and case, which are all other names.
    private static let questions: [(String, RecordType)] = [
        ("hg.service.consul.", .txt), ("hg.service.consul.", .ptr), ("x.y.hg.service.consul.", .a),
        ("y.x.hg.service.consul.", .a), ("x.x.y.y.x.hg.service.consul.", .srv), ("n1.z.x.hg.service.consul.", .a),
        ("y.n1.z.hg.service.consul.", .aaaa), ("z.x.hg.service.consul.", .a), ("q.x.hg.service.consul.", .a),
        ("hg-5._hg._tcp.consul.", .srv), ("hg-none._hg._tcp.consul.", .txt), ("_services._dns-sd._udp.consul.", .ptr),
    ]

    @Test func `look at each instance once, however many there are`() throws {
        let supplement = CatalogSupplement(try RegistryZone(agent: Example.agent()))
        var state = CatalogState()
        for change in try Self.catalog() {
            let old = state.snapshot
            let delta = try state.apply(change, at: old.index + 1)
            supplement.update(from: old, to: state.snapshot, delta)
        }
        var answers: [WorkedOutAnswer?] = []
        for number in 0..<300 {
            let (text, type) = Self.questions[number % Self.questions.count]
            let name = try DomainName(text: text)
            let answer = supplement.answer(at: name, type)
            if number < Self.questions.count {
                answers.append(answer)
                let all = supplement.records(at: name)
                let expected = all?.sets.first { $0.type == type }
                #expect(answer?.records(at: name).sets.first { $0.type == type }?.rdata == expected?.rdata, "\(name)")
                #expect((answer == nil) == (all == nil), "\(name)")
            } else {
                // The same object.
                let before = answers[number % Self.questions.count]
                #expect(answer === before || before?.records(at: name).sets.isEmpty == true, "\(name)")
            }
        }
        #expect(supplement.membersMade == Self.instances)
        // Another order of tags is no other answer.
        #expect(answers[2] === answers[3] && answers[2] != nil)
    }

    @Test func `are answered as the service is now`() throws {
        let supplement = CatalogSupplement(try RegistryZone(agent: Example.agent()))
        var state = CatalogState()
        let name = try DomainName(text: "web.service.consul.")
        for number in 1...5 {
            for change in [
                try Example.node(), try Example.instance("web", "web-\(number)", meta: ["a": "\(number)"]),
            ] {
                let old = state.snapshot
                let delta = try state.apply(change, at: old.index + 1)
                supplement.update(from: old, to: state.snapshot, delta)
            }
            #expect(supplement.answer(at: name, .txt)?.records(at: name).sets.first?.rdata.count == number)
        }
    }

    private final class Flood: Sendable {
        let isOver = Atomic(false)
    }

    @Test func `keep nobody waiting when there is a flood of them, nor the server from stopping`() async throws {
        let flood = Flood()
        defer { flood.isOver.store(true, ordering: .relaxed) }
        let end = try await RunningServer.with(Self.catalog()) { running in
            let queries = try Self.questions.map { try Queries.query($0.0, $0.1) }
            let control = try Queries.query("web.service.consul", .srv)
            let clients = try (0..<8).map { _ in try UDPClient(to: "127.0.0.1", port: running.port) }
            for number in 0..<300 { clients[number % clients.count].send(queries[number % queries.count]) }
            let start = ContinuousClock.now
            var isAnswered = false
            while !isAnswered, start.duration(to: .now) < .seconds(20) {
                let client = try UDPClient(to: "127.0.0.1", port: running.port, patience: .milliseconds(250))
                isAnswered = client.ask(control)?[7] == 1
            }
            // A build for tests is ten times slower than one for use.
            #expect(isAnswered && start.duration(to: .now) < .seconds(5))
            _ = try JoinableThread(name: "flood") {
                while !flood.isOver.load(ordering: .relaxed) {
                    for query in queries { clients[0].send(query) }
                    usleep(1000)
                }
            }
            return ContinuousClock.now
        }
        #expect(end.duration(to: .now) < .seconds(10))
    }
}
