/// One owner name's ready octets: a view of an immutable block of memory.
///
///      0  octets of the block               4  names directly below (the writer's; no reader looks)
///      8  flags      10  sets      12  octets of the name      13  octets of the note
///     16  the name in lower case, filled up with zeros to whole words
///         for each set: type, records, octets of each record or 0, order, where the body starts
///         for each set: the weights of its records, 4 octets each, if they decide the order, and its body; those whose
///         records have targets come last
///         the note, as the extended error that tells it, ends where the slack begins
///
/// A body is either records of equal length one after the other, or an index of (record, additional) offsets with one
/// pair more than there are records, then the records, then the additional records. Records are in wire form; their
/// owner is a pointer to offset 12, where every reply has the name that was asked for.
///
/// Safe to use: whoever holds a view is the writer, or a reader between ``EpochCell/enter()`` and
/// ``EpochCell/leave()``; blocks are freed only when no such reader can still see them. Offsets were computed by
/// ``AnswerRecord/encode(_:key:flags:)``, the only maker of blocks, and 16 readable octets follow the last one.
/// Sendable: but for ``children``, which is the one writer's, a block is not changed once it is made.
@safe struct AnswerRecord: @unchecked Sendable {
    let base: UnsafeMutableRawPointer

    struct Flags: OptionSet {
        var rawValue: UInt16

        /// A zone's apex; has its SOA.
        static let apex = Flags(rawValue: 1)
        /// A zone cut: NS records, not at the apex.
        static let delegation = Flags(rawValue: 2)
        /// A CNAME record, which answers for every type.
        static let alias = Flags(rawValue: 4)
        /// In a registry zone, which has neither cuts nor wildcards.
        static let registry = Flags(rawValue: 8)
        /// `addr.<apex>`: the names below it are computed.
        static let addresses = Flags(rawValue: 16)
        /// Was published, and so exists even without names below it. For the writer.
        static let published = Flags(rawValue: 32)
        /// Has a note, for whoever asks with EDNS and gets no data.
        static let noted = Flags(rawValue: 64)
        /// Has PTR or TXT records that are worked out.
        static let lacksTypes = Flags(rawValue: 128)
        /// Has names below it that are worked out.
        static let lacksNames = Flags(rawValue: 256)
        /// A DNAME record, which answers for every name below.
        static let redirection = Flags(rawValue: 512)
        /// Has targets whose addresses are to be looked for at their names.
        static let lacksAdditional = Flags(rawValue: 1024)
        /// Is not what its RFC 2782 spellings stand for; that is worked out.
        static let lacksProtocols = Flags(rawValue: 2048)
    }

    /// Octets that may be read behind every record.
    static let slack = 16
    static let nameOffset = 16
    static let setLength = 12

