/// An IPv4 or IPv6 address, as the octets that A and AAAA records carry.
package enum IPAddress: Hashable, Sendable {
    /// Four octets, most significant first (RFC 1035 3.4.1).
    case v4(UInt32)
    /// Sixteen octets as two halves, most significant first (RFC 3596 2.2).
    case v6(high: UInt64, low: UInt64)

    /// The address in network order: 4 or 16 octets.
    package var octets: [UInt8] {
        switch self {
        case .v4(let value): Self.octets(of: value)
        case .v6(let high, let low): Self.octets(of: high) + Self.octets(of: low)
        }
    }

    /// Reads 4 or 16 octets in network order; `nil` for any other count.
    package init?(octets: some Collection<UInt8>) {
        switch octets.count {
        case 4:
            self = .v4(octets.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self = .v6(
                high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        default:
            return nil
        }
    }

    /// True for 0.0.0.0 and ::, which name no host.
    package var isUnspecified: Bool { self == .v4(0) || self == .v6(high: 0, low: 0) }

    /// True for 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        switch self {
        case .v4(let value): value >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// The IPv4 address that an IPv4-mapped one stands for (RFC 4291 2.5.5.2), as sockets of both families show it; any
    /// other address as it is.
    @inline(__always)
    package var unmapped: IPAddress {
        guard case .v6(0, let low) = self, low &>> 32 == 0xffff else { return self }
        return .v4(UInt32(truncatingIfNeeded: low))
    }

    private static func octets<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
        stride(from: Value.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
