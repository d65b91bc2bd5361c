import Registry
import Synchronization

/// What the catalog says of a check, as last heard.
final class KnownState: Sendable {
    private struct State {
        var verdict: Verdict
        var criticalSince: ContinuousClock.Instant?
    }

    private let state: Mutex<State>

    init(_ check: HealthCheck) {
        state = Mutex(State(verdict: Verdict(of: check), criticalSince: check.isFoundCritical ? .now : nil))
    }

    var verdict: Verdict { state.withLock { $0.verdict } }

    /// Since when the check has been critical without a break; `nil`: it is not, or nobody has looked yet. After a start
    /// the time begins anew.
    var criticalSince: ContinuousClock.Instant? { state.withLock { $0.criticalSince } }

    func update(_ check: HealthCheck) {
        state.withLock { state in
            state.verdict = Verdict(of: check)
            state.criticalSince = check.isFoundCritical ? state.criticalSince ?? .now : nil
        }
    }
}

extension Verdict {
    fileprivate init(of check: HealthCheck) { self.init(status: check.status, output: check.output) }
}

extension HealthCheck {
    /// Whether somebody looked and found it critical, and not only nobody has looked yet.
    fileprivate var isFoundCritical: Bool {
        status == .critical && (!output.isEmpty || definition?.isKeptHere == false)
    }
}
