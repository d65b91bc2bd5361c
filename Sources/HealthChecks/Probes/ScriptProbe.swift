import Registry
import Subprocess
import Synchronization

/// Runs a program: its exit code 0 is passing, 1 warning, any other critical.
struct ScriptProbe {
    /// The program, by its path or by a name to look for in `PATH`, and its arguments; never empty.
    var arguments: [String]

    /// When it takes too long, or the task is cancelled, it is ended with all that it has started.
    func run(timeout: Duration) async -> Verdict {
        let output = ScriptOutput()
        let ending = await withTaskGroup(of: Ending.self) { group in
            group.addTask { await execute(into: output) }
            group.addTask {
                // Cancelled when the program has ended; then nobody asks what this returns.
                try? await Task.sleep(for: timeout)
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
        switch ending {
        case .exited(0): return verdict(.passing, output.text, or: "exited with code 0")
        case .exited(1): return verdict(.warning, output.text, or: "exited with code 1")
        case .exited(let code): return verdict(.critical, output.text, or: "exited with code \(code)")
        case .killed(let signal): return verdict(.critical, output.text, or: "was ended by signal \(signal)")
        case .timedOut: return verdict(.critical, "Timed out (\(timeout)) running check", or: "")
        case .notStarted(let reason): return verdict(.critical, "could not be started: \(reason)", or: "")
        }
    }

    private enum Ending: Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        case timedOut
        case notStarted(reason: String)
    }

    private func verdict(_ status: HealthStatus, _ text: String, or nothing: String) -> Verdict {
        Verdict(status: status, output: CheckOutput.beginning(of: text.isEmpty ? "\(arguments[0]) \(nothing)" : text))
    }

    private func execute(into output: ScriptOutput) async -> Ending {
        var options = PlatformOptions()
        // A process group of its own, so that what the program has started ends with it.
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        do {
            // The shell finds the program as a person at a terminal would, and gives way to it.
            let result = try await Subprocess.run(
                .name("sh"), arguments: Arguments(["-c", #"exec "$@""#, "sh"] + arguments), platformOptions: options,
                input: .none, output: .sequence, error: .combinedWithOutput
            ) { execution in
                for try await chunk in execution.standardOutput {
                    output.append(unsafe chunk.withUnsafeBytes { unsafe Array($0) })
                }
            }
            return switch result.terminationStatus {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .killed(signal: signal)
            }
        } catch is CancellationError {
            return .timedOut
        } catch {
            return .notStarted(reason: "\(error)")
        }
    }
}

/// What a program has written so far.
private final class ScriptOutput: Sendable {
    private let octets = Mutex<[UInt8]>([])

    var text: String { octets.withLock { String(decoding: $0, as: UTF8.self) } }

    /// What is over the limit is read, so that the program can go on, and dropped.
    func append(_ chunk: [UInt8]) { octets.withLock { $0 += chunk.prefix(CheckOutput.maximum - $0.count) } }
}
