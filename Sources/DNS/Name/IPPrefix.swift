/// A block of addresses in CIDR notation (RFC 4632 3.1, RFC 4291 2.3): `172.17.0.0/16`, `fd00::/8`.
package struct IPPrefix: Hashable, Sendable {
    /// The block's first address.
    package let address: IPAddress
    /// How many leading bits all its addresses share: 0 to 32, or to 128.
    package let length: Int

    /// The block of this length that the address lies in.
    ///
    /// - Returns: `nil` if an address has not so many bits.
    package init?(_ address: IPAddress, length: Int) {
        switch address {
        case .v4(let value):
            guard (0...32).contains(length) else { return nil }
            self.address = .v4(value & Self.mask(length))
        case .v6(let high, let low):
            guard (0...128).contains(length) else { return nil }
            self.address = .v6(high: high & Self.mask(min(length, 64)), low: low & Self.mask(max(length - 64, 0)))
        }
        self.length = length
    }

    /// Reads `ADDRESS/LENGTH`, or an address, which is a block of one. Bits behind the length are ignored.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(address, length: address.octets.count * 8)
            return
        }
        let digits = parts[1]
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.utf8.count == 1 || digits.utf8.first != 0x30, let length = Int(digits)
        else { return nil }
        self.init(address, length: length)
    }

    /// True if the address lies in the block. An IPv4 address lies in none of IPv6.
    package func contains(_ other: IPAddress) -> Bool {
        switch (address, other) {
        case (.v4(let first), .v4(let value)): value & Self.mask(length) == first
        case (.v6(let first, let second), .v6(let high, let low)):
            high & Self.mask(min(length, 64)) == first && low & Self.mask(max(length - 64, 0)) == second
        default: false
        }
    }

    private static func mask<Value: FixedWidthInteger>(_ length: Int) -> Value {
        length == 0 ? 0 : ~0 << Value(Value.bitWidth - length)
    }
}

extension IPPrefix: CustomStringConvertible {
    package var description: String { "\(address)/\(length)" }
}
