import Synchronization
package import Telemetry

extension Registry: MetricSource {
    package var metrics: [Metric] {
        let snapshot = snapshot
        let checks = census.counts(in: snapshot)
        return [
            .gauge(
                "berth_registry_index", "Index of the newest change", consul: "consul.raft.applied_index",
                snapshot.index),
            .gauge("berth_registry_nodes", "Nodes", consul: "consul.state.nodes", snapshot.nodeCount),
            .gauge("berth_registry_services", "Services", consul: "consul.state.services", snapshot.serviceCount),
            .gauge(
                "berth_registry_instances", "Instances of services", consul: "consul.state.service_instances",
                snapshot.instanceCount),
            .labelled(
                .gauge, "berth_registry_checks", "Checks, by status",
                HealthStatus.allCases.map { ([("status", $0.rawValue)], Double(checks[$0] ?? 0)) }),
            .gauge("berth_registry_keys", "Keys", consul: "consul.state.kv_entries", snapshot.keys.count),
            .gauge("berth_registry_sessions", "Sessions", consul: "consul.session_ttl.active", snapshot.sessions.count),
            .gauge("berth_registry_waiting_changes", "Submissions that wait for the writer", queue.waitingCount),
            .gauge("berth_journal_entries", "Entries since the journal's last snapshot", compaction.entryCount),
            .histogram(
                "berth_journal_commit_seconds", "Time until a batch of changes was durable",
                consul: "consul.raft.commitTime", commits.durations.values),
            .counter(
                "berth_journal_failures_total", "Batches of changes that could not be stored",
                commits.failures.load(ordering: .relaxed)),
        ]
    }
}
