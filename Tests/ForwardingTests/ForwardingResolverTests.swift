import Synchronization
import TestSupport
import Testing

@testable import DNS
@testable import Forwarding

@Suite struct `A forwarding resolver` {
    private static let www = FakeRecursor.Record("www.example.org", .a, 60, [192, 0, 2, 1])
    private static let soa = FakeRecursor.Record(
        "example.org", .soa, 60, Array("\u{2}ns\u{0}\u{4}host\u{0}".utf8) + [UInt8](repeating: 1, count: 20))

    private func data(_ answer: ForeignAnswer?) -> [ForeignRecord.Data]? { answer?.answer.map(\.data) }

    @Test func `says what libunbound does not take`() throws {
        let recursor = try deadServer()
        let error = try #require(throws: ForwardingError.self) {
            _ = try UnboundContext(recursor, options: UnboundContext.options + [("no-such-option:", "yes")])
        }
        #expect(error == .refused(option: "no-such-option: yes", reason: "syntax error"))
        #expect(error.description.contains("no-such-option: yes (syntax error)"))
        _ = try UnboundContext(recursor)
    }

    @Test func `asks once and remembers as long as the record lives`() async throws {
        let upstream = try await FakeRecursor { _ in .answer([Self.www]) }
        try await withResolver([upstream.server]) { resolver in
            for _ in 0..<5 {
                let answer = try #require(try await resolver.answer("www.example.org"))
                #expect(data(answer) == [.plain([192, 0, 2, 1])])
                #expect(answer.answer.allSatisfy { (1...60).contains($0.timeToLive) })
                #expect(!answer.isStale)
            }
        }
        #expect(upstream.count("www.example.org") == 1)
    }

    @Test func `asks the first recursor as long as that answers`() async throws {
        let first = try await FakeRecursor { question in
            question.name == DomainName("nx.example.org") ? .code(3, [Self.soa]) : .answer([Self.www])
        }
        let second = try await FakeRecursor { _ in .answer([]) }
        try await withResolver([first.server, second.server]) { resolver in
            let answer = try await resolver.answer("www.example.org")
            #expect(data(answer) == [.plain([192, 0, 2, 1])])
            let missing = try #require(try await resolver.answer("nx.example.org"))
            #expect(missing.code == .nameError)
            #expect(missing.authority.map(\.type) == [.soa])
        }
        #expect(second.asked.isEmpty)
    }

    @Test(arguments: [2, 5] as [UInt8])
    func `turns to the next recursor when one fails or refuses`(_ code: UInt8) async throws {
        let first = try await FakeRecursor { _ in .code(code) }
        let second = try await FakeRecursor { _ in .answer([Self.www]) }
        try await withResolver([first.server, second.server]) { resolver in
            let answer = try await resolver.answer("www.example.org")
            #expect(data(answer) == [.plain([192, 0, 2, 1])])
        }
        #expect(!first.asked.isEmpty)
    }

    @Test func `turns to the next recursor when one is silent`() async throws {
        let first = try await FakeRecursor { _ in .silence }
        let second = try await FakeRecursor { _ in .answer([Self.www]) }
        try await withResolver([first.server, second.server]) { resolver in
            let began = ContinuousClock.now
            let answer = try await resolver.answer("www.example.org")
            #expect(data(answer) == [.plain([192, 0, 2, 1])])
            #expect(ContinuousClock.now - began < .seconds(3))
        }
    }

    @Test func `turns to the next recursor when there is none at an address`() async throws {
        let second = try await FakeRecursor { _ in .answer([Self.www]) }
        try await withResolver([try deadServer(), second.server]) { resolver in
            let answer = try await resolver.answer("www.example.org")
            #expect(data(answer) == [.plain([192, 0, 2, 1])])
        }
    }

    @Test func `fails before its client gives up when nobody answers`() async throws {
        let silent = try await FakeRecursor { _ in .silence }
        try await withResolver([silent.server, silent.server, silent.server]) { resolver in
            let began = ContinuousClock.now
            let answer = try await resolver.answer("www.example.org")
            #expect(answer == nil)
            #expect(ContinuousClock.now - began < .milliseconds(4500))
        }
    }

    @Test func `asks over TCP for what UDP cut off`() async throws {
        let many = (0..<200).map { FakeRecursor.Record("many.example.org", .a, 60, [10, 0, 0, $0]) }
        let upstream = try await FakeRecursor { $0.isOverTCP ? .answer(many) : .truncated }
        try await withResolver([upstream.server]) { resolver in
            let answer = try await resolver.answer("many.example.org")
            #expect(answer?.answer.count == 200)
        }
        #expect(upstream.asked.contains { $0.isOverTCP })
    }

    @Test func `gives an old answer, marked, when no recursor has a new one`() async throws {
        let isDead = Mutex(false)
        let upstream = try await FakeRecursor { question in
            if isDead.withLock({ $0 }) { return .code(2) }
            return .answer([FakeRecursor.Record("\(question.name)", .a, 1, [192, 0, 2, 7])])
        }
        try await withResolver([upstream.server]) { resolver in
            let fresh = try await resolver.answer("old.example.org")
            #expect(fresh?.isStale == false)
            isDead.withLock { $0 = true }
            let isOld = try await eventually(within: .seconds(20)) {
                try await resolver.answer("old.example.org")?.isStale == true
            }
            #expect(isOld)
            let answer = try #require(try await resolver.answer("old.example.org"))
            #expect(answer.answer.map(\.timeToLive) == [30])
            #expect(data(answer) == [.plain([192, 0, 2, 7])])
            let unknown = try await resolver.answer("new.example.org")
            #expect(unknown == nil)
        }
    }

    @Test func `asks for names of private networks too, and for any octets`() async throws {
        let upstream = try await FakeRecursor { question in
            .answer([FakeRecursor.Record("\(question.name)", question.type, 60, [1, 120, 0])])
        }
        try await withResolver([upstream.server]) { resolver in
            for name in ["4.3.2.10.in-addr.arpa", "a\\.b.\\000\\255.example.org"] {
                let answer = try await resolver.answer(name, .ptr)
                #expect(answer?.answer.count == 1)
                #expect(upstream.count(name) == 1)
            }
        }
    }

    /// What nobody should answer, behind the query's ID.
    private static let hostile: [(String, [UInt8])] = [
        ("nothing", []),
        ("a header alone", [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]),
        (
            "a query",
            [0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0] + Array("\u{3}www\u{7}example\u{3}org\u{0}".utf8) + [0, 1, 0, 1]
        ),
        (
            "another question",
            [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + Array("\u{3}www\u{7}example\u{3}com\u{0}".utf8) + [0, 1, 0, 1]
                + [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 6, 6, 6, 6]
        ),
        (
            "a pointer to itself",
            [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + Array("\u{3}www\u{7}example\u{3}org\u{0}".utf8) + [0, 1, 0, 1]
                + [0xc0, 0x21, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 6, 6, 6, 6]
        ),
        (
            "more records than octets",
            [0x81, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0] + Array("\u{3}www\u{7}example\u{3}org\u{0}".utf8)
                + [0, 1, 0, 1, 0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0xff, 0xff, 6, 6, 6, 6]
        ),
        (
            "another owner's record",
            [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + Array("\u{3}www\u{7}example\u{3}org\u{0}".utf8) + [0, 1, 0, 1]
                + Array("\u{4}evil\u{0}".utf8) + [0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 6, 6, 6, 6]
        ),
    ]

    @Test(arguments: Self.hostile)
    func `takes nothing from a hostile reply`(_ what: String, _ octets: [UInt8]) async throws {
        let upstream = try await FakeRecursor { _ in .octets(octets) }
        try await withResolver([upstream.server]) { resolver in
            let answer = try await resolver.answer("www.example.org")
            #expect(answer?.answer.isEmpty ?? true, "\(what)")
        }
        #expect(!upstream.asked.isEmpty)
    }

    @Test func `keeps no more than a thousand questions open, and fails them when it stops`() async throws {
        let silent = try await FakeRecursor { _ in .silence }
        let failed = Mutex(0)
        try await withResolver([silent.server]) { resolver in
            let names = try (0...ForwardingResolver.capacity).map { try DomainName(text: "n\($0).example.org") }
            for name in names.dropLast() {
                let isOpen = resolver.resolve(name, .a) { answer in
                    if answer == nil { failed.withLock { $0 += 1 } }
                }
                #expect(isOpen)
            }
            #expect(!resolver.resolve(names[ForwardingResolver.capacity], .a) { _ in })
        }
        #expect(try await eventually { failed.withLock { $0 } == ForwardingResolver.capacity })
    }
}
