extension AnswerRecord {
    /// Makes the block for one owner name.
    ///
    /// Sets without records are left out, and so are records whose data is too long for any message.
    static func encode(_ records: OwnerRecords, key: borrowing NameKey, flags: Flags) -> AnswerRecord {
        var flags = flags
        let sets = records.sets.compactMap(sendable)
        if sets.contains(where: { $0.type == .cname }) { flags.insert(.alias) }
        if sets.contains(where: { $0.type == .dname }) { flags.insert(.redirection) }
        if !flags.contains(.apex), sets.contains(where: { $0.type == .ns }) { flags.insert(.delegation) }
        let note = records.note?.prefix(octets: OwnerRecords.longestNote) ?? ""
        if !note.isEmpty { flags.insert(.noted) }
        if records.unpublished.contains(.types) { flags.insert(.lacksTypes) }
        if records.unpublished.contains(.names) { flags.insert(.lacksNames) }
        if records.unpublished.contains(.protocols) { flags.insert(.lacksProtocols) }
        var block = BlockBuilder(key: key, flags: flags, setCount: sets.count)
        let additional = AdditionalSets(records.additional)
        // What is short comes first, so that an address is on the lines that are fetched ahead for it.
        for hasTargets in [false, true] {
            for (number, set) in sets.enumerated() where AnswerSet.hasTargets(set.type) == hasTargets {
                block.append(set, number: number, additional: additional)
            }
        }
        if block.lacksAdditional { block.insert(.lacksAdditional, into: flags) }
        block.append(note: note)
        return block.record()
    }

    /// The set without what no message can hold; `nil` if nothing is left.
    private static func sendable(_ set: RRSet) -> RRSet? {
        guard set.rdata.count > Int(UInt16.max) || set.rdata.contains(where: { $0.count > Int(UInt16.max) }) else {
            return set.rdata.isEmpty ? nil : set
        }
        let kept = set.rdata.indices.filter { set.rdata[$0].count <= Int(UInt16.max) }.prefix(Int(UInt16.max))
        var rest = set
        rest.rdata = kept.map { set.rdata[$0] }
        if case .weighted(let weights) = set.order { rest.order = .weighted(kept.map { weights[$0] }) }
        return rest.rdata.isEmpty ? nil : rest
    }

    /// The memory, to be freed when nobody looks any more.
    var block: Limbo.Block { unsafe Limbo.Block(memory: base, octets: blockLength) }
}

/// Lays out a block in an array, which then becomes memory that readers can see.
private struct BlockBuilder {
    private var octets: [UInt8] = []
    private let directory: Int
    /// Whether a record points at a target that nothing is known of here.
    private(set) var lacksAdditional = false

    init(key: borrowing NameKey, flags: AnswerRecord.Flags, setCount: Int) {
        let name = AnswerRecord.wholeWords(key.length)
        directory = AnswerRecord.nameOffset + name
        octets = [UInt8](repeating: 0, count: directory + setCount * AnswerRecord.setLength)
        store(flags.rawValue, at: 8)
        store(UInt16(setCount), at: 10)
        octets[12] = UInt8(key.length)
        octets.replaceSubrange(
            AnswerRecord.nameOffset..<AnswerRecord.nameOffset + key.length, with: key.slice(0..<key.length))
    }

    /// - Parameter flags: those before.
    mutating func insert(_ flag: AnswerRecord.Flags, into flags: AnswerRecord.Flags) {
        store(flags.union(flag).rawValue, at: 8)
    }

    /// Appends a set's body and its entry in the directory.
    mutating func append(_ set: RRSet, number: Int, additional: AdditionalSets) {
        let (extras, isWhole) = additional.extras(of: set)
        if !isWhole { lacksAdditional = true }
        let length = AnswerRecord.dataOffset + (set.rdata.first?.count ?? 0)
        let isUniform =
            extras.isEmpty && length <= Int(UInt16.max)
            && set.rdata.allSatisfy { AnswerRecord.dataOffset + $0.count == length }
        let entry = directory + number * AnswerRecord.setLength
        store(set.type.rawValue, at: entry)
        store(UInt16(set.rdata.count), at: entry + 2)
        store(isUniform ? UInt16(length) : 0, at: entry + 4)
        append(set.order, records: set.rdata.count, at: entry + 6)
        store(UInt32(octets.count), at: entry + 8)
        if isUniform {
            for data in set.rdata { append(set, data) }
        } else {
            appendIndexed(set, extras)
        }
    }

    /// Notes a set's order at `place`, and appends the weights, behind which the body must follow.
    private mutating func append(_ order: RecordOrder, records: Int, at place: Int) {
        switch order {
        case .random: store(AnswerSet.randomOrder, at: place)
        case .stable: store(AnswerSet.stableOrder, at: place)
        case .weighted(let weights):
            precondition(weights.count == records, "there is one weight for each record")
            store(AnswerSet.weightedOrder, at: place)
            for weight in weights {
                octets.append(contentsOf: [0, 0, 0, 0])
                store(weight, at: octets.count - 4)
            }
        }
    }

