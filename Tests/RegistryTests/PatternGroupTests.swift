import Testing

@testable import Registry

@Suite struct `Groups of regular expressions` {
    /// What Go says.
    @Test(arguments: [
        ("(a)", "xay", ["a", "a"]), ("(a+)(a*)", "aaa", ["aaa", "aaa", ""]), ("(a+?)(a*)", "aaa", ["aaa", "a", "aa"]),
        ("(?U)(a+)(a*)", "aaa", ["a", "a", ""]), ("(?U)(a+?)(a*?)", "aaa", ["aaa", "aaa", ""]),
        ("^geo-(.*?)-([^\\-]+?)$", "geo-a-b-c", ["geo-a-b-c", "a-b", "c"]),
        ("^geo-(.*)-([^\\-]+)$", "geo-a-b", ["geo-a-b", "a", "b"]),
        ("(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]),
        ("(a)|(b)", "b", ["b", nil, "b"]), ("(?:a)(b)", "ab", ["ab", "b"]),
        ("(?P<x>a)(?<y>b)", "ab", ["ab", "a", "b"]),
        ("((a)(b))+", "abab", ["abab", "ab", "a", "b"]), ("(a)*", "b", ["", nil]),
        ("(a{1,2}?)(a*)", "aaa", ["aaa", "a", "aa"]),
        ("b(.)", "abxbz", ["bx", "x"]), ("(é)(.)", "xé日", ["é日", "é", "日"]), ("(^|x)(b)", "xb", ["xb", "x", "b"]),
        ("()", "a", ["", ""]),
    ]) func `are those of the match that begins first and is named first`(
        _ expression: String, _ text: String, _ groups: [String?]
    ) throws {
        let found = try #require(try Pattern(expression).groups(in: text))
        #expect(found.map { $0.map(String.init) } == groups)
    }

    @Test(arguments: ["(a*)(b)", "^(x)", "(a)$"]) func `are none without a match`(_ expression: String) throws {
        #expect(try Pattern(expression).groups(in: "aac") == nil)
    }

    @Test func `are found where the expression matches, and nowhere else`() throws {
        let parts = ["a", "b", "(", ")", "*", "+?", "|", ".", "^", "$", "{1,2}", "[ab]", "?"]
        var generator = SeededGenerator(seed: 1)
        var matches = 0
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                parts.randomElement(using: &generator) ?? ""
            }.joined()
            guard let pattern = try? Pattern(text) else { continue }
            for subject in ["", "a", "abba", "xaby"] {
                let isMatch = pattern.matches(subject)
                #expect((pattern.groups(in: subject) != nil) == isMatch, "\(text) in \(subject)")
                matches += isMatch ? 1 : 0
            }
        }
        #expect(matches > 1000)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["(a+)+$", "^((a|a)*)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x"])
    func `take time linear in the text`(_ expression: String) throws {
        let text = String(repeating: "a", count: 2000) + "!"
        #expect(try Pattern(expression).groups(in: text) == nil)
    }
}
