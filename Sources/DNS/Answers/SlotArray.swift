import CDatagram
import Synchronization

/// Open addressing over one 64-bit word per slot: 16 bits of the hash as a tag, 48 bits of the record's address.
///
/// A look-up follows the slots from the hash's place on to the first empty one; only where the tag fits is the record
/// itself looked at. At most half of the slots are ever used, so that runs stay short.
///
///     0 slots - 1 (mask)     8 seed of the hash     16 version of the zones     64 slot, slot, ...
///
/// Safe to use: one writer stores words, any number of readers load them; the address in a word is that of a record
/// that was whole before the word was stored (releasing, acquiring). The memory is freed as records are.
@safe struct SlotArray {
    private let base: UnsafeMutableRawPointer

    private static let headerLength = 64
    private static let empty: UInt64 = 0
    /// Where a record was; look-ups go on.
    private static let tombstone: UInt64 = 1
    private static let addressBits: UInt64 = 48

    /// - Parameters:
    ///   - capacity: a power of two.
    ///   - zonesVersion: of the list of zones that the records lie in.
    init(capacity: Int, seed: UInt64, zonesVersion: UInt64) {
        unsafe base = UnsafeMutableRawPointer.allocate(
            byteCount: Self.headerLength + capacity * MemoryLayout<UInt64>.stride, alignment: Self.headerLength)
        unsafe base.storeBytes(of: capacity - 1, as: Int.self)
        unsafe base.storeBytes(of: seed, toByteOffset: 8, as: UInt64.self)
        unsafe base.storeBytes(of: zonesVersion, toByteOffset: 16, as: UInt64.self)
        let slots = unsafe (base + Self.headerLength).bindMemory(to: Atomic<UInt64>.self, capacity: capacity)
        for index in 0..<capacity { unsafe (slots + index).initialize(to: Atomic(Self.empty)) }
    }

    /// The array as readers are given it.
    var address: UInt { unsafe UInt(bitPattern: base) }

    /// - Parameter address: of an array that is not freed yet.
    @inline(__always)
    init(address: UInt) { unsafe base = UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped }

    /// The memory, to be freed when nobody looks any more.
    var block: Limbo.Block {
        unsafe Limbo.Block(memory: base, octets: Self.headerLength + capacity * MemoryLayout<UInt64>.stride)
    }

    @inline(__always) var mask: Int { unsafe base.load(as: Int.self) }
    @inline(__always) var seed: UInt64 { unsafe base.load(fromByteOffset: 8, as: UInt64.self) }
    @inline(__always) var zonesVersion: UInt64 { unsafe base.load(fromByteOffset: 16, as: UInt64.self) }
    var capacity: Int { mask + 1 }

    /// A sixth to a third of the slots in use, so that there is room before the next growth.
    static func capacity(forNames names: Int) -> Int {
        var capacity = 64
        while capacity < names * 3 { capacity *= 2 }
        return capacity
    }

    @inline(__always)
    func load(_ index: Int) -> UInt64 { unsafe slot(index).pointee.load(ordering: .acquiring) }

    @inline(__always)
    func slot(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe (base + Self.headerLength + (index & mask) &* 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// The record owned by the suffix of `key` that starts at `start`.
    @inline(__always)
    func find(_ key: borrowing NameKey, from start: Int, hash: UInt64) -> AnswerRecord? {
        var index = Int(truncatingIfNeeded: hash)
        while true {
            let word = load(index)
            if word == Self.empty { return nil }
            if Self.mayBe(word, hash) {
                let record = Self.record(word)
                if record.isOwned(by: key, from: start) { return record }
            }
            index &+= 1
        }
    }

    @inline(__always)
    func prefetch(_ hash: UInt64) { unsafe cdatagram_prefetch(slot(Int(truncatingIfNeeded: hash))) }

    /// The first record whose tag fits, not looked at yet.
    @inline(__always)
    func candidate(hash: UInt64) -> AnswerRecord? {
        var index = Int(truncatingIfNeeded: hash)
        while true {
            let word = load(index)
            if word == Self.empty { return nil }
            if Self.mayBe(word, hash) { return Self.record(word) }
            index &+= 1
        }
    }

    @inline(__always)
    private static func mayBe(_ word: UInt64, _ hash: UInt64) -> Bool {
        // A tombstone has tag 0 and would pass for a record whose hash has tag 0.
        (word ^ hash) &>> addressBits == 0 && word != tombstone
    }

    @inline(__always)
    private static func record(_ word: UInt64) -> AnswerRecord {
        let bits = UInt(truncatingIfNeeded: word & (1 &<< addressBits - 1))
        return unsafe AnswerRecord(base: UnsafeMutableRawPointer(bitPattern: bits).unsafelyUnwrapped)
    }
}

// MARK: - The writer

extension SlotArray {
    /// The same records in the same slots, for another list of zones. What becomes of the copy is nothing to whoever looks
    /// in this one.
    func copy(zonesVersion: UInt64) -> SlotArray {
        let copy = SlotArray(capacity: capacity, seed: seed, zonesVersion: zonesVersion)
        for index in 0..<capacity { copy.store(load(index), index) }
        return copy
    }

    /// Puts a record in, in place of the one with the same name.
    ///
    /// - Returns: the record that was there, which readers may still be looking at, and whether an empty slot was taken.
    func insert(
        _ record: AnswerRecord, key: borrowing NameKey, hash: UInt64
    ) -> (replaced: AnswerRecord?, tookEmptySlot: Bool) {
        let address = unsafe UInt64(UInt(bitPattern: record.base))
        precondition(address >> Self.addressBits == 0, "a heap address has more than 48 bits")
        let word = hash & ~(1 << Self.addressBits - 1) | address
        var index = Int(truncatingIfNeeded: hash)
        var free: Int?
        while true {
            let there = load(index)
            if there == Self.empty { break }
            if there == Self.tombstone {
                free = free ?? index
            } else if Self.mayBe(there, hash), Self.record(there).isOwned(by: key, from: 0) {
                store(word, index)
                return (Self.record(there), false)
            }
            index &+= 1
        }
        store(word, free ?? index)
        return (nil, free == nil)
    }

    /// Takes the record with this name out.
    func remove(_ key: borrowing NameKey, hash: UInt64) -> AnswerRecord? {
        var index = Int(truncatingIfNeeded: hash)
        while true {
            let there = load(index)
            if there == Self.empty { return nil }
            if Self.mayBe(there, hash), Self.record(there).isOwned(by: key, from: 0) {
                store(Self.tombstone, index)
                return Self.record(there)
            }
            index &+= 1
        }
    }

    /// All records, in no order.
    var records: [AnswerRecord] {
        (0..<capacity).compactMap { index in
            let word = load(index)
            return word == Self.empty || word == Self.tombstone ? nil : Self.record(word)
        }
    }

    private func store(_ word: UInt64, _ index: Int) { unsafe slot(index).pointee.store(word, ordering: .releasing) }
}
