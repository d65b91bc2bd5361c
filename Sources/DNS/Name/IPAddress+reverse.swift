extension IPAddress {
    /// The address that a reverse name stands for: `4.3.2.1.in-addr.arpa` (RFC 1035 3.5), or 32 hexadecimal digits before
    /// `ip6.arpa` (RFC 3596 2.5). `nil` for any other name.
    package init?(reverse name: DomainName) {
        let labels = name.labels
        guard labels.count > 2, Self.isSpelled(labels[labels.count - 1], "arpa") else { return nil }
        let digits = labels.dropLast(2).reversed()
        if Self.isSpelled(labels[labels.count - 2], "in-addr"), digits.count == 4 {
            let octets = digits.compactMap { UInt8(String(decoding: $0, as: UTF8.self)) }
            // "01" and "+1" are no spellings of 1.
            guard zip(octets, digits).allSatisfy({ String($0).utf8.elementsEqual($1) }) else { return nil }
            self.init(octets: octets)
        } else if Self.isSpelled(labels[labels.count - 2], "ip6"), digits.count == 32 {
            guard digits.allSatisfy({ $0.count == 1 }) else { return nil }
            self.init(hexadecimal: digits.flatMap(\.self))
        } else {
            return nil
        }
    }

    /// The name that ``init(reverse:)`` reads.
    package var reverseName: DomainName {
        let (digits, domain): ([String], [String]) =
            switch self {
            case .v4: (octets.map { String($0) }, ["in-addr", "arpa"])
            case .v6: (octets.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }, ["ip6", "arpa"])
            }
        // At most 34 short labels.
        let labels = (digits.reversed() + domain).map { [UInt8($0.utf8.count)] + $0.utf8 }
        return DomainName(uncheckedWire: labels.flatMap(\.self) + [0])
    }

    private static func isSpelled(_ label: ArraySlice<UInt8>, _ text: StaticString) -> Bool {
        label.lazy.map(DomainName.folded).elementsEqual("\(text)".utf8)
    }
}
