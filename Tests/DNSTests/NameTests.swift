import Glibc
import TestSupport
import Testing

@testable import DNS

@Suite struct `Domain names` {
    @Test(
        arguments: [
            (".", [0]), ("a.", [1, 97, 0]), ("a", [1, 97, 0]), ("A.b.", [1, 65, 1, 98, 0]),
            ("a\\.b.c.", [3, 97, 46, 98, 1, 99, 0]), ("\\000\\255.", [2, 0, 255, 0]), ("\\097.", [1, 97, 0]),
            ("_web._tcp.", [4, 95, 119, 101, 98, 4, 95, 116, 99, 112, 0]),
        ] as [(String, [UInt8])])
    func `text to wire`(text: String, wire: [UInt8]) throws {
        let name = try DomainName(text: text)
        #expect(name.wire == wire)
        #expect(try DomainName(text: name.description) == name)
        #expect(try DomainName(wire: wire).wire == wire)
    }

    @Test(arguments: [
        ("", NameError.emptyLabel), (".a", .emptyLabel), ("a..b", .emptyLabel), ("a\\", .badEscape),
        ("\\25", .badEscape),
        ("\\256", .badEscape), (String(repeating: "a", count: 64), .labelTooLong(octets: 64)),
        (
            Array(repeating: String(repeating: "a", count: 50), count: 5).joined(separator: "."),
            .nameTooLong(octets: 256)
        ),
    ])
    func `text that is no name`(text: String, error: NameError) {
        #expect(throws: error) { try DomainName(text: text) }
    }

    @Test(
        arguments: [
            ([], NameError.unterminated), ([1, 97], .unterminated), ([0, 0], .unterminated),
            ([5, 97, 0], .unterminated),
            ([64, 0], .labelTooLong(octets: 64)), ([0xc0, 12], .labelTooLong(octets: 0xc0)),
            ([UInt8](repeating: 1, count: 256) + [0], .nameTooLong(octets: 257)),
        ] as [([UInt8], NameError)])
    func `wire that is no name`(wire: [UInt8], error: NameError) {
        #expect(throws: error) { try DomainName(wire: wire) }
    }

    @Test func `any octets survive text and back`() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let labels = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                (0..<Int.random(in: 1...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                }
            }
            let name = try DomainName(labels: labels)
            #expect(try DomainName(text: name.description).wire == name.wire)
            #expect(name.labels.map(Array.init) == labels)
        }
    }

    @Test func `the longest name is taken`() throws {
        let label = [UInt8](repeating: 97, count: 62)
        let name = try DomainName(labels: [label, label, label, label.dropLast() + [98], [99]])
        #expect(name.wire.count == 255)
        #expect(NameKey(name).wire == name.wire)
    }

    @Test func `case makes no difference`() throws {
        let upper = PlainText.name("WEB.Example.")
        let lower = PlainText.name("web.eXAMPLE.")
        #expect(upper == lower)
        #expect(upper.hashValue == lower.hashValue)
        #expect(upper != PlainText.name("web.example.org."))
        // "[" and "{" differ in the bit that is a letter's case.
        #expect(PlainText.name("[.") != PlainText.name("{."))
        #expect(PlainText.name("@a.") != PlainText.name("`a."))
    }

    @Test func `ancestors`() throws {
        let name = PlainText.name("a.b.example.")
        #expect(name.parent == PlainText.name("b.example."))
        #expect(DomainName.root.parent == nil)
        for ancestor in ["a.b.example.", "b.EXAMPLE.", "example.", "."] {
            #expect(name.isSubdomain(of: PlainText.name(ancestor)))
        }
        for other in ["x.a.b.example.", "ample.", "c.example.", "org."] {
            #expect(!name.isSubdomain(of: PlainText.name(other)))
        }
        // The octets of "x.example." are at the end of this name, but inside its label.
        #expect(
            !(try DomainName(labels: [[97, 1, 120] + [7] + Array("example".utf8)])).isSubdomain(
                of: PlainText.name("x.example.")))
        #expect(
            try PlainText.name("web.service").appending(PlainText.name("consul."))
                == PlainText.name("web.service.consul."))
    }

    @Test func `a key folds and compares as a name does`() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            let labels = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                (0..<Int.random(in: 1...35, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                }
            }
            let name = try DomainName(labels: labels)
            var fast = NameKey()
            let padded = name.wire + [UInt8](repeating: 0x5a, count: 8)
            unsafe padded.withUnsafeBytes { octets in
                guard let start = octets.baseAddress else { return }
                unsafe fast.assign(from: start, count: name.wire.count)
            }
            #expect(fast.wire == name.lowercasedWire)
            #expect(fast.hash(seed: 7) == NameKey(name).hash(seed: 7))
        }
    }
}

@Suite struct `IP addresses` {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("FE80::0:1", "fe80::1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::ffff:10.0.0.1", "::ffff:a00:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:0:2:2:0:0:3", "1::2:2:0:0:3"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ])
    func `text and back in its one canonical form (RFC 5952)`(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(IPAddress(octets: address.octets) == address)
    }

    /// What the C library says of a text.
    private func reference(_ text: String) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &octets) == 1 { return Array(octets[..<4]) }
        return unsafe inet_pton(AF_INET6, text, &octets) == 1 ? octets : nil
    }

    @Test func `the C library agrees on 20,000 texts, good and bad`() {
        var generator = SeededGenerator(seed: 3)
        let parts = [
            "", ":", "::", "0", "1", "ab", "FFFF", "12345", "g", ".", "10.0.0.1", "1.2.3", "256", "01", ":1", "1:",
        ]
        var good = 0
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...11, using: &generator) {
                text += parts.randomElement(using: &generator) ?? ""
                if Bool.random(using: &generator) { text += ":" }
            }
            let expected = reference(text)
            if expected != nil { good += 1 }
            if IPAddress(text)?.octets != expected { Issue.record("\(text) is not read as inet_pton does") }
        }
        #expect(good > 100)
    }
}

@Suite struct `A name at the beginning of octets` {
    @Test(
        arguments: [[0], [0, 1, 2], [1, 97, 0], [1, 97, 0, 0, 9], [3, 119, 119, 119, 1, 97, 0, 0xff]] as [[UInt8]])
    func `is read up to its end`(octets: [UInt8]) throws {
        let name = try DomainName(beginning: octets)
        #expect(octets.starts(with: name.wire))
        // The same from the middle of other octets.
        #expect(try DomainName(beginning: ([7, 7] + octets).dropFirst(2)) == name)
    }

    @Test(arguments: [[], [1], [1, 97], [63, 0], [64, 0, 0], [0xc0, 12, 0], [255, 0]] as [[UInt8]])
    func `is none where octets end too soon or a label is too long`(octets: [UInt8]) {
        #expect(throws: NameError.self) { try DomainName(beginning: octets) }
    }

    @Test func `is none if it is too long`() {
        let octets = Array(repeating: [1, 97] as [UInt8], count: 128).flatMap(\.self) + [0]
        #expect(throws: NameError.self) { try DomainName(beginning: octets) }
    }
}
