import Testing

@testable import berth

@Suite struct `What commands print` {
    private let table = Table(
        header: ["Node", "Status"], rows: [[.init("a"), .init("alive", .green)], [.init("longer"), .init("")]])

    @Test func `columns are two spaces apart, and nothing follows the last`() {
        #expect(table.text(colour: false) == "Node    Status\na       alive\nlonger\n")
    }

    @Test func `colours change nothing in the layout`() {
        #expect(
            table.text(colour: true)
                == "\u{1b}[1mNode\u{1b}[0m    \u{1b}[1mStatus\u{1b}[0m\na       \u{1b}[32malive\u{1b}[0m\nlonger\n")
    }

    @Test func `what others wrote cannot steer a terminal`() {
        let table = Table(rows: [[.init("a\u{1b}[31mb"), .init("c")]])
        #expect(table.text(colour: true, harmless: true) == "a\u{fffd}[31mb  c\n")
    }

    @Test(arguments: [
        ("[]", "[]\n"), ("{}", "{}\n"), ("null", "null\n"), ("true\n", "true\n"),
        (#"" { \" , : [ ""#, #"" { \" , : [ ""# + "\n"),
        (
            #"{"a":[1,{"b":"\\"}],"c":{}}"#,
            "{\n    \"a\": [\n        1,\n        {\n            \"b\": \"\\\\\"\n        }\n    ],\n    \"c\": {}\n}\n"
        ),
        ("{ \"a\" :\n [ ] }", "{\n    \"a\": []\n}\n"),
    ])
    func `JSON is indented by four`(_ json: String, _ expected: String) {
        #expect(String(decoding: JSONLayout.indent(json.utf8), as: UTF8.self) == expected)
    }
}
