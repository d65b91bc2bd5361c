import Foundation
import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Programs as checks` {
    @Test(arguments: [
        (["true"], HealthStatus.passing, "true exited with code 0"),
        (["/bin/echo", "a  b", "$HOME"], .passing, "a  b $HOME\n"),
        (["sh", "-c", "echo full; exit 1"], .warning, "full\n"),
        (["sh", "-c", "exit 2"], .critical, "sh exited with code 2"),
        (["sh", "-c", "echo out; echo err >&2; exit 255"], .critical, "out\nerr\n"),
        (["sh", "-c", "kill -9 $$"], .critical, "sh was ended by signal 9"),
    ]) func `are judged by their exit code`(_ arguments: [String], _ status: HealthStatus, _ output: String) async {
        #expect(
            await ScriptProbe(arguments: arguments).run(timeout: .seconds(20))
                == Verdict(status: status, output: output))
    }

    @Test func `that are not there are critical`() async {
        let verdict = await ScriptProbe(arguments: ["/nowhere/at/all", "-v"]).run(timeout: .seconds(20))
        #expect(verdict.status == .critical)
        #expect(verdict.output.contains("/nowhere/at/all"))
    }

    @Test func `are ended after their time, with all that they have started`() async throws {
        let file = NSTemporaryDirectory() + "berth-script-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        // Both ignore being asked to end.
        let script = "trap '' TERM; sleep 60 & echo $! > \(file); wait"
        let start = ContinuousClock.now
        let verdict = await ScriptProbe(arguments: ["sh", "-c", script]).run(timeout: .seconds(2))
        #expect(verdict == Verdict(status: .critical, output: "Timed out (2.0 seconds) running check"))
        #expect(start.duration(to: .now) < .seconds(10))
        let child = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        let deadline = ContinuousClock.now + .seconds(20)
        while isRunning(child) {
            try #require(ContinuousClock.now < deadline, "what the program has started runs on")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Whether a process runs, and is not only there to be asked how it ended.
    private func isRunning(_ process: String) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    @Test func `may write as much as they like, of which the beginning is kept`() async {
        let verdict = await ScriptProbe(arguments: ["sh", "-c", "yes | head -c 10000000"]).run(timeout: .seconds(30))
        #expect(verdict.status == .passing)
        #expect(verdict.output.utf8.count == 4096)
    }

    @Test func `run only where they may`() async throws {
        for (permissions, status) in [(CheckPermissions(), HealthStatus.critical), (.init(scripts: true), .passing)] {
            try await withChecker(permissions) { checks in
                try await checks.register(probe: .script(["true"]))
                try await checks.wait(until: "it has run") { try !checks.output.isEmpty }
                #expect(try checks.status == status)
                #expect(try checks.output.contains("Scripts are disabled on this agent") == (status == .critical))
            }
        }
    }
}
