extension IPAddress: CustomStringConvertible {
    /// Reads dotted decimal (`10.0.0.1`) or RFC 4291 2.2 text (`fe80::1`, `::ffff:10.0.0.1`); no zone, no brackets.
    package init?(_ text: some StringProtocol) {
        if let value = Self.dottedDecimal(text.utf8[...]) {
            self = .v4(value)
        } else if let halves = Self.colonHexadecimal(text.utf8) {
            self = .v6(high: halves.high, low: halves.low)
        } else {
            return nil
        }
    }

    /// Dotted decimal, or the one canonical IPv6 spelling of RFC 5952 4.
    package var description: String {
        switch self {
        case .v4(let value):
            "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
        case .v6(let high, let low):
            Self.canonicalText(groups: Self.groups(of: high) + Self.groups(of: low))
        }
    }

    private static func dottedDecimal<Octets: Collection<UInt8>>(_ text: Octets) -> UInt32? {
        var value: UInt32 = 0
        var parts = 0
        for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            // No leading zero: "010" is octal to some readers and decimal to others.
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var octet: UInt32 = 0
            for digit in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                octet = octet * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            guard octet <= 255 else { return nil }
            value = value << 8 | octet
            parts += 1
        }
        return parts == 4 ? value : nil
    }

    private static func colonHexadecimal(_ text: some Collection<UInt8>) -> (high: UInt64, low: UInt64)? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (3...9).contains(parts.count) else { return nil }
        var groups: [UInt16] = []
        var gap: Int?
        for (position, part) in parts.enumerated() {
            if part.isEmpty {
                let atEdge = position == 0 || position == parts.count - 1
                if atEdge {
                    // A text may start or end with "::", never with a single colon.
                    let neighbour = position == 0 ? 1 : position - 1
                    guard parts[neighbour].isEmpty else { return nil }
                    if parts.count == 3 { gap = gap ?? 0 }
                } else {
                    guard gap == nil || gap == groups.count else { return nil }
                    guard gap == nil || parts.count == 3 else { return nil }
                    gap = groups.count
                }
            } else if position == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let value = dottedDecimal(part) else { return nil }
                groups += [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
            } else {
                guard part.count <= 4, let group = hexadecimal(part) else { return nil }
                groups.append(group)
            }
        }
        if let gap {
            guard groups.count <= 7 else { return nil }
            groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        return (half(groups[0..<4]), half(groups[4..<8]))
    }

    private static func hexadecimal(_ digits: some Collection<UInt8>) -> UInt16? {
        var value: UInt16 = 0
        for digit in digits {
            guard let nibble = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
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
