extension DomainName: CustomStringConvertible, LosslessStringConvertible {
    /// Reads presentation form (`web.example.`, `a\.b.example`, `\000`; RFC 1035 5.1). The final dot may be left out.
    ///
    /// - Throws: ``NameError``.
    package init(text: some StringProtocol) throws(NameError) {
        guard text != "." else {
            self = .root
            return
        }
        var labels: [[UInt8]] = [[]]
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: ".") {
                if rest.isEmpty { break }
                labels.append([])
            } else if octet == UInt8(ascii: "\\") {
                labels[labels.count - 1].append(try Self.escapedOctet(&rest))
            } else {
                labels[labels.count - 1].append(octet)
            }
        }
        try self.init(labels: labels)
    }

    package init?(_ description: String) {
        guard let name = try? DomainName(text: description) else { return nil }
        self = name
    }

    /// Presentation form with the final dot; dots and backslashes in labels escaped, unprintable octets as `\DDD`.
    package var description: String {
        let labels = self.labels
        guard !labels.isEmpty else { return "." }
        return labels.map { $0.map(Self.presentation).joined() + "." }.joined()
    }

    private static func escapedOctet(_ rest: inout ArraySlice<UInt8>) throws(NameError) -> UInt8 {
        guard let first = rest.popFirst() else { throw .badEscape }
        guard let hundreds = decimal(first) else { return first }
        guard let second = rest.popFirst(), let third = rest.popFirst(),
            let tens = decimal(second), let ones = decimal(third),
            let octet = UInt8(exactly: hundreds * 100 + tens * 10 + ones)
        else { throw .badEscape }
        return octet
    }

    private static func decimal(_ octet: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) ? Int(octet - UInt8(ascii: "0")) : nil
    }

    private static func presentation(_ octet: UInt8) -> String {
        switch octet {
        case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "@"), UInt8(ascii: "$"):
            "\\" + String(UnicodeScalar(octet))
        case 0x21...0x7e:
            String(UnicodeScalar(octet))
        default:
            "\\" + String(repeating: "0", count: 3 - String(octet).count) + String(octet)
        }
    }
}
