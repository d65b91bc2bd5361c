extension [UInt8] {
    /// Appends a number as messages have it (RFC 1035 2.3.2).
    @inlinable package mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
