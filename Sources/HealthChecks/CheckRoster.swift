import Registry

/// The checks that run at this moment, grouped as the catalog's changes name them.
struct CheckRoster {
    /// Whose checks a group holds.
    enum Group: Hashable {
        case node
        case service(ServiceName)
    }

    struct Entry {
        let check: HealthCheck
        let known: KnownVerdict
        /// Ends when the check is to stop.
        let stop: AsyncStream<Never>
        fileprivate let stopper: AsyncStream<Never>.Continuation

        fileprivate init(_ check: HealthCheck) {
            self.check = check
            known = KnownVerdict(Verdict(status: check.status, output: check.output))
            (stop, stopper) = AsyncStream.makeStream()
        }
    }

    private var groups: [Group: [CheckID: Entry]] = [:]

    /// Makes `checks` the checks of a group: stops those that are gone or defined anew, tells the others what the
    /// catalog says of them now.
    ///
    /// - Returns: those to start.
    mutating func replace(_ checks: [HealthCheck], of group: Group) -> [Entry] {
        var before = groups.removeValue(forKey: group) ?? [:]
        var after: [CheckID: Entry] = [:]
        var started: [Entry] = []
        for check in checks where check.definition != nil {
            if let running = before[check.id], running.check.definition == check.definition {
                running.known.value = Verdict(status: check.status, output: check.output)
                after[check.id] = before.removeValue(forKey: check.id)
            } else {
                let entry = Entry(check)
                after[check.id] = entry
                started.append(entry)
            }
        }
        for entry in before.values { entry.stopper.finish() }
        if !after.isEmpty { groups[group] = after }
        return started
    }
}
