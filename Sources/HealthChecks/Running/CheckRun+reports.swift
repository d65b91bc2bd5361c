import Logging
import Registry

extension CheckRun {
    /// Consul's words, which clients look for.
    private static let expired = "TTL expired"

    /// Waits until nobody has reported for `period`, over and over. The first period begins now: at the registration, or at
    /// the start of the program.
    func awaitReports(within period: Duration) async {
        let clock = ContinuousClock()
        let heartbeats = tools.registry.heartbeats
        defer { heartbeats.forget(key) }
        var start = clock.now
        while true {
            let last = heartbeats.last(key)
            let deadline = max(start, last ?? start).advanced(by: period)
            if clock.now < deadline {
                do { try await clock.sleep(until: deadline) } catch { return }
            } else if await expire(unlessReportedSince: last) {
                start = clock.now
            } else {
                // Not stored: it is tried again before long.
                do { try await clock.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }

    /// - Parameter last: the last report that was known when the decision was made.
    /// - Returns: false if the storage refused.
    private func expire(unlessReportedSince last: ContinuousClock.Instant?) async -> Bool {
        let heartbeats = tools.registry.heartbeats
        do {
            let wasCritical = known.verdict.status == .critical
            let index = tools.registry.snapshot.check(key)?.modifyIndex
            try await tools.registry.submit { [key] catalog in
                guard let check = catalog.check(key)?.value, heartbeats.last(key) == last,
                    check.status != .critical || !check.output.hasPrefix(Self.expired)
                else { return [] }
                let output =
                    check.output.isEmpty
                    ? Self.expired : "\(Self.expired) (last output before timeout follows): \(check.output)"
                return [.setStatus(key, .critical, output: output)]
            }
            if !wasCritical, tools.registry.snapshot.check(key)?.modifyIndex != index {
                tools.logger.info(
                    "a check is critical: nobody has reported for it in time", metadata: ["check": "\(key.id)"])
            }
            return true
        } catch {
            tools.logger.debug(
                "a check's expiry could not be stored", metadata: ["check": "\(key.id)", "error": "\(error)"])
            return false
        }
    }
}
