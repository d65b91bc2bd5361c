/// SipHash-2-4: a short keyed hash that nobody without the key can foretell (Aumasson and Bernstein, 2012).
///
/// Takes whole words of eight octets, read as little-endian numbers; what is left over goes into the last one, whose
/// highest octet is the length of all. Nothing is allocated.
struct SipHash {
    /// The secret, 16 octets as two little-endian numbers.
    struct Key: Equatable {
        var low: UInt64
        var high: UInt64

        static func random() -> Key { Key(low: .random(in: .min ... .max), high: .random(in: .min ... .max)) }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    @inline(__always)
    init(key: Key) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// Takes the next eight octets.
    @inline(__always)
    mutating func take(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    /// Takes the last `octets % 8` octets of `octets` in all, in the lower part of `rest`.
    ///
    /// - Returns: the hash; its octets are those of the little-endian number.
    @inline(__always)
    consuming func finish(_ rest: UInt64 = 0, octets: Int) -> UInt64 {
        take(rest | UInt64(truncatingIfNeeded: octets) &<< 56)
        v2 ^= 0xff
        round()
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v2 &+= v3
        v1 = Self.rotated(v1, 13) ^ v0
        v3 = Self.rotated(v3, 16) ^ v2
        v0 = Self.rotated(v0, 32)
        v2 &+= v1
        v0 &+= v3
        v1 = Self.rotated(v1, 17) ^ v2
        v3 = Self.rotated(v3, 21) ^ v0
        v2 = Self.rotated(v2, 32)
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word &<< bits | word &>> (64 &- bits) }
}
