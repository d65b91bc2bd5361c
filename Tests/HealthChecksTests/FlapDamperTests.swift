import Foundation
import Registry
import Testing

@testable import HealthChecks

@Suite struct `The damper of flapping checks` {
    private static let start = ContinuousClock.now
    private static let date = Date(timeIntervalSince1970: 1_800_000_000)

    private func damper(limit: Int = 3, known: Verdict = Verdict(status: .critical, output: "")) -> FlapDamper {
        FlapDamper(
            FlapDamping(limit: limit, window: .seconds(10)), known: known, start: Self.start, date: Self.date)
    }

    /// One letter a second, the status that the check comes to; capitals are held, a dot says nothing new.
    @Test(arguments: [
        // The third change within ten seconds holds, ten seconds without one free.
        ("pcpcpppppppppppppp", "pcpCCCCCCCCCCCpppp"),
        // Two within ten seconds do not.
        ("pcppppppppppcppppp", "pcppppppppppcppppp"),
        // The first leaves the window as the third comes.
        ("pcpppppppppcpppppppppp", "pcpppppppppcpppppppppp"),
        ("pcppppppppcppppppppppp", "pcppppppppCCCCCCCCCCCp"),
        // A change while held makes it longer, and no change once it is over counts again.
        ("pcpcppppppcccccccccccccp", "pcpCCCCCCCCCCCCCCCCCcccp"),
        // The worst is what it was, also if it turns worse while it is held.
        ("pwpwppppppppppppp", "pwpWWWWWWWWWWWppp"),
        ("pwpwcppppppppppppp", "pwpWCCCCCCCCCCCppp"),
        ("cwpwwwwwwwwwwwwww", "cwpCCCCCCCCCCwwww"),
        // Results that thresholds keep back are no changes, and a hold ends on them too.
        ("p.c.p.c..........p", "p.c.p.CCCCCCCCCCcp"),
        ("pppppppppppp", "pppppppppppp"),
    ]) func `holds what changes too often until it is steady`(_ said: String, _ shown: String) {
        var damper = damper()
        var result = ""
        for (second, letter) in said.enumerated() {
            let verdict = HealthStatus(letter: letter).map { Verdict(status: $0, output: "\(second)") }
            let damped = damper.damping(verdict, at: Self.start + .seconds(second))
            let letter = damped?.status.letter ?? "."
            result += damper.hold == nil ? letter : letter.uppercased()
        }
        #expect(result == shown)
    }

    @Test func `the output says how, until when, why, and what came last`() throws {
        var damper = damper(limit: 1)
        _ = damper.damping(Verdict(status: .passing, output: "fine"), at: Self.start)
        let before = damper.damping(Verdict(status: .critical, output: "no"), at: Self.start + .seconds(2))
        let after = damper.damping(Verdict(status: .passing, output: "fine"), at: Self.start + .seconds(5))
        let notice =
            "Flapping: held at critical until 2027-01-15T08:00:12Z or longer, "
            + "because its status changed once within 10 seconds."
        #expect(before == Verdict(status: .critical, output: "\(notice)\nLast result, critical: no"))
        #expect(after == Verdict(status: .critical, output: "\(notice)\nLast result, passing: fine"))
    }

    @Test func `without a limit nothing is held`() {
        var damper = damper(limit: 0)
        for second in 0..<50 {
            let verdict = Verdict(status: second.isMultiple(of: 2) ? .passing : .critical, output: "")
            #expect(damper.damping(verdict, at: Self.start + .seconds(second)) == verdict)
        }
        #expect(damper.damping(nil, at: Self.start) == nil)
    }

    @Test func `what was held before a start is held for a window more`() {
        var damper = damper(known: Verdict(status: .critical, output: "Flapping: held at critical until x\nLast"))
        let fine = Verdict(status: .passing, output: "fine")
        #expect(damper.damping(fine, at: Self.start + .seconds(1))?.status == .critical)
        #expect(damper.damping(fine, at: Self.start + .seconds(9))?.status == .critical)
        #expect(damper.damping(fine, at: Self.start + .seconds(10)) == fine)
    }

    @Test func `the beginning and the end of a hold are news at once`() {
        let plain = Verdict(status: .critical, output: "no")
        let held = Verdict(status: .critical, output: "Flapping: held at critical until 1\nLast result, critical: no")
        let longer = Verdict(status: .critical, output: "Flapping: held at critical until 2\nLast result, critical: no")
        let same = Verdict(status: .critical, output: "Flapping: held at critical until 1\nLast result, passing: fine")
        #expect(HealthJudge.isNews(held, known: plain, age: .zero))
        #expect(HealthJudge.isNews(plain, known: held, age: .zero))
        #expect(HealthJudge.isNews(longer, known: held, age: .zero))
        #expect(!HealthJudge.isNews(same, known: held, age: .zero))
    }
}

extension HealthStatus {
    fileprivate init?(letter: Character) {
        guard let status = Self.allCases.first(where: { $0.letter == String(letter) }) else { return nil }
        self = status
    }

    fileprivate var letter: String { String(rawValue.prefix(1)) }
}
