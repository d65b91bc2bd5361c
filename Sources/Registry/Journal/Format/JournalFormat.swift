/// How entries and records look as octets, in any journal of ours:
///
///     version (1 octet) | change or record | CRC-32 of all before it (4 octets, most significant first)
///
/// A new field or case makes a new version; every version that was ever released stays readable.
enum JournalFormat {
    static let version: UInt8 = 1

    static func encode(_ value: some OctetRepresentable) -> [UInt8] {
        var writer = OctetWriter()
        writer.write(version)
        value.write(to: &writer)
        let checksum = Checksum.crc32(writer.octets[...])
        for shift in [24, 16, 8, 0] { writer.write(UInt8(truncatingIfNeeded: checksum >> UInt32(shift))) }
        return writer.octets
    }

    /// - Throws: ``FormatError``; octets never decode to something that was not written.
    static func decode<Value: OctetRepresentable>(
        _ type: Value.Type = Value.self, from octets: [UInt8]
    ) throws(FormatError) -> Value {
        guard octets.count > 5, let version = octets.first else { throw .tooShort }
        let body = octets.dropLast(4)
        let checksum = octets.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard checksum == Checksum.crc32(body) else { throw .wrongChecksum }
        guard version == Self.version else { throw .unknownVersion(version) }
        var reader = OctetReader(body.dropFirst())
        let value = try Value(from: &reader)
        guard reader.isAtEnd else { throw .trailing(octets: reader.remaining) }
        return value
    }
}

/// CRC-32 as Ethernet and zip have it (reflected, polynomial 0xEDB88320).
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { octet in
        (0..<8).reduce(UInt32(octet)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    static func crc32(_ octets: ArraySlice<UInt8>) -> UInt32 {
        let table = table
        return ~octets.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}
