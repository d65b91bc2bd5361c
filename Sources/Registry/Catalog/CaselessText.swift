/// Text whose ASCII letters compare, order and hash without case, as DNS compares names (RFC 4343).
package struct CaselessText: Sendable {
    /// The spelling as it was given.
    package let text: String
    /// The spelling in lower case; shares the storage of ``text`` where they are equal.
    package let folded: String

    package init(_ text: String) {
        self.text = text
        let hasUpper = text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        folded = hasUpper ? String(decoding: text.utf8.map(Self.folded), as: UTF8.self) : text
    }

    private static func folded(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }
}

extension CaselessText: Hashable, Comparable {
    package static func == (left: CaselessText, right: CaselessText) -> Bool { left.folded == right.folded }
    package static func < (left: CaselessText, right: CaselessText) -> Bool { left.folded < right.folded }
    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}
