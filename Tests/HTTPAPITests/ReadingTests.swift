import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Reading JSON` {
    @Test func `keeps order, repeated names and numbers as they were written`() throws {
        let text = #" { "a" : [ 1.50e+3 , -0 , true , false , null , "x\u00e9\ud83d\ude00\n\/\"" ] , "a" : { } } "#
        #expect(
            try JSONReader.read(Array(text.utf8))
                == .object([
                    .init(
                        name: "a",
                        value: .array([
                            .number("1.50e+3"), .number("-0"), .bool(true), .bool(false), .null, .string("xé😀\n/\""),
                        ])),
                    .init(name: "a", value: .object([])),
                ]))
    }

    @Test func `64 levels are read`() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test func `every prefix of a value is cut short or wrong, never a trap`() {
        let text = Array(#"{"a":[1.5e3,true,null,"\u00e9\ud83d\ude00"],"b":{"c":-1}}"#.utf8)
        for length in text.indices {
            #expect(throws: JSONSyntaxError.self) { try JSONReader.read(Array(text[..<length])) }
        }
    }
}

@Suite struct `Go's durations` {
    @Test(arguments: [
        ("10s", Duration.seconds(10)), ("1m30s", .seconds(90)), ("1.5h", .seconds(5400)), ("300ms", .milliseconds(300)),
        ("1us", .microseconds(1)), ("1µs", .microseconds(1)), ("5ns", .nanoseconds(5)), ("0", .zero), ("0s", .zero),
        (".5s", .milliseconds(500)), ("1.s", .seconds(1)), ("2h45m0.001s", .milliseconds(9_900_001)),
    ]) func `are read`(_ text: String, _ duration: Duration) {
        #expect(GoDuration.parse(text) == duration)
    }

    @Test(arguments: ["", "5", "s", ".s", "-5s", "+5s", "5 s", "5x", "1e3s", "9999999999h", "1\u{301}s", "1s "])
    func `or refused`(_ text: String) {
        #expect(GoDuration.parse(text) == nil)
    }
}

@Suite struct `Targets of checks` {
    @Test(
        arguments: [
            ("http://10.0.0.1", "10.0.0.1", 80), ("HTTPS://web.example/x?y", "web.example", 443),
            ("http://[::1]:8080/", "::1", 8080), ("http://[fe80::1]", "fe80::1", 80), ("http://a:1?x", "a", 1),
        ] as [(String, String, UInt16)]) func `URLs name a host and a port`(
            _ url: String, _ host: String, _ port: UInt16
        ) throws
    {
        let target = try #require(CheckTarget(url: url))
        #expect(target.host.text == host)
        #expect(target.port == port)
    }

    @Test(arguments: [
        "", "http", "http://", "http:///x", "ftp://a/", "//a/", "http://a:b/", "http://::1/", "http://[::1",
        "http://a/#f",
        "http://[10.0.0.1]/", "http://u@a/", "http://0.0.0.0/", "http://a b/", "http://é/",
    ]) func `or are refused`(_ url: String) {
        #expect(CheckTarget(url: url) == nil)
    }
}
