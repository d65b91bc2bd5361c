import Synchronization
package import Telemetry

/// What became of templates and their commands since the start.
final class RenderingCounts: Sendable {
    enum Event: Hashable {
        case rendered, failed, commandDone, commandFailed
    }

    private let counts = Mutex<[Event: UInt64]>([:])

    func note(_ event: Event) { counts.withLock { $0[event, default: 0] += 1 } }

    func count(_ event: Event) -> UInt64 { counts.withLock { $0[event] ?? 0 } }
}

extension TemplateRenderer: MetricSource {
    package var metrics: [Metric] {
        [
            .labelled(
                .counter, "berth_template_files_total", "Files rendered anew, and attempts that failed", by: "result",
                ["rendered": counts.count(.rendered), "failed": counts.count(.failed)]),
            .labelled(
                .counter, "berth_template_commands_total", "Commands run after files were rendered", by: "result",
                ["done": counts.count(.commandDone), "failed": counts.count(.commandFailed)]),
        ]
    }
}
