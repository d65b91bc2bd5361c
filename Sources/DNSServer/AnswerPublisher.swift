import DNS
import Registry
import Synchronization
import ZoneFiles

/// Keeps the answer table equal to the catalog and the zone files.
///
/// The registry tells it of every change before it acknowledges it, so a write that succeeded is in DNS.
final class AnswerPublisher: CatalogObserver {
    private struct Published {
        /// The catalog's index at the last change that DNS shows.
        var index: UInt64 = 0
        var files: [ZoneFile] = []
    }

    let table = AnswerTable()
    private let zone: RegistryZone
    private let compiler: AnswerCompiler
    private let published = Mutex(Published())

    init(_ zone: RegistryZone) {
        self.zone = zone
        compiler = AnswerCompiler(zone: zone)
        published.withLock { published in
            setZones(published)
            for records in zone.furniture { table.publish(records) }
        }
    }

    func catalogDidChange(from old: CatalogSnapshot, to new: CatalogSnapshot, delta: CatalogDelta) {
        let publications = compiler.publications(from: old, to: new, delta: delta)
        // Most results of health checks change nothing here.
        guard !publications.isEmpty else { return }
        published.withLock { published in
            for publication in publications {
                switch publication {
                case .publish(let records): table.publish(records)
                case .remove(let owner): table.remove(owner)
                }
            }
            published.index = max(published.index, new.index)
            setZones(published)
        }
    }

    /// Puts the zones of `files`, none of which is the registry's, in place of those that were published before.
    func replaceZoneFiles(_ files: [ZoneFile]) {
        published.withLock { published in
            let before = owners(in: published.files)
            published.files = files
            setZones(published)
            var gone = Set(before.map(\.owner))
            for records in owners(in: published.files) {
                gone.remove(records.owner)
                table.publish(records)
            }
            for owner in gone { table.remove(owner) }
        }
    }

    private func setZones(_ published: Published) {
        table.setZones([zone.zone(at: published.index)] + published.files.map(\.zone))
    }

    /// What the files publish. Where one zone lies inside another, the names are the inner one's (RFC 1034 4.2).
    private func owners(in files: [ZoneFile]) -> [OwnerRecords] {
        let apexes = files.map(\.zone.apex) + [zone.agent.domain]
        return files.flatMap { file in
            let inner = apexes.filter { $0 != file.zone.apex && $0.isSubdomain(of: file.zone.apex) }
            return file.owners.filter { records in !inner.contains { records.owner.isSubdomain(of: $0) } }
        }
    }
}
