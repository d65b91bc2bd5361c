import DNS
import HashTreeCollections
import Synchronization
import ZoneFiles

/// The zones that secondaries may have, each at its newest serial.
final class TransferZones: Sendable {
    private let zones = Mutex<[DomainName: ZoneHistory]>([:])
    /// Zones that are not whole yet.
    private let withheld = Mutex<Set<DomainName>>([])
    /// Told the new SOA of each zone that changed.
    private let changed: @Sendable (RRSet) -> Void

    init(changed: @escaping @Sendable (RRSet) -> Void) { self.changed = changed }

    func history(of apex: DomainName) -> ZoneHistory? { zones.withLock { $0[apex] } }

    /// Whether a zone may be had later, though not now.
    func isWithheld(_ apex: DomainName) -> Bool { withheld.withLock { $0.contains(apex) } }

    /// Lets nobody have a zone until it is published again.
    func withhold(_ apex: DomainName) {
        _ = withheld.withLock { $0.insert(apex) }
        zones.withLock { $0[apex] = nil }
    }

    /// The SOA of every zone.
    var all: [RRSet] { zones.withLock { $0.values.map(\.version.soa) } }

    /// Puts a version in place of the zone's last one, or as its first.
    func publish(_ version: ZoneVersion, removed: [RRSet], added: [RRSet]) {
        zones.withLock { zones in
            let apex = version.soa.owner
            if zones[apex] == nil {
                zones[apex] = ZoneHistory(version)
            } else {
                zones[apex]?.advance(to: version, removed: removed, added: added)
            }
        }
        _ = withheld.withLock { $0.remove(version.soa.owner) }
    }

    /// Tells of zones that have these SOA now. To be called when whoever asks for one is told the same.
    func announce(_ sets: [RRSet]) { for soa in sets { changed(soa) } }

    /// Takes over zone files, in place of those from `before`. One whose serial is as it was is kept as it was: a secondary
    /// could not tell.
    ///
    /// - Returns: the SOA of each zone that has another serial now, to be announced; and the zones that are others now under
    ///   a serial that is not greater (RFC 1982 3.2).
    func replace(_ before: [ZoneFile], with files: [ZoneFile]) -> (changed: [RRSet], unnoticed: [DomainName]) {
        let kept = Set(files.map(\.zone.apex))
        zones.withLock { zones in
            for file in before where !kept.contains(file.zone.apex) { zones[file.zone.apex] = nil }
        }
        var changed: [RRSet] = []
        var unnoticed: [DomainName] = []
        for file in files {
            let old = history(of: file.zone.apex)?.version
            let new = ZoneVersion(file)
            let (removed, added) = new.difference(from: old)
            if let old, Int32(bitPattern: new.soa.serial &- old.soa.serial) <= 0,
                new.soa != old.soa || !removed.isEmpty || !added.isEmpty
            {
                unnoticed.append(file.zone.apex)
            }
            guard old?.soa.serial != new.soa.serial else { continue }
            publish(new, removed: removed, added: added)
            changed.append(new.soa)
        }
        return (changed, unnoticed)
    }
}

extension ZoneVersion {
    init(_ file: ZoneFile) {
        soa = file.zone.soa
        sets = [:]
        for set in file.records where set.type != .soa { sets[set.owner, default: []].append(set) }
    }

    /// What was removed from `old`, and what was added to it.
    fileprivate func difference(from old: ZoneVersion?) -> (removed: [RRSet], added: [RRSet]) {
        var (removed, added): ([RRSet], [RRSet]) = ([], [])
        for owner in Set(old?.sets.keys.map(\.self) ?? []).union(sets.keys) {
            let difference = ZoneHistory.difference(from: old?.sets[owner] ?? [], to: sets[owner] ?? [])
            removed += difference.removed
            added += difference.added
        }
        return (removed, added)
    }
}
