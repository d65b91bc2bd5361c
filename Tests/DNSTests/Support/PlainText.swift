@testable import DNS

/// Records in presentation form, enough of it for these tests: `owner TTL TYPE data`, all names absolute.
enum PlainText {
    static func name(_ text: some StringProtocol) -> DomainName {
        guard let name = try? DomainName(text: text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    /// Sets of equal owner and type from one record a line.
    static func sets(_ lines: String) -> [RRSet] {
        var sets: [RRSet] = []
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 4, let timeToLive = UInt32(words[1]) else { continue }
            let owner = name(words[0])
            let type = type(words[2])
            let data = data(type, words[3...].map(String.init))
            if let known = sets.firstIndex(where: { $0.owner == owner && $0.type == type }) {
                sets[known].rdata.append(data)
            } else {
                sets.append(RRSet(owner: owner, type: type, timeToLive: timeToLive, rdata: [data]))
            }
        }
        return sets
    }

    static func type(_ text: some StringProtocol) -> RecordType {
        guard let number = types[String(text)] else {
            guard let number = UInt16(text.dropFirst(4)) else { preconditionFailure("\(text) is no type") }
            return RecordType(rawValue: number)
        }
        return RecordType(rawValue: number)
    }

    static func typeText(_ type: RecordType) -> String {
        types.first { $0.value == type.rawValue }?.key ?? "TYPE\(type.rawValue)"
    }

    private static let types: [String: UInt16] = [
        "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "DNAME": 39,
        "OPT": 41, "DS": 43, "IXFR": 251, "AXFR": 252, "ANY": 255, "TKEY": 249, "TSIG": 250, "MAILA": 254,
    ]

    private static func data(_ type: RecordType, _ words: [String]) -> [UInt8] {
        func number<Value: FixedWidthInteger>(_ text: String, _: Value.Type) -> [UInt8] {
            var octets: [UInt8] = []
            octets.append(bigEndian: Value(text) ?? 0)
            return octets
        }
        switch type {
        case .a, .aaaa: return IPAddress(words[0])?.octets ?? []
        case .ns, .cname, .dname, .ptr: return name(words[0]).wire
        case .mx: return number(words[0], UInt16.self) + name(words[1]).wire
        case .srv: return words[0..<3].flatMap { number($0, UInt16.self) } + name(words[3]).wire
        case .soa:
            return name(words[0]).wire + name(words[1]).wire + words[2...].flatMap { number($0, UInt32.self) }
        case .txt: return words.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        default: return words.flatMap { Array($0.utf8) }
        }
    }

    /// A record's data as `data(_:_:)` reads it.
    static func dataText(_ type: RecordType, _ data: [UInt8]) -> String {
        func number(_ range: Range<Int>) -> String { String(data[range].reduce(0) { $0 << 8 | Int($1) }) }
        func name(_ octets: ArraySlice<UInt8>) -> String { (try? DomainName(wire: octets))?.description ?? "?" }
        switch type {
        case .a, .aaaa: return IPAddress(octets: data)?.description ?? "?"
        case .ns, .cname, .dname, .ptr: return name(data[...])
        case .mx: return "\(number(0..<2)) \(name(data[2...]))"
        case .srv: return "\(number(0..<2)) \(number(2..<4)) \(number(4..<6)) \(name(data[6...]))"
        case .soa:
            let first = nameLength(data[...])
            let second = nameLength(data[first...])
            let numbers = (0..<5).map { number(first + second + $0 * 4..<first + second + $0 * 4 + 4) }
            return ([name(data[..<first]), name(data[first..<first + second])] + numbers).joined(separator: " ")
        case .txt:
            var strings: [String] = []
            var rest = data[...]
            while let length = rest.popFirst() {
                strings.append(String(decoding: rest.prefix(Int(length)), as: UTF8.self))
                rest = rest.dropFirst(Int(length))
            }
            return strings.joined(separator: " ")
        default: return String(decoding: data, as: UTF8.self)
        }
    }

    private static func nameLength(_ octets: ArraySlice<UInt8>) -> Int {
        var position = octets.startIndex
        while octets[position] != 0 { position += 1 + Int(octets[position]) }
        return position + 1 - octets.startIndex
    }
}
