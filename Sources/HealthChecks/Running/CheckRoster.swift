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
        /// The catalog, newer each time something has changed that an alias may stand for; older ones are dropped.
        let news: AsyncStream<CatalogSnapshot>
        fileprivate let newsDesk: AsyncStream<CatalogSnapshot>.Continuation

        fileprivate init(_ check: HealthCheck, _ definition: CheckDefinition) {
            self.check = check
            self.definition = definition
            known = KnownState(check)
            (stop, stopper) = AsyncStream.makeStream()
            (news, newsDesk) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        }

        func tell(_ snapshot: CatalogSnapshot) { newsDesk.yield(snapshot) }
    }

    /// Those that are as good as others are.
    private var aliases: [CheckKey: (alias: CheckDefinition.Alias, entry: Entry)] = [:]
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
        for entry in before.values {
            entry.stopper.finish()
            // Under its service's new name it may have been started before.
            if aliases[entry.check.key]?.entry.known === entry.known { aliases[entry.check.key] = nil }
        }
        for entry in started {
            if case .alias(let alias) = entry.definition.source { aliases[entry.check.key] = (alias, entry) }
        }
        if !after.isEmpty { groups[group] = after }
        return started
    }

    /// Tells the aliases of a change that may concern them.
    func tellAliases(of snapshot: CatalogSnapshot, touched delta: CatalogDelta) {
        for (key, (alias, entry)) in aliases where alias.isTouched(by: delta, in: snapshot, own: key.node) {
            entry.tell(snapshot)
        }
    }
}

extension CheckDefinition.Alias {
    fileprivate func isTouched(by delta: CatalogDelta, in snapshot: CatalogSnapshot, own: NodeName) -> Bool {
        let node = node ?? own
        guard !delta.nodes.contains(node) else { return true }
        guard let instance else { return false }
        // Of one that is not there it cannot be said whether it was before.
        guard let entry = snapshot.instance(InstanceKey(node: node, id: instance)) else { return true }
        return delta.services.contains(entry.instance.value.name)
    }
}