    @inline(__always)
    func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
        unsafe base.loadUnaligned(fromByteOffset: offset, as: type)
    }

    @inline(__always) var blockLength: Int { Int(load(0, as: UInt32.self)) }
    @inline(__always) var flags: Flags { Flags(rawValue: load(8, as: UInt16.self)) }
    @inline(__always) var setCount: Int { Int(load(10, as: UInt16.self)) }
    @inline(__always) var nameLength: Int { Int(load(12, as: UInt8.self)) }

    /// The note as an EDNS option; `nil`: nothing to say.
    @inline(__always)
    var readyNote: ReadyOption? {
        guard flags.contains(.noted) else { return nil }
        let count = ExtendedError.textOffset + Int(load(13, as: UInt8.self))
        return unsafe ReadyOption(base: UnsafeRawPointer(base + (blockLength - Self.slack - count)), count: count)
    }

    /// Why there is no answer at this name, in UTF-8, at most ``OwnerRecords/longestNote`` octets; `nil`: nothing to say.
    var note: String? {
        guard flags.contains(.noted) else { return nil }
        let end = blockLength - Self.slack
        return String(decoding: octets(end - Int(load(13, as: UInt8.self))..<end), as: UTF8.self)
    }

    /// The writer's count of names directly below, which keep this one in existence.
    var children: Int {
        get { Int(load(4, as: UInt32.self)) }
        nonmutating set { unsafe base.storeBytes(of: UInt32(newValue), toByteOffset: 4, as: UInt32.self) }
    }

    /// The octets of the record in wire form at `offset`.
    @inline(__always)
    func length(at offset: Int) -> Int { Self.dataOffset + Int(load(offset + 10, as: UInt16.self).bigEndian) }

    @inline(__always)
    func isOwned(by key: borrowing NameKey, from start: Int) -> Bool {
        unsafe key.isEqual(from: start, to: base + Self.nameOffset, count: nameLength)
    }

    @inline(__always)
    func set(at index: Int) -> AnswerSet {
        let offset = Self.nameOffset + Self.wholeWords(nameLength) + index &* Self.setLength
        return AnswerSet(
            record: self, type: load(offset, as: UInt16.self), count: Int(load(offset + 2, as: UInt16.self)),
            stride: Int(load(offset + 4, as: UInt16.self)), order: load(offset + 6, as: UInt16.self),
            body: Int(load(offset + 8, as: UInt32.self)))
    }

    @inline(__always)
    func set(_ type: RecordType) -> AnswerSet? {
        for index in 0..<setCount {
            let set = set(at: index)
            if set.type == type.rawValue { return set }
        }
        return nil
    }

    @inline(__always)
    static func wholeWords(_ octets: Int) -> Int { (octets + 7) & ~7 }
}

/// One RRset of an ``AnswerRecord``.
struct AnswerSet {
    let record: AnswerRecord
    let type: UInt16
    let count: Int
    /// Octets of every record; 0 where the body has an index.
    let stride: Int
    /// One of the three below.
    let order: UInt16
    let body: Int

    static let randomOrder: UInt16 = 0
    static let stableOrder: UInt16 = 1
    static let weightedOrder: UInt16 = 2

    /// A record's weight, in a set whose weights decide the order.
    @inline(__always)
    func weight(_ index: Int) -> UInt32 { record.load(body &- 4 &* (count &- index), as: UInt32.self) }

    /// A record's place in the block.
    @inline(__always)
    func entry(_ index: Int) -> (offset: Int, length: Int) {
        guard stride == 0 else { return (body + index &* stride, stride) }
        let offset = indexed(index, 0)
        return (offset, indexed(index + 1, 0) - offset)
    }

    /// The additional records that come along with a record.
    @inline(__always)
    func additional(_ index: Int) -> (offset: Int, end: Int) {
        guard stride == 0 else { return (0, 0) }
        return (indexed(index, 4), indexed(index + 1, 4))
    }

    @inline(__always) var hasIndex: Bool { stride == 0 }

    /// Of all records together.
    var octets: Int { stride == 0 ? indexed(count, 0) - indexed(0, 0) : count * stride }

    /// Seconds, of the set's records.
    @inline(__always)
    var timeToLive: UInt32 { record.load(entry(0).offset + 6, as: UInt32.self).bigEndian }

    /// For an SOA: the lesser of its TTL and its MINIMUM, which is the last number of its data (RFC 2308 3).
    @inline(__always)
    var negativeTimeToLive: UInt32 {
        let (offset, length) = entry(0)
        return min(timeToLive, record.load(offset + length - 4, as: UInt32.self).bigEndian)
    }

    @inline(__always)
    private func indexed(_ index: Int, _ column: Int) -> Int {
        Int(record.load(body + index &* 8 + column, as: UInt32.self))
    }

    static func hasTargets(_ type: RecordType) -> Bool { targetOffset(type.rawValue) != nil }

    /// Where in a record's data the name stands that its additional records belong to; `nil` for other types.
    @inline(__always)
    static func targetOffset(_ type: UInt16) -> Int? {
        switch RecordType(rawValue: type) {
        case .srv: 6
        case .mx, .svcb, .https: 2
        case .ns: 0
        default: nil
        }
    }
}

extension AnswerRecord {
    /// Where a record's type-specific data starts when its owner is a pointer: owner, type, class, TTL, RDLENGTH.
    static let dataOffset = 12
    static let ownerPointer: UInt16 = 0xc00c
}
