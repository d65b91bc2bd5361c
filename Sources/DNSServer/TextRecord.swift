import DNS

/// The data of TXT records: strings of at most 255 octets, each after its length (RFC 1035 3.3.14).
enum TextRecord {
    private static let longestString = 255

    /// One attribute by RFC 1464: `key=value`, a backquote before each backquote and equals sign of the key and before
    /// the blanks at its ends. Of a key that starts with `rfc1035-` the value stands alone, as Consul has it.
    static func attribute(_ key: String, _ value: String) -> [UInt8] {
        guard !key.lowercased().hasPrefix("rfc1035-") else { return strings(Array(value.utf8)) }
        return strings(quoted(Array(key.utf8)) + [UInt8(ascii: "=")] + value.utf8)
    }

    /// All attributes of an instance in one record (RFC 6763 6.3), in the order of their keys. Left out is what no string
    /// can hold: a key that is empty or not of printable ASCII without `=`, and what goes beyond 255 octets.
    static func attributes(_ meta: [String: String]) -> [UInt8] {
        let data = meta.sorted { $0.key < $1.key }.flatMap { key, value -> [UInt8] in
            let isGood = !key.isEmpty && key.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "=") }
            let string = "\(key)=\(value)".prefix(octets: longestString)
            return isGood && string.utf8.count > key.utf8.count ? [UInt8(string.utf8.count)] + string.utf8 : []
        }
        // A record without attributes has one empty string (RFC 6763 6.1).
        return data.isEmpty ? [0] : data
    }

    private static func quoted(_ key: [UInt8]) -> [UInt8] {
        let isBlank = { (octet: UInt8) in octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\t") }
        let first = key.firstIndex { !isBlank($0) } ?? key.endIndex
        let last = key.lastIndex { !isBlank($0) } ?? key.startIndex
        return key.enumerated().flatMap { position, octet -> [UInt8] in
            let isSpecial =
                octet == UInt8(ascii: "`") || octet == UInt8(ascii: "=") || position < first || position > last
            return isSpecial ? [UInt8(ascii: "`"), octet] : [octet]
        }
    }

    private static func strings(_ text: [UInt8]) -> [UInt8] {
        stride(from: 0, to: max(text.count, 1), by: longestString).flatMap { start -> [UInt8] in
            let string = text[start..<min(start + longestString, text.count)]
            return [UInt8(string.count)] + string
        }
    }
}
