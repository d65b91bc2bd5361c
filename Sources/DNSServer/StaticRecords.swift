import DNS
import Logging
import ZoneFiles

/// The records that zone files add inside the registry's domain. Where the registry itself has the name, they give way
/// for as long as it does.
struct StaticRecords {
    /// Records whose name is the registry's, or is no longer.
    struct Notice: Equatable {
        enum Event: Equatable {
            /// The name never is for others.
            case reserved
            case displaced
            case restored
        }

        var event: Event
        var owner: DomainName
        var file: String
        var line: Int

        func tell(_ logger: Logger) {
            let metadata: Logger.Metadata = ["name": "\(owner)", "file": "\(file)", "line": "\(line)"]
            switch event {
            case .reserved:
                logger.warning("static records are left out, as their name is reserved", metadata: metadata)
            case .displaced:
                logger.warning("static records give way to the registry, which has their name", metadata: metadata)
            case .restored: logger.notice("static records are back", metadata: metadata)
            }
        }
    }

    private struct Entry {
        var records: OwnerRecords
        var file: String
        var line: Int
        var state: State

        func notice(_ event: Notice.Event) -> Notice {
            Notice(event: event, owner: records.owner, file: file, line: line)
        }
    }

    private enum State {
        case published
        case displaced
        case reserved
    }

    private var entries: [DomainName: Entry] = [:]
    /// Names that the registry works out, if it has them: told by ``settle(_:_:)`` whose they are.
    private var workedOut: [DomainName: [DomainName]] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// What the answer table has to be told after a change.
    struct Changes {
        /// Records that were not there before, or were others.
        var published: [OwnerRecords] = []
        /// Nobody has these names any more.
        var removed: [DomainName] = []
        var notices: [Notice] = []

        /// Whether the zone is as it was.
        var isEmpty: Bool { published.isEmpty && removed.isEmpty }
    }

    /// Takes the records of `files` in place of those before.
    ///
    /// - Parameters:
    ///   - zone: says which names are reserved.
    ///   - isRegistered: whether the registry has a name now; is asked for names that are new here.
    mutating func replace(
        with files: [DomainRecords], _ zone: RegistryZone, isRegistered: (DomainName) -> Bool
    ) -> Changes {
        let before = entries
        var changes = Changes()
        entries = [:]
        workedOut = [:]
        for file in files {
            for owner in file.owners {
                let name = owner.records.owner
                let last = before[name]?.state
                let state: State =
                    zone.reserves(name)
                    ? .reserved : last ?? (isRegistered(name) ? .displaced : .published)
                var entry = Entry(records: owner.records, file: file.path, line: owner.line, state: state)
                if let service = zone.serviceOwner(of: name) {
                    entry.records.unpublished = .names
                    workedOut[service, default: []].append(name)
                }
                entries[name] = entry
                switch state {
                case .published where last == .published && before[name]?.records == entry.records: break
                case .published: changes.published.append(entry.records)
                case .displaced where last == nil: changes.notices.append(entry.notice(.displaced))
                case .reserved where last == nil: changes.notices.append(entry.notice(.reserved))
                case .displaced, .reserved: break
                }
            }
        }
        changes.removed = before.filter { $0.value.state == .published && entries[$0.key] == nil }.map(\.key)
        return changes
    }

    /// The registry has published a name.
    mutating func displace(_ name: DomainName) -> Notice? {
        guard entries[name]?.state == .published else { return nil }
        entries[name]?.state = .displaced
        return entries[name]?.notice(.displaced)
    }

    /// The registry gives a name up.
    ///
    /// - Returns: what is to be published there instead, and whether that is news; `nil`: nothing.
    mutating func restore(_ name: DomainName) -> (records: OwnerRecords, notice: Notice?)? {
        guard let entry = entries[name], entry.state != .reserved else { return nil }
        entries[name]?.state = .published
        return (entry.records, entry.state == .displaced ? entry.notice(.restored) : nil)
    }

    /// Looks again at the names below a service's, which the registry works out rather than publishes.
    ///
    /// - Parameter isRegistered: whether the registry has a name now.
    mutating func settle(below service: DomainName, isRegistered: (DomainName) -> Bool) -> Changes {
        var changes = Changes()
        for name in workedOut[service] ?? [] {
            if isRegistered(name) {
                guard let notice = displace(name) else { continue }
                changes.removed.append(name)
                changes.notices.append(notice)
            } else if entries[name]?.state == .displaced, let (records, notice) = restore(name) {
                changes.published.append(records)
                if let notice { changes.notices.append(notice) }
            }
        }
        return changes
    }
}
