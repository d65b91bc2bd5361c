/// A name as the table looks it up: wire form in lower case.
///
/// The octets after the name are readable, so that the name can be taken eight octets at a time; they are garbage and
/// masked off. All suffixes of the name, which are its ancestors, can be looked up in place.
///
/// Safe to use: owns its memory, which is as long as the longest name and one word more; the whole-word functions stay
/// within that for every name of at most 255 octets, and the subscript checks.
@safe struct NameKey: ~Copyable {
    private let octets: UnsafeMutablePointer<UInt8>
    /// Octets in use, the root's zero included: 1 to 255.
    private(set) var length: Int
    /// How the name was spelt that this one is the plain spelling of.
    var spelling = ServiceSpelling.plain

    private static let capacity = 272

    /// The root.
    init() {
        unsafe octets = .allocate(capacity: Self.capacity)
        unsafe octets.initialize(repeating: 0, count: Self.capacity)
        length = 1
    }

    init(_ name: DomainName) {
        self.init()
        assign(name.wire[...])
    }

    deinit { unsafe octets.deallocate() }

    subscript(position: Int) -> UInt8 {
        @inline(__always)
        get {
            precondition(position >= 0 && position < Self.capacity)
            return unsafe octets[position]
        }
        set {
            precondition(position >= 0 && position < Self.capacity)
            unsafe octets[position] = newValue
        }
    }

    /// Takes a checked name in wire form.
    mutating func assign(_ name: ArraySlice<UInt8>) {
        spelling = .plain
        length = name.count
        for (position, octet) in name.enumerated() { self[position] = DomainName.folded(octet) }
    }

    /// Takes a checked name of `count` octets in wire form, 8 octets at a time.
    ///
    /// Safe: at most 255 octets fill 256 of the memory; the caller promises 8 readable octets at any of the name's.
    @inline(__always)
    mutating func assign(from name: UnsafeRawPointer, count: Int) {
        spelling = .plain
        length = count
        let target = unsafe UnsafeMutableRawPointer(octets)
        var position = 0
        while position < count {
            let word = unsafe name.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            unsafe target.storeBytes(of: Self.folded(word), toByteOffset: position, as: UInt64.self)
            position &+= 8
        }
    }

    /// The hash of the suffix from `start` on. Seeded, so that nobody outside can choose names that collide.
    @inline(__always)
    func hash(from start: Int = 0, seed: UInt64) -> UInt64 {
        var left = length &- start
        var hash = seed ^ UInt64(truncatingIfNeeded: left)
        var position = start
        while left > 8 {
            hash = Self.mix(hash ^ load(position))
            position &+= 8
            left &-= 8
        }
        return Self.mix(hash ^ load(position) & Self.mask(octets: left))
    }

    /// True if the suffix from `start` on is the `count` octets at `other`, which are readable in whole words.
    @inline(__always)
    func isEqual(from start: Int, to other: UnsafeRawPointer, count: Int) -> Bool {
        guard count == length &- start else { return false }
        var position = 0
        while position < count {
            let there = unsafe other.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            guard (load(start &+ position) ^ there) & Self.mask(octets: count &- position) == 0 else { return false }
            position &+= 8
        }
        return true
    }

    /// Eight octets in the machine's order. Safe: `position` is in the name, at most 254.
    @inline(__always)
    private func load(_ position: Int) -> UInt64 {
        unsafe UnsafeRawPointer(octets).loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }

    /// Where the next label starts after the one at `start`.
    @inline(__always)
    func nextLabel(_ start: Int) -> Int { start + 1 + Int(self[start]) }

    /// Cuts out the octets in `range`.
    mutating func remove(_ range: Range<Int>) {
        for position in range.upperBound..<length { self[position - range.count] = self[position] }
        length -= range.count
    }

    /// Inserts a label of seven octets, given with its length octet as a big-endian number. The name must have room for it.
    mutating func insert(_ label: UInt64, at start: Int) {
        for position in stride(from: length - 1, through: start, by: -1) { self[position + 8] = self[position] }
        for octet in 0..<8 { self[start + octet] = UInt8(truncatingIfNeeded: label >> UInt64(56 - octet * 8)) }
        length += 8
    }

    /// Puts a name in place of the suffix that starts at `start`. The name must not become too long.
    mutating func replaceSuffix(from start: Int, with suffix: borrowing NameKey) {
        for position in 0..<suffix.length { self[start + position] = suffix[position] }
        length = start + suffix.length
    }

    /// Swaps the first label and the one from `second` up to `end`.
    mutating func swapLabels(_ second: Int, _ end: Int) {
        var first = InlineArray<64, UInt8>(repeating: 0)
        for position in 0..<second { first[position] = self[position] }
        let length = end - second
        for position in 0..<length { self[position] = self[second + position] }
        for position in 0..<second { self[length + position] = first[position] }
    }

    /// Makes a label one octet shorter.
    mutating func dropFirstOctet(ofLabel start: Int) {
        self[start] -= 1
        remove(start + 1..<start + 2)
    }

    /// `*` below the suffix that starts at `start` (RFC 4592 2.1.1).
    func wildcard(below start: Int) -> NameKey {
        var wildcard = NameKey()
        wildcard.assign([1, UInt8(ascii: "*")] + slice(start..<length))
        return wildcard
    }

    /// Eight octets as one big-endian number.
    func word(at start: Int) -> UInt64 {
        precondition(start >= 0 && start < length)
        return UInt64(bigEndian: load(start))
    }

    /// True if the octets in `range` stand at `start` too.
    func hasSameOctets(_ range: Range<Int>, at start: Int) -> Bool {
        for position in 0..<range.count where self[range.lowerBound + position] != self[start + position] {
            return false
        }
        return true
    }

    /// True if this name's suffix from `start` on is that of `other` from `otherStart` on.
    func isEqual(from start: Int, to other: borrowing NameKey, from otherStart: Int = 0) -> Bool {
        let count = length - start
        guard count == other.length - otherStart else { return false }
        for position in 0..<count where self[start + position] != other[otherStart + position] { return false }
        return true
    }

    /// The whole name as octets, and as a name.
    var wire: [UInt8] { slice(0..<length) }
    var name: DomainName { DomainName(uncheckedWire: wire) }

    /// The octets of `range`.
    func slice(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= Self.capacity)
        return unsafe Array(UnsafeBufferPointer(start: octets + range.lowerBound, count: range.count))
    }

    /// Lower case of eight octets at once. A length octet is at most 63 and so is no letter.
    @inline(__always)
    private static func folded(_ word: UInt64) -> UInt64 {
        let sevenBits = word & 0x7f7f_7f7f_7f7f_7f7f
        let fromA = sevenBits &+ 0x3f3f_3f3f_3f3f_3f3f  // bit 7: at least "A"
        let afterZ = sevenBits &+ 0x2525_2525_2525_2525  // bit 7: past "Z"
        return word | ((fromA ^ afterZ) & ~word & 0x8080_8080_8080_8080) &>> 2
    }

    /// All ones in the first `octets` octets in memory, or in all 8.
    @inline(__always)
    private static func mask(octets: Int) -> UInt64 {
        octets >= 8 ? ~0 : ~(~0 &<< UInt64(truncatingIfNeeded: octets &* 8))
    }

    /// Both halves of a 128-bit product folded together.
    @inline(__always)
    private static func mix(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return product.high ^ product.low
    }
}
