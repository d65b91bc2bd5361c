import Registry

/// What is known of an engine's containers: what each should be registered as, and where the registry may hold it.
struct ContainerTable {
    private struct Entry {
        var wanted: [ServiceInstance] = []
        /// Something wanted is not registered because somebody else has its id.
        var isBlocked = false
        var report: DerivationReport
    }

    /// Reports on containers that do not run are kept up to this many entries.
    static let reportLimit = 10_000

    private var entries: [String: Entry] = [:]
    private var keys: [String: Set<InstanceKey>] = [:]
    /// The engine's last list.
    private var summaries: [String: ContainerSummary] = [:]

    /// How many containers are known.
    var containerCount: Int { entries.count }

    /// The containers that somebody must look at, after a list of them all.
    ///
    /// - Parameters:
    ///   - listed: what the engine lists, running or not.
    ///   - registered: all instances on the node. What belongs to Docker there belongs to the one engine that is watched.
    ///   - all: look at every running container, not only at those of which the list says something new.
    mutating func survey(
        _ listed: [ContainerSummary], registered: [ServiceInstance], engine: String, all: Bool
    ) -> Set<String> {
        let present = Dictionary(registered.map { ($0.key, $0) }) { $1 }
        keys = [:]
        for instance in registered {
            if let container = instance.container { keys[container, default: []].insert(instance.key) }
        }
        var suspects = Set(keys.keys).union(entries.keys)
        for summary in listed {
            suspects.remove(summary.id)
            let isRunning = ["running", "paused", "restarting"].contains(summary.state)
            if let entry = entries[summary.id] {
                let hasDrifted = entry.wanted.contains { present[$0.key] != $0 }
                let isNews = summaries[summary.id] != summary
                if all && isRunning || isNews || hasDrifted || entry.isBlocked { suspects.insert(summary.id) }
            } else if isRunning || keys[summary.id] != nil {
                suspects.insert(summary.id)
            } else if entries.count < Self.reportLimit {
                entries[summary.id] = Entry(report: Derivation.report(on: summary, engine: engine))
            }
        }
        summaries = Dictionary(listed.map { ($0.id, $0) }) { $1 }
        return suspects
    }

    /// What the registry must be told about some containers that were looked at; `nil` for one that is gone.
    func reconciliation(
        of derivations: [String: Derivation?], registered: (InstanceKey) -> ServiceInstance?,
        checks: (CheckKey) -> HealthCheck?
    ) -> Reconciliation {
        var reconciliation = Reconciliation(
            wanted: derivations.mapValues { $0?.instances ?? [] },
            keys: derivations.keys.flatMap { keys[$0] ?? [] }, registered: registered)
        for derivation in derivations.values.compactMap(\.self) {
            reconciliation.settleHealth(derivation.health, of: derivation.instances, registered: checks)
        }
        return reconciliation
    }

    /// Notes what was derived, once the registry has it.
    mutating func settle(_ derivations: [String: Derivation?], occupied: [InstanceKey]) {
        for (id, derivation) in derivations {
            guard let derivation else {
                entries[id] = nil
                keys[id] = nil
                continue
            }
            let wanted = derivation.instances.filter { !occupied.contains($0.key) }
            keys[id] = wanted.isEmpty ? nil : Set(wanted.map(\.key))
            guard !wanted.isEmpty || entries[id] != nil || entries.count < Self.reportLimit else { continue }
            entries[id] = Entry(
                wanted: wanted, isBlocked: wanted.count < derivation.instances.count,
                report: derivation.report.withOccupied(occupied))
        }
    }

    func report(on id: String) -> DerivationReport? { entries[id]?.report }

    /// In the order of the containers' names.
    func reports(matching text: String) -> [DerivationReport] {
        let isIDPrefix = text.utf8.count >= 4
        let service = try? ServiceName(text, policy: .allow)
        return entries.values
            .map(\.report)
            .filter { report in
                report.containerName == text || isIDPrefix && report.containerID.hasPrefix(text)
                    || report.services.contains { $0 == service }
            }
            .sorted { ($0.containerName, $0.containerID) < ($1.containerName, $1.containerID) }
    }
}

extension DerivationReport {
    fileprivate var services: [ServiceName] {
        decisions.compactMap { decision in
            if case .registered(let registration) = decision.outcome { registration.service } else { nil }
        }
    }

    fileprivate func withOccupied(_ occupied: [InstanceKey]) -> DerivationReport {
        guard !occupied.isEmpty else { return self }
        var report = self
        report.decisions = decisions.map { decision in
            guard case .registered(let registration) = decision.outcome, occupied.contains(registration.key) else {
                return decision
            }
            let reason =
                "an instance with the id \"\(registration.key.id)\" was registered over HTTP: deregister it there first"
            return Decision(port: decision.port, outcome: .skipped(reason: reason))
        }
        return report
    }
}
