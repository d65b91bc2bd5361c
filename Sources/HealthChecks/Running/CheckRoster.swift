import Registry

/// The checks that run at this moment, grouped as the catalog's changes name them.
struct CheckRoster {
    /// Whose checks a group holds.
    enum Group: Hashable {
        case node(NodeName)
        case service(ServiceName)
    }

    struct Entry {
        let check: HealthCheck
        let definition: CheckDefinition
        let known: KnownState
        /// Ends when the check is to stop.
        let stop: AsyncStream<Never>
        fileprivate let stopper: AsyncStream<Never>.Continuation

        fileprivate init(_ check: HealthCheck, _ definition: CheckDefinition) {
            self.check = check
            self.definition = definition
            known = KnownState(check)
            (stop, stopper) = AsyncStream.makeStream()
        }
    }

    private var groups: [Group: [CheckKey: Entry]] = [:]

    /// Makes `checks` the checks of a group: stops those that are gone or defined anew, tells the others what the
    /// catalog says of them now.
    ///
    /// - Returns: those to start.
    mutating func replace(_ checks: [HealthCheck], of group: Group) -> [Entry] {
        var before = groups.removeValue(forKey: group) ?? [:]
        var after: [CheckKey: Entry] = [:]
        var started: [Entry] = []
        for check in checks {
            guard let definition = check.definition else { continue }
            if let running = before[check.key], running.definition == definition,
                running.check.instance == check.instance
            {
                running.known.update(check)
                after[check.key] = before.removeValue(forKey: check.key)
            } else {
                let entry = Entry(check, definition)
                after[check.key] = entry
                started.append(entry)
            }
        }
        for entry in before.values { entry.stopper.finish() }
        if !after.isEmpty { groups[group] = after }
        return started
    }
}
