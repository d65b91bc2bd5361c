/// The writing side of an ``AnswerTable``: what is published, which names exist because of it, and what to free when.
///
/// A name exists if it was published or if a name exists below it (RFC 8020). Every record counts the names directly
/// below it, by their plain spelling and by their RFC 2782 one; a name that was not published goes with the last.
struct AnswerWriter: ~Copyable {
    private(set) var slots: SlotArray
    private(set) var zones = ZoneList([])
    private var names = 0
    /// Slots that were ever taken, tombstones among them.
    private var slotsInUse = 0
    private var limbo = Limbo()

    init(seed: UInt64) { slots = SlotArray(capacity: 64, seed: seed, zonesVersion: 0) }

    /// Goes on in slots of its own: readers see nothing of what follows before they are given these.
    mutating func setApart() {
        limbo.add(slots.block)
        slots = slots.copy(zonesVersion: slots.zonesVersion + 1)
    }

    mutating func setZones(_ zones: consuming ZoneList) {
        let kept = zones.hasSameNames(as: self.zones) ? nil : publishedRecords
        self.zones = zones
        if let kept {
            retireEverything()
            slots = emptySlots(forNames: kept.count)
            publish(kept)
        }
        for owner in self.zones.permanent {
            publish(find(NameKey(owner))?.decoded(owner: owner) ?? OwnerRecords(owner: owner))
        }
    }

    mutating func setSOA(_ soa: RRSet) -> Bool {
        let key = NameKey(soa.owner)
        guard zones.setSOA(soa, at: key) else { return false }
        // Publishing an apex adds its zone's SOA.
        return publish(find(key)?.decoded(owner: soa.owner) ?? OwnerRecords(owner: soa.owner))
    }

    @discardableResult
    mutating func publish(_ records: OwnerRecords) -> Bool {
        put(records, at: zones.plain(records.owner), published: true)
    }

    /// Publishes many names, whose octets are made on all processors.
    mutating func publish(_ owners: [OwnerRecords]) {
        guard owners.count > Self.share else {
            for records in owners { publish(records) }
            return
        }
        var key = NameKey()
        for record in zones.encode(owners, share: Self.share) {
            record.copyName(to: &key)
            put(record, at: key)
        }
    }

    /// Names that are worth another processor's while.
    private static let share = 128

    mutating func remove(_ owner: DomainName) {
        let key = zones.plain(owner)
        guard let record = find(key), record.flags.contains(.published) else { return }
        let isPermanent = zones.permanent.contains(key.name)
        if isPermanent || record.children > 0 {
            put(OwnerRecords(owner: owner), at: key, published: isPermanent)
        } else {
            takeOut(key)
        }
    }

    func records(at owner: DomainName) -> OwnerRecords? {
        let key = zones.plain(owner)
        if let record = find(key) { return record.decoded(owner: owner) }
        guard let computed = zones.computedAddress(key) else { return nil }
        let set = RRSet(
            owner: owner, type: computed.address.recordType, timeToLive: computed.timeToLive,
            rdata: [computed.address.octets])
        return OwnerRecords(owner: owner, sets: [set])
    }

    /// The RFC 2782 spelling in full of a name that is spelt in that way.
    func protocolName(of owner: DomainName) -> DomainName? { zones.plain(owner).protocolName }

    // MARK: - Names and their parents

    /// - Returns: false, and nothing is done, if the name lies in no zone.
    @discardableResult
    private mutating func put(_ records: OwnerRecords, at key: borrowing NameKey, published: Bool) -> Bool {
        guard let record = zones.encode(records, at: key, published: published) else { return false }
        put(record, at: key)
        return true
    }

    private mutating func put(_ record: AnswerRecord, at key: borrowing NameKey) {
        if let old = insert(record, key) {
            record.children = old.children
            limbo.add(old.block)
        } else {
            for parent in zones.parents(of: key) { adopt(parent) }
        }
    }

    private mutating func takeOut(_ key: borrowing NameKey) {
        guard let record = slots.remove(key, hash: key.hash(seed: slots.seed)) else { return }
        names -= 1
        limbo.add(record.block)
        for parent in zones.parents(of: key) { abandon(NameKey(parent)) }
    }

    /// One name more lies directly below `parent`.
    private mutating func adopt(_ parent: DomainName) {
        let key = NameKey(parent)
        if let record = find(key) {
            record.children += 1
        } else {
            put(OwnerRecords(owner: parent), at: key, published: false)
            find(key)?.children = 1
        }
    }

    /// One name less lies directly below `key`.
    private mutating func abandon(_ key: borrowing NameKey) {
        guard let record = find(key) else { return }
        record.children -= 1
        if record.children == 0, !record.flags.contains(.published) { takeOut(key) }
    }

    private func find(_ key: borrowing NameKey) -> AnswerRecord? {
        slots.find(key, from: 0, hash: key.hash(seed: slots.seed))
    }

    private var publishedRecords: [OwnerRecords] {
        slots.records.filter { $0.flags.contains(.published) }.map { $0.decoded(owner: $0.owner) }
            .filter { records in !zones.permanent.contains(records.owner) || records.sets.contains { $0.type != .soa } }
    }

    // MARK: - Slots and memory

    /// - Returns: the record of the same name that was there before.
    private mutating func insert(_ record: AnswerRecord, _ key: borrowing NameKey) -> AnswerRecord? {
        if slotsInUse + 1 > slots.capacity / 2 { grow() }
        let (replaced, tookEmptySlot) = slots.insert(record, key: key, hash: key.hash(seed: slots.seed))
        if replaced == nil { names += 1 }
        if tookEmptySlot { slotsInUse += 1 }
        return replaced
    }

    /// Moves all records to slots of the right number, without tombstones. Readers go on in the old ones.
    private mutating func grow() {
        let old = slots
        slots = emptySlots(forNames: names + 1)
        var key = NameKey()
        for record in old.records {
            record.copyName(to: &key)
            _ = slots.insert(record, key: key, hash: key.hash(seed: slots.seed))
        }
        slotsInUse = names
        limbo.add(old.block)
    }

    private func emptySlots(forNames names: Int) -> SlotArray {
        SlotArray(
            capacity: SlotArray.capacity(forNames: names), seed: slots.seed, zonesVersion: slots.zonesVersion)
    }

    private mutating func retireEverything() {
        for record in slots.records { limbo.add(record.block) }
        limbo.add(slots.block)
        names = 0
        slotsInUse = 0
    }

    mutating func reclaim(_ epochs: Epochs) { limbo.reclaim(epochs) }

    /// Frees everything at the table's end.
    mutating func deallocate() {
        retireEverything()
        limbo.deallocate()
    }
}
