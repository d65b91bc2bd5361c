import Testing

@testable import Registry

@Suite struct `A node's name is one label or several` {
    @Test(arguments: [
        "a", "Web-2", "0", "xn--bcher-kva", "foo.bar", "ip-10-0-0-1.eu-west-1.compute.internal", "10.0.0.1",
        "a.b.c.d.e.f",
        String(repeating: "a", count: 63) + ".b", [String](repeating: "a", count: 123).joined(separator: "."),
    ])
    func `each of letters, digits and inner hyphens`(text: String) throws {
        let name = try NodeName(text)
        #expect(name.text == text)
        #expect(name.labels.map { String($0) } == text.split(separator: ".").map { String($0) })
    }

    static let refused: [(String, LabelError)] = [
        ("", LabelError(text: "", reason: .empty)), (".", LabelError(text: ".", reason: .emptyLabel)),
        ("foo..bar", LabelError(text: "foo..bar", reason: .emptyLabel)),
        (".foo", LabelError(text: ".foo", reason: .emptyLabel)),
        ("foo.bar.", LabelError(text: "foo.bar.", reason: .emptyLabel)),
        ("web_1.lab", LabelError(text: "web_1", reason: .character("_"))),
        ("web.-lab", LabelError(text: "-lab", reason: .hyphenAtEnd)),
        ("web.b\u{fc}ro", LabelError(text: "b\u{fc}ro", reason: .character("\u{fc}"))),
        (
            "web." + String(repeating: "a", count: 64),
            LabelError(text: String(repeating: "a", count: 64), reason: .tooLong(octets: 64))
        ),
        (
            String(repeating: "a.", count: 123) + "a",
            LabelError(text: String(repeating: "a.", count: 123) + "a", reason: .nameTooLong(octets: 247))
        ),
    ]

    @Test(arguments: refused)
    func `anything else is refused with what is wrong and where`(text: String, error: LabelError) {
        #expect(throws: error) { try NodeName(text) }
        if let suggestion = error.suggestion { #expect(throws: Never.self) { try NodeName(suggestion) } }
    }

    @Test func `a refusal says it in a sentence`() {
        #expect(
            LabelError(text: "foo..bar", reason: .emptyLabel).description
                == #"name "foo..bar" cannot be a DNS name: there is nothing between two dots, or beside one; use "foo-bar""#
        )
        #expect(
            LabelError(text: "a.b", reason: .nameTooLong(octets: 300)).description
                == #"name "a.b" cannot be a DNS name: it has 300 octets, more than 246; use "a-b""#)
    }

    @Test func `names are compared without case`() throws {
        #expect(try NodeName("Foo.Bar") == NodeName("foo.bar"))
        #expect(try NodeName("foo.bar") != NodeName("foo-bar"))
    }
}
