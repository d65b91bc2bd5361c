import DNS
import Testing

@testable import Registry

@Suite struct `A name is one DNS label` {
    @Test(arguments: [
        "a", "web", "Web-2", "0", "a-b", "xn--bcher-kva", String(repeating: "a", count: 63), "3com",
    ])
    func `letters, digits and inner hyphens, up to 63 octets, are taken`(text: String) throws {
        #expect(try ServiceName(text).text == text)
    }

    static let refused: [(String, LabelError.Reason, String?)] = [
        ("", .empty, nil),
        ("service_name", .character("_"), "service-name"),
        ("a.b", .character("."), "a-b"),
        ("bad name!", .character(" "), "bad-name"),
        ("-web", .hyphenAtEnd, "web"),
        ("web-", .hyphenAtEnd, "web"),
        ("-", .hyphenAtEnd, nil),
        ("büro", .character("ü"), "b-ro"),
        ("a\u{0}b", .character("\u{0}"), "a-b"),
        ("web\n", .character("\n"), "web"),
        ("日本", .character("日"), nil),
    ]

    @Test(arguments: refused)
    func `anything else is refused with the reason and a suggestion`(
        text: String, reason: LabelError.Reason, suggestion: String?
    ) throws {
        let error = #expect(throws: LabelError.self) { try ServiceName(text) }
        #expect(error?.reason == reason)
        #expect(error?.suggestion == suggestion)
        if let suggestion { #expect(try ServiceName(suggestion).text == suggestion) }
    }

    @Test func `a refusal is one printable sentence`() {
        #expect(
            LabelError(text: "service_name", reason: .character("_")).description
                == """
                name "service_name" cannot be a DNS label: it contains "_", and only letters, digits and hyphens may \
                be used; use "service-name"
                """)
        let hostile = LabelError(
            text: "a\u{1b}[2J\n" + String(repeating: "x", count: 500), reason: .tooLong(octets: 506))
        #expect(hostile.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f })
        #expect(hostile.description.count < 300)
        #expect(LabelError(text: "_", reason: .character("_")).description.hasSuffix("may be used"))
    }

    @Test(arguments: [
        ("my_Service", "my-service"), ("a..__b", "a-b"), ("__a__", "a"), ("A B\tC", "a-b-c"),
        ("nginx:1.25", "nginx-1-25"),
        ("Ångström", "ngstr-m"), ("web-", "web"), ("UP_PER", "up-per"),
    ])
    func `rewriting gives lower case, one hyphen for each run of other characters, none at the ends`(
        text: String, expected: String
    ) throws {
        #expect(Label.rewrite(text) == expected)
        #expect(try ServiceName(text, policy: .rewrite).text == expected)
    }

    @Test(arguments: ["UPPER", "Web-2", "a--b"]) func `a good name is not rewritten`(text: String) throws {
        #expect(try ServiceName(text, policy: .rewrite).text == text)
    }

    @Test(arguments: [
        ("", LabelError.Reason.empty), ("___", .nothingUsable), ("日本", .nothingUsable), ("-", .nothingUsable),
        (".", .nothingUsable),
    ])
    func `rewriting gives nothing where nothing is usable, and the reason`(text: String, reason: LabelError.Reason) {
        #expect(Label.rewrite(text) == nil)
        #expect(throws: LabelError(text: text, reason: reason)) { try ServiceName(text, policy: .rewrite) }
    }

    @Test func `a name without anything usable is told so`() {
        #expect(
            LabelError(text: "___", reason: .nothingUsable).description
                == "name \"___\" cannot be a DNS label: it has no letter and no digit")
    }

    @Test func `two long names stay two, and fit`() throws {
        let stem = String(repeating: "service_", count: 12)
        let names = try ["one", "two"].map { try #require(Label.rewrite(stem + $0)) }
        #expect(names[0] != names[1])
        for name in names {
            #expect(name.utf8.count <= 63)
            #expect(try ServiceName(name).text == name)
            #expect(name.hasPrefix("service-service-"))
        }
        #expect(Label.rewrite(stem + "one") == names[0], "the same on every run")
    }

    @Test func `a hyphen at the cut does not double`() throws {
        let name = try #require(
            Label.rewrite(String(repeating: "a", count: 53) + "_" + String(repeating: "b", count: 30)))
        #expect(!name.contains("--"))
        #expect(name.utf8.count <= 63)
    }

    @Test func `names are compared without case, and keep their spelling`() throws {
        #expect(try ServiceName("Web") == ServiceName("wEB"))
        #expect(try Set([ServiceName("Web"), ServiceName("web")]).count == 1)
        #expect(try ServiceName("Web").text == "Web")
        #expect(try ServiceName("Web").folded == "web")
        #expect(try NodeName("a") < NodeName("B"))
    }

    @Test(arguments: ["service_name", "_", "-web-", "A_1"])
    func `the loose policy takes underscores, and hyphens anywhere`(text: String) throws {
        #expect(try ServiceName(text, policy: .allow).text == text)
    }

    @Test(arguments: [
        "a.b", "a b", "a\u{7f}", "a\tb", "a\nb", "a;b", "a{b", "a}", "\"a\"", "it's", "a\\b", "a!b", "$a", "`a`", "a#b",
        "a/b", "a@b", "bücher", "a\u{202e}b", "a\u{a0}b",
    ])
    func `and nothing that could mean something in a rendered file`(text: String) throws {
        let error = #expect(throws: LabelError.self) { try ServiceName(text, policy: .allow) }
        #expect("\(try #require(error))".contains("only letters, digits, hyphens and underscores may be used"))
    }

    @Test(arguments: [("", LabelError.Reason.empty), (String(repeating: "a", count: 64), .tooLong(octets: 64))])
    func `nor what no label can be`(text: String, reason: LabelError.Reason) {
        #expect(throws: LabelError(text: text, reason: reason)) { try ServiceName(text, policy: .allow) }
    }

    @Test(arguments: ["v=1", "bücher", "a!b"]) func `a label of a tag may be more`(text: String) throws {
        try Label.validateOctets(text)
        #expect(throws: LabelError.self) { try Label.validateOctets(text + " ") }
    }
}

@Suite struct `An address is an IP address or a host name` {
    @Test(arguments: [
        "10.0.0.1", "::1", "fe80::1", "host", "a.example", "a.example.", "db_1.internal", "xn--bcher-kva.example",
        "::ffff:10.0.0.1",
    ])
    func `both are taken as they are spelled`(text: String) throws {
        #expect(try Address(text).text == text)
    }

    @Test(arguments: [
        "", " ", "10.0.0.300", "1.2.3", "10.0.0.1 ", "a..b", ".", ".a", "a b", "a;b", "a/b", "[::1]", "fe80::1%eth0",
        "a\nb", "$(id)", "bücher.example", String(repeating: "a.", count: 127) + "ab",
        String(repeating: "a", count: 64),
    ])
    func `nothing else is`(text: String) {
        #expect(throws: AddressError(text: text)) { try Address(text) }
    }

    @Test func `only an IP address has one`() throws {
        #expect(try Address("10.0.0.1").ip == .v4(0x0a00_0001))
        #expect(try Address("::1").ip == .v6(high: 0, low: 1))
        #expect(try Address("a.example").ip == nil)
        #expect(Address(.v4(0x0a00_0001)).text == "10.0.0.1")
    }
}
