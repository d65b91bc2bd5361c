import TestSupport
import Testing

@testable import DNS

@Suite struct `Answers of recursors` {
    private static let mark: UInt32 = 1_000_000

    /// What the zones leave open of a query.
    private func rest(
        _ text: String, _ change: (inout QueryText) -> Void = { _ in }, over transport: Transport = .tcp
    )
        throws -> ForeignQuestion
    {
        var query = QueryText(text)
        query.flags = 0x0100
        change(&query)
        let client = try #require(IPAddress("192.0.2.1"))
        guard
            case .foreign(let rest) = Sample.shared.outcome(
                of: query.octets(), Arrival(over: transport, from: client))
        else { throw NotForeign(query: text) }
        #expect(rest.client == client)
        return rest
    }

    private struct NotForeign: Error {
        var query: String
    }

    /// A recursor's message, without compression.
    private func message(
        _ name: String, _ type: RecordType, flags: UInt16 = 0x8180, answer: [[UInt8]] = [], authority: [[UInt8]] = []
    ) throws -> [UInt8] {
        var octets: [UInt8] = [0, 0]
        for word in [flags, 1, UInt16(answer.count), UInt16(authority.count), 0] { octets.append(bigEndian: word) }
        octets += try DomainName(text: name).wire
        octets.append(bigEndian: type.rawValue)
        octets.append(bigEndian: Question.internet)
        return octets + answer.joined() + authority.joined()
    }

    private func record(_ owner: String, _ type: UInt16, _ data: [UInt8], timeToLive: UInt32 = 60) throws -> [UInt8] {
        var octets = try DomainName(text: owner).wire
        octets.append(bigEndian: type)
        octets.append(bigEndian: Question.internet)
        octets.append(bigEndian: timeToLive)
        octets.append(bigEndian: UInt16(data.count))
        return octets + data
    }

    private func read(_ message: [UInt8], _ name: String, _ type: RecordType) -> ForeignAnswer? {
        DomainName(name).flatMap { ForeignAnswer(reading: message, name: $0, type: type, staleMark: Self.mark) }
    }

    private static let labels = ["a", "bb", "www", "example", "org", "EXAMPLE", "x"]

