import Testing

@testable import ZoneFiles

@Suite struct `A zone file with a doubtful name server (RFC 1035 5.2)` {
    private static let soa = "$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n"

    private static func warnings(_ text: String) throws -> [String] {
        try withFolder(["example.org.zone": soa + text + "\n"]) { folder in
            try ZoneFile.load("\(folder)/example.org.zone").warnings.map { "\($0.line ?? 0): \($0.reason)" }
        }
    }

    @Test func `is served, but not in silence if there is none`() throws {
        let warnings = try Self.warnings("www A 192.0.2.1\nsub NS ns.example.net.")
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("2: example.org. has no NS record") == true)
    }

    @Test(arguments: [
        ("@ NS ns", ["3: ns.example.org., a name server of example.org."]),
        ("@ NS ns\nns CNAME a\na A 192.0.2.1", ["3: ns.example.org., a name server of example.org."]),
        ("@ NS ns\nns TXT x", ["3: ns.example.org., a name server of example.org."]),
        (
            "@ NS a\na AAAA 2001:db8::1\nsub NS ns.sub\nsub NS sub\nsub NS a",
            [
                "5: ns.sub.example.org., a name server of sub.example.org.",
                "6: sub.example.org., a name server of sub.example.org.",
            ]
        ),
    ])
    func `is told with its line if it has no address here`(_ text: String, _ expected: [String]) throws {
        let warnings = try Self.warnings(text)
        #expect(warnings.count == expected.count)
        for (warning, start) in zip(warnings, expected) { #expect(warning.hasPrefix(start), "\(warning)") }
    }

    @Test(arguments: [
        "@ NS ns\nns A 192.0.2.1", "@ NS ns\nns AAAA 2001:db8::1", "@ NS ns.example.net.", "@ NS ns\n* A 192.0.2.1",
        "@ NS ns.d\nd DNAME e", "@ NS ns.sub\nsub NS ns.example.net.",
        "@ NS a\na A 192.0.2.1\nsub NS ns.other\nother NS ns.example.net.",
        "@ NS a\na A 192.0.2.1\nsub NS ns.sub\nns.sub A 192.0.2.2",
    ])
    func `is not one that others know, or find`(_ text: String) throws { #expect(try Self.warnings(text) == []) }

    @Test func `is one of twenty that are told`() throws {
        let warnings = try Self.warnings((1...30).map { "@ NS ns\($0)\n" }.joined())
        #expect(warnings.count == 21)
        #expect(warnings.last == "0: and 10 more")
    }
}
