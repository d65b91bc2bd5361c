import Dispatch
import Synchronization

extension ZoneList {
    /// What readers are shown of a name's records.
    ///
    /// - Returns: `nil` if the name lies in no zone.
    func encode(_ records: OwnerRecords, at key: borrowing NameKey, published: Bool) -> AnswerRecord? {
        guard let zone = zone(containing: key) else { return nil }
        var flags = flags(at: key, in: zone)
        if published { flags.insert(.published) }
        // A zone's SOA is the zone's own business.
        var records = records
        if records.sets.contains(where: { $0.type == .soa }) { records.sets.removeAll { $0.type == .soa } }
        if flags.contains(.apex) { records.sets.append(zone.soa) }
        return AnswerRecord.encode(records, key: key, flags: flags)
    }

    /// The same of many names that are published, in no order, made on all processors.
    ///
    /// - Parameter share: how many are worth another processor's while.
    func encode(_ owners: [OwnerRecords], share: Int) -> [AnswerRecord] {
        let made = Mutex<[AnswerRecord]>([])
        DispatchQueue.concurrentPerform(iterations: (owners.count + share - 1) / share) { number in
            let part = owners[number * share..<min((number + 1) * share, owners.count)]
            let records = part.compactMap { encode($0, at: plain($0.owner), published: true) }
            made.withLock { $0 += records }
        }
        return made.withLock { $0 }
    }
}
