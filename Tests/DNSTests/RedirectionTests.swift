import Testing

@testable import DNS

@Suite struct `Names below a DNAME record (RFC 6672)` {
    private static let old = "old.example. 600 DNAME wild.example."

    @Test(arguments: [
        Case(
            query: "a.old.example. A",
            answer: [old, "a.old.example. 600 CNAME a.wild.example.", "a.wild.example. 60 A 192.0.2.99"]),
        Case(
            query: "known.old.example. TXT",
            answer: [old, "known.old.example. 600 CNAME known.wild.example.", "known.wild.example. 60 TXT exact"]),
        Case(
            query: "known.old.example. A",
            answer: [old, "known.old.example. 600 CNAME known.wild.example."],
            authority: [Case.negativeSOA(Sample.file)]),
        Case(
            query: "x.known.old.example. A", code: .nameError,
            answer: [old, "x.known.old.example. 600 CNAME x.known.wild.example."],
            authority: [Case.negativeSOA(Sample.file)]),
        Case(
            query: "into-old.example. A",
            answer: [
                "into-old.example. 60 CNAME a.old.example.", old, "a.old.example. 600 CNAME a.wild.example.",
                "a.wild.example. 60 A 192.0.2.99",
            ]),
    ])
    func `are those below its target`(expected: Case) throws { try check(expected) }

    @Test(arguments: ["hidden", "a.hidden", "cut", "a.cut"])
    func `are so even where the zone has records or a delegation`(name: String) throws {
        try check(
            Case(
                query: "\(name).old.example. A",
                answer: [
                    Self.old, "\(name).old.example. 600 CNAME \(name).wild.example.",
                    "\(name).wild.example. 60 A 192.0.2.99",
                ]))
    }

    @Test func `leave its owner alone`() throws {
        try check(Case(query: "old.example. A", answer: ["old.example. 600 A 192.0.2.7"]))
        try check(Case(query: "old.example. DNAME", answer: [Self.old]))
        try check(.noData("old.example. TXT", Sample.file))
    }

    @Test(arguments: ["CNAME", "ANY"])
    func `are not followed for whoever asks for the alias`(type: String) throws {
        try check(
            Case(
                query: "a.old.example. \(type)", answer: [Self.old, "a.old.example. 600 CNAME a.wild.example."]))
    }

    @Test func `may lead out of our zones`() throws {
        try check(
            Case(
                query: "a.b.away.example. A",
                answer: ["away.example. 600 DNAME example.org.", "a.b.away.example. 600 CNAME a.b.example.org."]))
    }

    @Test func `are no name if the target's would be too long`() throws {
        let label = Sample.longLabel
        try check(
            Case(
                query: "\(label).far.example. A", code: .nameTooLong,
                answer: ["far.example. 600 DNAME \(label).\(label).\(label).example."]))
    }

    @Test func `are followed a few times only where they lead to each other`() throws {
        let names = (0...8).map { "a." + String(repeating: "x.", count: $0) + "turn.example." }
        try check(
            Case(
                query: "a.turn.example. A",
                answer: ["turn.example. 600 DNAME x.turn.example."]
                    + zip(names, names.dropFirst()).map { "\($0) 600 CNAME \($1)" }))
    }

    @Test func `are cut where the reply is full`() throws {
        var paths = BothPaths(Sample.shared)
        let label = Sample.longLabel
        let name = "\(label).\(label).\(label).\(label.prefix(20)).old.example."
        let (full, fast, _) = paths.replies(to: QueryText("\(name) A").octets())
        #expect(full == fast)
        let reply = try #require(full.flatMap(ReplyText.init))
        #expect(reply.isTruncated)
        #expect(reply.answer.first == Self.old)
        #expect(reply.answer.count == 2)
    }
}
