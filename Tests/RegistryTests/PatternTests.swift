import Testing

@testable import Registry

@Suite struct `Regular expressions` {
    @Test(arguments: [
        ("", "", true), ("", "x", true), ("b", "abc", true), ("^b", "abc", false), ("^a", "abc", true),
        ("c$", "abc", true),
        ("b$", "abc", false), ("^abc$", "abc", true), ("^$", "", true), ("a.c", "abc", true), ("a.c", "a\nc", false),
        ("(?s)a.c", "a\nc", true), ("a|b|cd", "xcd", true), ("^(a|b)+$", "abba", true), ("^(a|b)+$", "abca", false),
        ("^a*$", "", true), ("^a+$", "", false), ("^ab?c$", "ac", true), ("^ab?c$", "abbc", false),
        ("^a{2}$", "aa", true),
        ("^a{2}$", "aaa", false), ("^a{2,}$", "aaa", true), ("^a{1,2}$", "aaa", false), ("^a{0}$", "", true),
        ("a{x", "a{x", true),
        ("^a{,2}$", "a{,2}", true), ("^a+?b*?$", "aab", true), ("[abc]", "xb", true), ("[^abc]", "abc", false),
        ("^[a-c0-9_-]+$", "a-9_b", true), ("[]a]", "]", true), ("[^]]", "]", false), ("[a-]", "-", true),
        (#"^\d+\.\d+$"#, "1.25", true), (#"^\d+\.\d+$"#, "1x25", false), (#"\D\s\S\w\W"#, "x yz!", true),
        (#"[\d\-x]"#, "-", true),
        (#"^[^\s]+$"#, "ab c", false), (#"^[\W]$"#, "!", true), (#"^[\W]$"#, "a", false),
        (#"\bweb\b"#, "my web.", true),
        (#"\bweb\b"#, "webs", false), (#"\Beb"#, "web", true), (#"\Aa\z"#, "a", true), (#"\x41\x{1f600}"#, "A😀", true),
        (#"^\Qa.b*\E+$"#, "a.b*", true), (#"\Qa.b"#, "axb", false), ("(?i)WEB", "a web", true),
        ("(?i)[a-c]+$", "ABC", true),
        ("(?i:A)b", "ab", true), ("(?i:A)b", "aB", false), ("(?i)a(?-i)b", "AB", false), ("(?m)^b$", "a\nb\nc", true),
        ("^b$", "a\nb\nc", false), ("(?P<name>a)", "a", true), ("(?<name>a)", "a", true), ("(?:a|b)c", "bc", true),
        ("[[:alpha:]]+[[:digit:]]", "a1", true), ("^[[:^", "", nil), ("été", "un été", true), ("^.$", "é", true),
        ("(a*)*b", "aaab", true), ("()", "", true), ("(|a)+$", "aa", true), ("x*", "", true),
        ("(", "", nil), (")", "", nil), ("a)", "", nil), ("[", "", nil), ("[]", "", nil), ("[b-a]", "", nil),
        ("*", "", nil),
        ("a**", "", nil), ("a{2}{3}", "", nil), ("a{1001}", "", nil), ("a{3,2}", "", nil), (#"\"#, "", nil),
        (#"\y"#, "", nil),
        (#"\8"#, "", nil), ("(?=a)", "", nil), ("(?P<a", "", nil), (#"\x{110000}"#, "", nil), (#"\xg0"#, "", nil),
        ("(?z)", "", nil), (#"\pL"#, "", nil), ("a{99999999999999999999}", "", nil),
        ("((a{100}){100}){100}", "", nil), ("((((){1000}){1000}){1000}){1000}", "", nil),
        (String(repeating: "(", count: 100) + String(repeating: ")", count: 100), "", nil),
    ]) func `mean what they mean in Go`(_ pattern: String, _ text: String, _ expected: Bool?) throws {
        guard let expected else {
            let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
            #expect(error?.description.hasPrefix("error parsing regexp: ") == true)
            return
        }
        #expect(try Pattern(pattern).matches(text) == expected)
    }

    /// Expressions that take others minutes or longer.
    @Test(
        .timeLimit(.minutes(1)), arguments: ["(a+)+$", "^(a|a)*$", "^(a*)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x"])
    func `take time linear in the text`(_ pattern: String) throws {
        let text = String(repeating: "a", count: 4000) + "!"
        #expect(try !Pattern(pattern).matches(text))
    }

    @Test func `never trap, whatever they say`() {
        let parts = Array("ab(){}[]*+?|\\^$.-:<>=!,09xQEPdDwWsSbBzAiUm é\u{0}\n").map(String.init)
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...20)).map { _ in parts.randomElement() ?? "" }.joined()
            if let pattern = try? Pattern(text) { _ = pattern.matches("ab01 [x]\n") }
        }
    }
}
