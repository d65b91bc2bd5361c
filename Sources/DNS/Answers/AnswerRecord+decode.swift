extension AnswerRecord {
    /// The octets in `range` of the block, copied.
    func octets(_ range: Range<Int>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Copies a record of the block to the end of a message.
    func append(_ entry: (offset: Int, length: Int), to message: inout [UInt8]) {
        unsafe message.append(contentsOf: UnsafeRawBufferPointer(start: base + entry.offset, count: entry.length))
    }

    /// What was published, owned by `owner`, which may be any spelling of the name.
    func decoded(owner: DomainName) -> OwnerRecords {
        var records = OwnerRecords(owner: owner, note: note)
        if flags.contains(.lacksTypes) { records.unpublished.insert(.types) }
        if flags.contains(.lacksNames) { records.unpublished.insert(.names) }
        if flags.contains(.lacksProtocols) { records.unpublished.insert(.protocols) }
        var places: [AdditionalKey: Int] = [:]
        for position in 0..<setCount {
            let set = set(at: position)
            var rrSet = RRSet(
                owner: owner, type: RecordType(rawValue: set.type), timeToLive: set.timeToLive, rdata: [])
            rrSet.order = set.recordOrder
            for index in 0..<set.count {
                let (offset, length) = set.entry(index)
                rrSet.rdata.append(octets(offset + Self.dataOffset..<offset + length))
                for extra in set.additionalRecords(index) {
                    let key = AdditionalKey(owner: extra.owner, type: extra.type)
                    let place = places[key] ?? records.additional.count
                    if place == records.additional.count {
                        places[key] = place
                        records.additional.append(RRSet(extra))
                    }
                    records.additional[place].rdata.append(extra.data)
                }
            }
            records.sets.append(rrSet)
        }
        // Two sets that point at one target both carry its addresses.
        records.additional = records.additional.map(\.withoutRepetition)
        return records
    }

    /// The name itself, in lower case.
    var owner: DomainName { DomainName(uncheckedWire: octets(Self.nameOffset..<Self.nameOffset + nameLength)) }

    /// The same as a key. Safe: the name is filled up to whole words.
    func copyName(to key: inout NameKey) { unsafe key.assign(from: base + Self.nameOffset, count: nameLength) }
}

private struct AdditionalKey: Hashable {
    var owner: DomainName
    var type: RecordType
}

private struct AdditionalRecord {
    var owner: DomainName
    var type: RecordType
    var timeToLive: UInt32
    var data: [UInt8]
}

extension AnswerSet {
    fileprivate var recordOrder: RecordOrder {
        switch order {
        case Self.stableOrder: .stable
        case Self.weightedOrder: .weighted((0..<count).map(weight))
        default: .random
        }
    }

    /// The additional records of a record, taken apart.
    fileprivate func additionalRecords(_ index: Int) -> [AdditionalRecord] {
        guard let targetOffset = Self.targetOffset(type) else { return [] }
        var (position, end) = additional(index)
        let (offset, length) = entry(index)
        let data = record.octets(offset + AnswerRecord.dataOffset + targetOffset..<offset + length)
        guard position < end, let owner = try? DomainName(beginning: data) else { return [] }
        var records: [AdditionalRecord] = []
        while position < end {
            let next = position + record.length(at: position)
            records.append(
                AdditionalRecord(
                    owner: owner,
                    type: RecordType(rawValue: record.load(position + 2, as: UInt16.self).bigEndian),
                    timeToLive: record.load(position + 6, as: UInt32.self).bigEndian,
                    data: record.octets(position + AnswerRecord.dataOffset..<next)))
            position = next
        }
        return records
    }
}

extension RRSet {
    /// The set that a record belongs to, still without records.
    fileprivate init(_ record: AdditionalRecord) {
        self.init(owner: record.owner, type: record.type, timeToLive: record.timeToLive, rdata: [])
    }

    fileprivate var withoutRepetition: RRSet {
        var set = self
        var seen: Set<[UInt8]> = []
        set.rdata = rdata.filter { seen.insert($0).inserted }
        return set
    }
}
