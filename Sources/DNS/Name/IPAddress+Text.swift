extension IPAddress: CustomStringConvertible {
    /// Reads dotted decimal (`10.0.0.1`) or RFC 4291 2.2 text (`fe80::1`, `::ffff:10.0.0.1`); no zone, no brackets.
    package init?(_ text: some StringProtocol) {
        if let value = Self.dottedDecimal(text.utf8) {
            self = .v4(value)
        } else if let halves = Self.colonHexadecimal(text.utf8) {
            self = .v6(high: halves.high, low: halves.low)
        } else {
            return nil
        }
    }

    /// The same for a whole string; not generic, so that other modules get it compiled for what it reads.
    package init?(_ text: String) { self.init(text[...]) }

    /// Dotted decimal, or the one canonical IPv6 spelling of RFC 5952 4.
    package var description: String {
        switch self {
        case .v4(let value):
            "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
        case .v6(let high, let low):
            Self.canonicalText(groups: Self.groups(of: high) + Self.groups(of: low))
        }
    }

    private static func dottedDecimal(_ text: some Sequence<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for character in text {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // No leading zero: "010" is octal to some readers and decimal to others.
                guard digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(character - UInt8(ascii: "0"))
                guard part <= 255 else { return nil }
                digits += 1
            case UInt8(ascii: "."):
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | part
                part = 0
                digits = 0
                dots += 1
            default: return nil
            }
        }
        return digits > 0 && dots == 3 ? value << 8 | part : nil
    }

    /// Groups of hexadecimal digits; one "::" stands for one or more groups of zeros.
    private static func colonHexadecimal(_ text: some Collection<UInt8>) -> (high: UInt64, low: UInt64)? {
        let octets = Array(text)
        let colon = UInt8(ascii: ":")
        let gap = octets.indices.dropLast().first { octets[$0] == colon && octets[$0 + 1] == colon }
        var groups: [UInt16]
        if let gap {
            guard let left = self.groups(in: octets[..<gap], mayEndInDottedDecimal: false),
                let right = self.groups(in: octets[(gap + 2)...], mayEndInDottedDecimal: true),
                left.count + right.count < 8
            else { return nil }
            groups = left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right
        } else {
            guard let all = self.groups(in: octets[...], mayEndInDottedDecimal: true), all.count == 8 else {
                return nil
            }
            groups = all
        }
        return (half(groups[..<4]), half(groups[4...]))
    }

    /// The groups of a text without "::", none for an empty one; `nil` if one of them is not 1 to 4 digits.
    private static func groups(in text: ArraySlice<UInt8>, mayEndInDottedDecimal: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var lastGroups: [UInt16] = []
        if mayEndInDottedDecimal, let last = parts.last, last.contains(UInt8(ascii: ".")) {
            guard let value = dottedDecimal(last) else { return nil }
            lastGroups = [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
            parts.removeLast()
        }
        var groups: [UInt16] = []
        for part in parts {
            guard let group = hexadecimal(part) else { return nil }
            groups.append(group)
        }
        return groups + lastGroups
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard let nibble = hexadecimalValue(digit) else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }

    private static func half(_ groups: ArraySlice<UInt16>) -> UInt64 {
        groups.reduce(0) { $0 << 16 | UInt64($1) }
    }

    private static func groups(of half: UInt64) -> [UInt16] {
        [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) }
    }

    /// Lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as "::".
    private static func canonicalText(groups: [UInt16]) -> String {
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = max(end, start + 1)
        }
        let hexadecimal = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !longest.isEmpty else { return hexadecimal(groups[...]) }
        return hexadecimal(groups[..<longest.lowerBound]) + "::" + hexadecimal(groups[longest.upperBound...])
    }
}

/// The value of one hexadecimal digit of either case.
func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