    private func name(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in Self.labels.randomElement(using: &generator) ?? "" }
            .joined(separator: ".") + "."
    }

    private func randomRecord(_ generator: inout SeededGenerator) throws -> [UInt8] {
        let owner = name(&generator)
        let (first, second) = try (DomainName(text: name(&generator)).wire, DomainName(text: name(&generator)).wire)
        let noise = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        return switch Int.random(in: 0..<5, using: &generator) {
        case 0: try record(owner, 5, first)
        case 1: try record(owner, 15, [0, 10] + first)
        case 2: try record(owner, 6, first + second + [UInt8](repeating: 7, count: 20))
        case 3: try record(owner, 14, first + second)
        default: try record(owner, 16, noise)
        }
    }

    @Test func `are handed on as they were read, with names compressed`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let records = try (0..<Int.random(in: 0...20, using: &generator)).map { _ in try randomRecord(&generator) }
            let octets = try message("www.example.org.", .txt, answer: records)
            let answer = try #require(read(octets, "www.example.org.", .txt))
            #expect(answer.answer.count == records.count)
            let reply = try rest("www.example.org. TXT").reply(with: answer)
            #expect(read(reply, "www.example.org.", .txt) == answer)
            #expect(reply.count <= octets.count)
        }
    }

    @Test func `go behind the alias that led to them`() throws {
        let octets = try message("www.example.org.", .a, answer: [try record("www.example.org.", 1, [192, 0, 2, 1])])
        let question = try rest("elsewhere.service.consul. A")
        #expect(question.name == DomainName("www.example.org."))
        let reply = question.reply(with: try #require(read(octets, "www.example.org.", .a)))
        let whole = try #require(read(reply, "elsewhere.service.consul.", .a))
        #expect(
            whole.answer.map(\.owner) == ["elsewhere.service.consul", "www.example.org"].compactMap(DomainName.init))
        #expect(whole.answer.map(\.type) == [.cname, .a])
        #expect(reply[2] & 0x04 != 0, "an authoritative answer begins it")
    }

    @Test(arguments: [nil, 0, 512, 600, 1232, 65535] as [UInt16?])
    func `fit into a datagram or say that they do not`(_ payloadSize: UInt16?) throws {
        let records = try (0..<200).map { try record("www.example.org.", 1, [10, 0, 0, UInt8($0)]) }
        let octets = try message("www.example.org.", .a, answer: records)
        let question = try rest("www.example.org. A", { $0.payloadSize = payloadSize }, over: .udp)
        let reply = question.reply(with: try #require(read(octets, "www.example.org.", .a)))
        #expect(reply.count <= min(max(Int(payloadSize ?? 0), 512), 1232))
        #expect(reply[2] & 0x02 != 0)
        #expect(reply[7] > 20)
    }

    @Test func `have DNSSEC's records only for those who ask for them`() throws {
        let records = [
            try record("www.example.org.", 1, [192, 0, 2, 1]), try record("www.example.org.", 46, [1, 2, 3]),
        ]
        let answer = try #require(
            read(try message("www.example.org.", .a, answer: records), "www.example.org.", .a))
        #expect(try rest("www.example.org. A").reply(with: answer)[7] == 1)
        let asked = try rest("www.example.org. A") {
            $0.payloadSize = 1232
            $0.dnssecOK = true
        }
        #expect(asked.reply(with: answer)[7] == 2)
    }

    @Test func `come with what EDNS clients are given in any reply, and say when they are old`() throws {
        let records = [try record("www.example.org.", 1, [192, 0, 2, 1], timeToLive: Self.mark)]
        let answer = try #require(read(try message("www.example.org.", .a, answer: records), "www.example.org.", .a))
        let question = try rest("www.example.org. A") {
            $0.payloadSize = 1232
            $0.options = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        }
        for reply in [question.reply(with: answer), question.reply(for: .busy), question.refusal, question.ownReply] {
            let text = try #require(ReplyText(reply))
            #expect(text.option(10)?.count == 24)
            #expect(text.extendedError != nil)
        }
    }

    @Test func `that are old live 30 seconds more`() throws {
        let records = [
            try record("www.example.org.", 1, [192, 0, 2, 1], timeToLive: 5),
            try record("www.example.org.", 1, [192, 0, 2, 2], timeToLive: Self.mark),
        ]
        let answer = try #require(
            read(try message("www.example.org.", .a, answer: records), "www.example.org.", .a))
        #expect(answer.isStale)
        #expect(answer.answer.map(\.timeToLive) == [5, 30])
    }

    @Test(arguments: [0x0180, 0x8182, 0x8183, 0x8185, 0x8380] as [UInt16])
    func `are replies, complete, and no failures`(_ flags: UInt16) throws {
        let octets = try message("www.example.org.", .a, flags: flags)
        #expect((read(octets, "www.example.org.", .a) != nil) == (flags == 0x8183))
        #expect(read(octets, "www.example.com.", .a) == nil)
        #expect(read(octets, "www.example.org.", .aaaa) == nil)
    }

    @Test func `of any octets at all are read to an end`() throws {
        var generator = SeededGenerator(seed: 9)
        let question = try rest("www.example.org. TXT")
        var understood = 0
        for _ in 0..<Fuzz.count {
            let records = try (0..<4).map { _ in try randomRecord(&generator) }
            let answer = try #require(
                read(try message("www.example.org.", .txt, answer: records), "www.example.org.", .txt))
            // Compressed, so that there are pointers to spoil.
            var octets = question.reply(with: answer)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                octets[Int.random(in: 12..<octets.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { octets.removeLast(Int.random(in: 0..<20, using: &generator)) }
            if let spoilt = read(octets, "www.example.org.", .txt) {
                understood += 1
                _ = question.reply(with: spoilt)
            }
        }
        #expect(understood > 0)
    }
}