    /// Appends the note as the option that tells it, behind which nothing may follow.
    mutating func append(note: String) {
        guard !note.isEmpty else { return }
        octets[13] = UInt8(note.utf8.count)
        octets += ExtendedError(.other, note).option
    }

    /// Appends the index of (record, additional) offsets, the records, and the additional records.
    private mutating func appendIndexed(_ set: RRSet, _ extras: [AdditionalSets.Extra]) {
        var record = octets.count
        var extra = record + 4
        octets.append(contentsOf: repeatElement(0, count: (set.rdata.count + 1) * 8))
        for data in set.rdata {
            store(UInt32(octets.count), at: record)
            record += 8
            append(set, data)
        }
        store(UInt32(octets.count), at: record)
        var next = extras.startIndex
        for index in set.rdata.indices {
            store(UInt32(octets.count), at: extra)
            extra += 8
            while next < extras.endIndex, extras[next].record == index {
                let set = extras[next].set
                for data in set.rdata where data.count <= Int(UInt16.max) { append(set, data) }
                next += 1
            }
        }
        store(UInt32(octets.count), at: extra)
    }

    /// Appends a record in wire form, owned by the name at offset 12.
    private mutating func append(_ set: RRSet, _ data: [UInt8]) {
        octets.append(bigEndian: AnswerRecord.ownerPointer)
        octets.append(bigEndian: set.type.rawValue)
        octets.append(bigEndian: Question.internet)
        octets.append(bigEndian: set.timeToLive)
        octets.append(bigEndian: UInt16(data.count))
        octets.append(contentsOf: data)
    }

    /// Safe: the memory is as long as the array and the slack together, and is written before anybody else sees it.
    consuming func record() -> AnswerRecord {
        store(UInt32(octets.count + AnswerRecord.slack), at: 0)
        let base = UnsafeMutableRawPointer.allocate(byteCount: octets.count + AnswerRecord.slack, alignment: 8)
        unsafe octets.withUnsafeBytes {
            unsafe base.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: $0.count)
        }
        return unsafe AnswerRecord(base: base)
    }

    /// Little-endian, as every machine is that this runs on and ``AnswerRecord/load(_:as:)`` expects.
    private mutating func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        for byte in 0..<Value.bitWidth / 8 { octets[offset + byte] = UInt8(truncatingIfNeeded: value >> (byte * 8)) }
    }
}

/// The additional sets of one owner name, as the records find them whose targets own them.
private struct AdditionalSets {
    struct Extra {
        /// The record's number in its set.
        var record: Int
        var set: RRSet
    }

    private let sets: [RRSet]
    /// By owner; `nil` where there are so few that looking through all of them is faster.
    private let places: [DomainName: [Int]]?

    private static let few = 8

    init(_ sets: [RRSet]) {
        self.sets = sets
        places = sets.count > Self.few ? Dictionary(grouping: sets.indices) { sets[$0].owner } : nil
    }

    /// What comes along with each record of a set, in the order of the records; of a target that several have, with the
    /// first.
    ///
    /// - Returns: also whether that is something for every target. Name servers need no addresses but glue (RFC 9471 2).
    func extras(of set: RRSet) -> (extras: [Extra], isWhole: Bool) {
        guard let offset = AnswerSet.targetOffset(set.type.rawValue) else { return ([], true) }
        var extras: [Extra] = []
        var isWhole = true
        var isTaken = [Bool](repeating: false, count: sets.count)
        for (record, data) in set.rdata.enumerated() {
            let places = sets.isEmpty ? [] : self.places(ofTargetIn: data, at: offset)
            // The root stands for no target (RFC 2782), or for the owner (RFC 9460 2.5).
            if places.isEmpty, set.type != .ns, data.count > offset, data[offset] != 0 { isWhole = false }
            for place in places where !isTaken[place] {
                isTaken[place] = true
                extras.append(Extra(record: record, set: sets[place]))
            }
        }
        return (extras, isWhole)
    }

    private func places(ofTargetIn data: [UInt8], at offset: Int) -> [Int] {
        guard let places else { return sets.indices.filter { sets[$0].owner.stands(in: data, at: offset) } }
        guard let target = try? DomainName(beginning: data.dropFirst(offset)) else { return [] }
        return places[target] ?? []
    }
}

extension DomainName {
    /// Whether the name is what stands at `offset` of a record's data, in whatever case.
    fileprivate func stands(in data: [UInt8], at offset: Int) -> Bool {
        guard data.count - offset >= wire.count else { return false }
        for position in wire.indices where data[offset + position] != wire[position] {
            guard Self.folded(data[offset + position]) == Self.folded(wire[position]) else { return false }
        }
        return true
    }
}
