import Programs
import Registry

/// Runs a program: its exit code 0 is passing, 1 warning, any other critical.
struct ScriptProbe {
    /// The program, by its path or by a name to look for in `PATH`, and its arguments; never empty.
    var arguments: [String]

    /// When it takes too long, or the task is cancelled, it is ended with all that it has started.
    func run(timeout: Duration) async -> Verdict {
        let program = Program(arguments, timeout: timeout, outputLimit: CheckOutput.maximum)
        let outcome = await program.run()
        switch outcome.ending {
        case .exited(0): return verdict(.passing, of: outcome)
        case .exited(1): return verdict(.warning, of: outcome)
        case .exited, .killed: return verdict(.critical, of: outcome)
        case .timedOut: return verdict(.critical, "Timed out (\(timeout)) running check")
        case .notStarted: return verdict(.critical, "\(outcome.ending)")
        }
    }

    /// What it wrote, or where that is nothing how it ended.
    private func verdict(_ status: HealthStatus, of outcome: Program.Outcome) -> Verdict {
        verdict(status, outcome.output.isEmpty ? "\(arguments[0]) \(outcome.ending)" : outcome.output)
    }

    private func verdict(_ status: HealthStatus, _ text: String) -> Verdict {
        Verdict(status: status, output: CheckOutput.beginning(of: text))
    }
}
