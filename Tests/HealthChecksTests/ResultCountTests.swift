import Registry
import Testing

@testable import HealthChecks

@Suite struct `Results in a row` {
    /// Results and what the check says after each, a letter each: passing, warning, critical, `-` for what it said before.
    @Test(arguments: [
        (1, 1, 1, "", "pcwc", "pcwc"),
        (3, 1, 1, "", "pcppp", "pc--p"),
        (3, 1, 1, "", "pcppcppp", "pc--c--p"),
        (1, 2, 2, "", "ppcpccc", "pp-p-cc"),
        (1, 2, 4, "", "pcccc", "p-wwc"),
        (2, 3, 3, "", "cpp", "c-p"),
        (2, 1, 1, "", "pw", "pw"),
        (3, 1, 1, "passing", "pwc", "pwc"),
        (1, 3, 3, "passing", "cccp", "--cp"),
        (3, 2, 2, "critical", "cppp", "c--p"),
    ]) func `count from the threshold on, the very first at once`(
        passing: Int, warning: Int, critical: Int, known: String, results: String, says: String
    ) {
        var thresholds = CheckDefinition.Thresholds()
        thresholds.successesBeforePassing = passing
        thresholds.failuresBeforeWarning = warning
        thresholds.failuresBeforeCritical = critical
        let status = HealthStatus(rawValue: known)
        var count = ResultCount(
            thresholds, known: Verdict(status: status ?? .critical, output: status == nil ? "" : "as before"))
        let said = results.map { letter in
            count.counting(Verdict(status: Self.status(letter), output: "")).map { Self.letter($0.status) } ?? "-"
        }
        #expect(said.joined() == says)
    }

    private static func status(_ letter: Character) -> HealthStatus {
        switch letter {
        case "p": .passing
        case "w": .warning
        default: .critical
        }
    }

    private static func letter(_ status: HealthStatus) -> String { String(status.rawValue.prefix(1)) }
}
