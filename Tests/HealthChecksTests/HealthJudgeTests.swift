import Registry
import Testing

@testable import HealthChecks

@Suite struct `The judge of checks` {
    private let probe = CheckDefinition.HTTPProbe(url: "http://10.0.0.1/")

    @Test(arguments: [
        (200 as UInt, HealthStatus.passing), (204, .passing), (299, .passing), (429, .warning), (100, .critical),
        (301, .critical),
        (400, .critical), (404, .critical), (428, .critical), (500, .critical), (0, .critical), (999, .critical),
    ]) func `2xx passes, 429 warns, the rest is critical`(_ code: UInt, _ status: HealthStatus) {
        #expect(HealthJudge.http(probe, code: code, reason: "", body: []).status == status)
    }

    @Test func `output is cut to 4096 octets at a character`() {
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: 4096 - 44) + Array("ééé".utf8)
        let output = HealthJudge.http(probe, code: 200, reason: "OK", body: body).output
        #expect(output.utf8.count <= 4096)
        #expect(output.utf8.count >= 4095)
        #expect(!output.unicodeScalars.contains("\u{fffd}"))
    }

    @Test func `output carries no control characters and no broken UTF-8`() {
        let output = HealthJudge.http(probe, code: 200, reason: "OK", body: [0x61, 0, 0x1b, 0x0a, 0x09, 0xff, 0x62])
            .output
        #expect(output == "HTTP GET http://10.0.0.1/: 200 OK Output: a\u{fffd}\u{fffd}\n\t\u{fffd}b")
    }

    @Test(arguments: [
        (HealthStatus.passing, "a", Duration.zero, false), (.passing, "b", .zero, false),
        (.passing, "b", .seconds(299), false), (.passing, "b", .seconds(300), true),
        (.passing, "a", .seconds(9999), false),
        (.critical, "a", .zero, true), (.warning, "b", .zero, true),
    ]) func `a new status is news at once, a new output only now and then`(
        _ status: HealthStatus, _ output: String, _ age: Duration, _ isNews: Bool
    ) {
        let known = Verdict(status: .passing, output: "a")
        #expect(HealthJudge.isNews(Verdict(status: status, output: output), known: known, age: age) == isNews)
    }

    @Test func `the first output is news`() {
        let known = Verdict(status: .critical, output: "")
        #expect(HealthJudge.isNews(Verdict(status: .critical, output: "a"), known: known, age: .zero))
    }
}
