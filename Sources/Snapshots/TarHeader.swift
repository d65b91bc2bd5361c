/// What stands before each file of a tar archive (POSIX ustar):
///
///       0  name (100)      100  mode (8)     108  owner (8)    116  group (8)
///     124  octets (12)     136  time (12)    148  checksum (8) 156  kind (1)
///     257  "ustar" 0 "00"  then nothing that is needed, up to 512
///
/// Numbers are octal digits. The checksum is the sum of all octets, its own place counted as spaces.
struct TarHeader: Equatable {
    static let length = 512

    var name: String
    var size: Int
    /// Seconds since 1970.
    var time: Int

    /// Octets of zeros behind a file, up to the next header.
    static func padding(after size: Int) -> Int { (length - size % length) % length }

    var octets: [UInt8] {
        var octets = [UInt8](repeating: 0, count: Self.length)
        func write(_ text: String, at offset: Int) {
            for (index, octet) in text.utf8.enumerated() { octets[offset + index] = octet }
        }
        func number(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        write(name, at: 0)
        write("0000600", at: 100)
        write("0000000", at: 108)
        write("0000000", at: 116)
        write(number(size, digits: 11), at: 124)
        write(number(time, digits: 11), at: 136)
        write("        ", at: 148)
        write("0", at: 156)
        write("ustar\u{0}00", at: 257)
        write(number(Self.sum(octets), digits: 6) + "\u{0} ", at: 148)
        return octets
    }

    init(name: String, size: Int, time: Int) {
        self.name = name
        self.size = size
        self.time = time
    }

    /// - Returns: `nil` for the zeros that end an archive.
    /// - Throws: ``SnapshotError/wrongFiles(_:)``.
    init?(_ octets: [UInt8]) throws(SnapshotError) {
        guard octets.contains(where: { $0 != 0 }) else { return nil }
        guard let checksum = Self.number(octets[148..<156]), checksum == Self.sum(octets) else {
            throw .wrongFiles("a file's header has a wrong checksum")
        }
        guard octets[156] == UInt8(ascii: "0") || octets[156] == 0, let size = Self.number(octets[124..<136]),
            let time = Self.number(octets[136..<148])
        else { throw .wrongFiles("it has something else than files") }
        name = String(decoding: octets[..<100].prefix { $0 != 0 }, as: UTF8.self)
        self.size = size
        self.time = time
    }

    private static func sum(_ octets: [UInt8]) -> Int {
        octets.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    }

    private static func number(_ octets: ArraySlice<UInt8>) -> Int? {
        let digits = octets.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }
}
