import Foundation
import Registry

/// When the status of a check changes too often.
package struct FlapDamping: Hashable, Sendable {
    /// So many changes are too often; 0: none are.
    package var limit: Int
    /// Within this time, more than nothing.
    package var window: Duration

    package init(limit: Int = 0, window: Duration = .seconds(300)) {
        self.limit = limit
        self.window = window
    }
}

/// Holds a check whose status changes too often at the worst that it was, until it has not changed for the whole window;
/// pure.
struct FlapDamper {
    typealias Instant = ContinuousClock.Instant

    struct Hold {
        fileprivate(set) var status: HealthStatus
        /// Later, if the status changes before then.
        fileprivate(set) var until: Instant
    }

    private struct Change {
        var time: Instant
        /// The worse one of the status before and the status after.
        var worst: HealthStatus
    }

    /// How an output begins that tells of a hold.
    private static let opening = "Flapping: held at "

    private let damping: FlapDamping
    /// The same moment on two clocks.
    private let start: (instant: Instant, date: Date)
    private(set) var hold: Hold?
    private var last: Verdict?
    /// Within the window, the newest last, and at most as many as it takes.
    private var changes: [Change] = []

    /// - Parameters:
    ///   - known: what is known of the check. If it is held, it is so for another window; with no output, nothing is known.
    ///   - start: now, and `date` the same.
    init(_ damping: FlapDamping, known: Verdict, start: Instant = .now, date: Date = Date()) {
        self.damping = damping
        self.start = (start, date)
        guard damping.limit > 0, !known.output.isEmpty else { return }
        if Self.notice(in: known.output) == nil {
            last = known
        } else {
            hold = Hold(status: known.status, until: start + damping.window)
        }
    }

    /// - Parameter verdict: what the check has come to say now; `nil`: what it said before.
    /// - Returns: what is to be said of it; `nil`: the same as before.
    mutating func damping(_ verdict: Verdict?, at now: Instant) -> Verdict? {
        guard damping.limit > 0, let verdict = verdict ?? (hold == nil ? nil : last) else { return verdict }
        note(verdict, at: now)
        decide(at: now)
        guard let hold else { return verdict }
        return Verdict(
            status: hold.status, output: notice(of: hold) + "\nLast result, \(verdict.status): \(verdict.output)")
    }

    private mutating func note(_ verdict: Verdict, at now: Instant) {
        let before = now - damping.window
        changes.removeAll { $0.time <= before }
        if let last, last.status != verdict.status {
            if changes.count == damping.limit { changes.removeFirst() }
            changes.append(Change(time: now, worst: max(last.status, verdict.status)))
        }
        last = verdict
        if let held = hold?.status { hold?.status = max(held, verdict.status) }
    }

    private mutating func decide(at now: Instant) {
        let isDue = hold.map { $0.until <= now } ?? (changes.count >= damping.limit)
        guard isDue else { return }
        guard let latest = changes.last, let worst = changes.map(\.worst).max() else { return hold = nil }
        hold = Hold(status: worst, until: latest.time + damping.window)
    }

    /// Its first line says all, and the same as long as the hold does.
    private func notice(of hold: Hold) -> String {
        let seconds = TimeInterval(start.instant.duration(to: hold.until) / .seconds(1))
        let end = start.date.addingTimeInterval(seconds).formatted(.iso8601)
        let times = damping.limit == 1 ? "once" : "\(damping.limit) times"
        let often = "\(times) within \(damping.window.components.seconds) seconds"
        return "\(Self.opening)\(hold.status) until \(end) or longer, because its status changed \(often)."
    }

    /// The line of an output that tells of a hold; `nil`: it tells of none.
    static func notice(in output: String) -> Substring? {
        output.hasPrefix(opening) ? output.prefix { $0 != "\n" } : nil
    }
}
