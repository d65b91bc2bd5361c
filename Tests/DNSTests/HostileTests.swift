import TestSupport
import Testing

@testable import DNS

@Suite struct `Hostile datagrams` {
    /// The rules that hold for every datagram whatsoever.
    private static func hold(
        _ paths: inout BothPaths, _ datagram: [UInt8], seed: UInt64
    ) -> (broken: String?, code: Int?) {
        let (full, fast, wasPlain) = paths.replies(to: datagram, seed: seed)
        if full != fast { return ("the paths differ\(wasPlain ? "" : " though both are the full one")", nil) }
        guard datagram.count >= 12, datagram[2] & 0x80 == 0 else {
            return (full == nil ? nil : "a reply to a reply or to a scrap", nil)
        }
        guard let full else { return ("no reply", nil) }
        guard let reply = ReplyText(full) else { return ("a malformed reply", nil) }
        if full[..<2] != datagram[..<2] { return ("another ID", nil) }
        if full[2] & 0x80 == 0 { return ("a reply without QR", nil) }
        if full.count > 1232 { return ("a reply of \(full.count) octets", nil) }
        let isUnknownOperation = reply.code == 4 && datagram[2] & 0x78 != 0
        // Another version is nothing malformed, and a few words say what is wrong with it.
        let words = reply.code == 16 ? 40 : 0
        if [1, 16].contains(reply.code) || isUnknownOperation, full.count > datagram.count + 11 + words {
            return ("a refusal that amplifies", nil)
        }
        if (reply.code == 1 || reply.code == 4) && !(reply.answer.isEmpty && reply.authority.isEmpty) {
            return ("data in a refusal", nil)
        }
        return (nil, reply.code)
    }

    private func code(_ datagram: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> Int? {
        var paths = BothPaths(Sample.shared)
        let (broken, code) = Self.hold(&paths, datagram, seed: 1)
        #expect(broken == nil, sourceLocation: sourceLocation)
        return code
    }

    private static let plain = QueryText("web.service.consul. A").octets()

    @Test(arguments: 0..<12) func `less than a header is not answered`(length: Int) {
        #expect(Sample.shared.answer(Array(Self.plain.prefix(length)), over: .udp) == nil)
        #expect(code(Array(Self.plain.prefix(length))) == nil)
    }

    @Test(arguments: 12..<36) func `a query cut short is a format error`(length: Int) {
        #expect(code(Array(Self.plain.prefix(length))) == 1)
    }

    @Test func `a reply is not answered`() {
        #expect(code(QueryText("web.service.consul. A", flags: 0x8180).octets()) == nil)
        #expect(code(QueryText("web.service.consul. A", flags: 0x8000).octets()) == nil)
    }

    private static let header: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    private static let question: [UInt8] = [0, 1, 0, 1]

    @Test(
        arguments: [
            ("a pointer to itself", [0xc0, 12]), ("a pointer into the header", [0xc0, 0]),
            ("a pointer ahead", [0xc0, 14]),
            ("a chain of pointers", [0xc0, 14, 0xc0, 16, 0xc0, 12]), ("a label, then a pointer", [1, 97, 0xc0, 12]),
            ("a label of 64 octets", [64] + [UInt8](repeating: 97, count: 64) + [0]),
            ("a label of the reserved kind", [0x80, 97, 0]),
            ("a name of 256 octets", (0..<5).flatMap { _ in [50] + [UInt8](repeating: 97, count: 50) } + [0]),
            ("a name of 300 labels", (0..<300).flatMap { _ in [1, 97] as [UInt8] } + [0]),
            ("a name without an end", [3, 97, 97, 97]),
        ] as [(String, [UInt8])])
    func `a bad name is a format error`(what: String, name: [UInt8]) {
        #expect(code(Self.header + name + Self.question) == 1)
    }

    @Test(
        arguments: [
            [0, 0, 0, 0], [2, 0, 0, 0], [65535, 0, 0, 0], [1, 1, 0, 0], [1, 65535, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1],
            [1, 0, 0, 65535], [1, 65535, 65535, 65535],
        ] as [[UInt16]])
    func `counts that lie are a format error`(counts: [UInt16]) {
        #expect(code(QueryText("web.service.consul. A").octets(counts: counts)) == 1)
    }

    @Test func `two questions are a format error`() {
        let query = QueryText("web.service.consul. A")
        #expect(code(query.octets(counts: [2, 0, 0, 0], trailer: query.question)) == 1)
    }

    @Test(arguments: [1, 2, 11, 100]) func `octets after the end are a format error`(count: Int) {
        let garbage = [UInt8](repeating: 0, count: count)
        #expect(code(QueryText("web.service.consul. A").octets(trailer: garbage)) == 1)
        #expect(code(QueryText("web.service.consul. A", payloadSize: 1232).octets(trailer: garbage)) == 1)
    }

    @Test(
        arguments: [
            ("two OPT", [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]),
            ("an OPT with an owner", [1, 97, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]),
            ("an OPT owned by a pointer", [0xc0, 12, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]),
            ("an OPT longer than the message", [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 5]),
            ("half an option", [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 3, 0, 1, 0]),
            ("an option longer than its OPT", [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 4, 0, 1, 0, 1]),
            ("a cookie of 7 octets", [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 11, 0, 10, 0, 7, 1, 2, 3, 4, 5, 6, 7]),
        ] as [(String, [UInt8])])
    func `a bad OPT is a format error`(what: String, option: [UInt8]) {
        let count: UInt16 = what == "two OPT" ? 2 : 1
        #expect(code(QueryText("web.service.consul. A").octets(counts: [1, 0, 0, count], trailer: option)) == 1)
    }

    @Test func `whatever comes, the rules hold, and both paths say the same`() {
        var generator = SeededGenerator(seed: 4)
        var paths = BothPaths(Sample.shared)
        var plain = 0
        var codes: [Int: Int] = [:]
        for number in 0..<Fuzz.count {
            let datagram = Fuzz.datagram(&generator)
            let (broken, code) = Self.hold(&paths, datagram, seed: UInt64(number))
            if let broken { Issue.record("\(broken): \(datagram)") }
            if let code { codes[code, default: 0] += 1 }
            if paths.lastWasPlain { plain += 1 }
        }
        // The fuzzer reaches every outcome, and both paths, often.
        #expect(plain > Fuzz.count / 10)
        for code in [0, 1, 3, 4, 5, 16] { #expect(codes[code, default: 0] > Fuzz.count / 500) }
    }
}
