import DNS

/// Queries as octets.
enum Queries {
    /// A plain question of class IN.
    static func query(_ name: String, _ type: RecordType, id: UInt16 = 1, flags: UInt16 = 0) throws -> [UInt8] {
        let header = [id, flags, 1, 0, 0, 0].flatMap(octets)
        return try header + DomainName(text: name).wire + octets(type.rawValue) + octets(1)
    }

    /// The message ID of a query or reply.
    static func id(_ message: [UInt8]) -> UInt16 { UInt16(message[0]) << 8 | UInt16(message[1]) }

    static func octets(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
}
