/// Go's string: any octets, by custom UTF-8. Compared and ordered octet by octet, unlike Swift's.
package struct GoString: Hashable, Sendable {
    package var octets: [UInt8]

    package init(octets: [UInt8]) { self.octets = octets }

    package init(_ text: some StringProtocol) { octets = Array(text.utf8) }

    package var isEmpty: Bool { octets.isEmpty }

    /// The length in octets, as Go's `len` counts.
    package var count: Int { octets.count }
}

extension GoString: Comparable {
    package static func < (left: GoString, right: GoString) -> Bool {
        left.octets.lexicographicallyPrecedes(right.octets)
    }
}

extension GoString: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral text: String) { self.init(text) }

    /// The text, with U+FFFD in place of octets that are not UTF-8.
    package var description: String { String(decoding: octets, as: UTF8.self) }
}

/// One character of a Go string, as Go's `range` sees it: octets that are not UTF-8 are read one by one as U+FFFD.
struct Rune {
    var scalar: Unicode.Scalar
    /// How many octets it takes.
    var width: Int
    /// Whether the octets were not UTF-8.
    var isInvalid = false

    static func decode(_ octets: [UInt8], at index: Int) -> Rune {
        let first = octets[index]
        if first < 0x80 { return Rune(scalar: Unicode.Scalar(first), width: 1) }
        let width: Int
        var value: UInt32
        switch first {
        case 0xc2...0xdf: (width, value) = (2, UInt32(first & 0x1f))
        case 0xe0...0xef: (width, value) = (3, UInt32(first & 0x0f))
        case 0xf0...0xf4: (width, value) = (4, UInt32(first & 0x07))
        default: return invalid
        }
        guard index + width <= octets.count else { return invalid }
        for octet in octets[(index + 1)..<(index + width)] {
            guard octet & 0xc0 == 0x80 else { return invalid }
            value = value << 6 | UInt32(octet & 0x3f)
        }
        let least: UInt32 = width == 3 ? 0x800 : width == 4 ? 0x10000 : 0x80
        guard value >= least, let scalar = Unicode.Scalar(value) else { return invalid }
        return Rune(scalar: scalar, width: width)
    }

    private static let invalid = Rune(scalar: "\u{fffd}", width: 1, isInvalid: true)
}

extension GoString {
    /// The number of characters, as Go's widths and precisions count.
    var runeCount: Int {
        var count = 0
        var index = 0
        while index < octets.count {
            index += octets[index] < 0x80 ? 1 : Rune.decode(octets, at: index).width
            count += 1
        }
        return count
    }

    /// The first `count` characters.
    func prefix(runes count: Int) -> GoString {
        var index = 0
        var left = count
        while index < octets.count, left > 0 {
            index += Rune.decode(octets, at: index).width
            left -= 1
        }
        return GoString(octets: Array(octets[..<index]))
    }
}
