import Subprocess
import Synchronization

/// A command of the operator's, run by `sh -c` with Berth's own environment and working directory.
struct ShellCommand: Hashable, Sendable {
    var text: String
    var timeout: Duration = .seconds(30)

    /// How a run ended.
    struct Outcome: Hashable, Sendable {
        enum Ending: Hashable, Sendable {
            case exited(code: Int32)
            case killed(signal: Int32)
            case timedOut
            case notStarted(reason: String)
        }

        var ending: Ending
        /// The first 16 KiB of what it wrote to its standard output and error.
        var output: String

        var isSuccess: Bool { ending == .exited(code: 0) }
    }

    /// Runs the command. When it takes too long, or the task is cancelled, it is ended with all that it has started.
    func run() async -> Outcome {
        let output = CapturedOutput()
        let ending = await withTaskGroup(of: Outcome.Ending.self) { group in
            group.addTask { await execute(capturing: output) }
            group.addTask {
                // Cancelled when the command has ended; then nobody asks what this returns.
                try? await Task.sleep(for: timeout)
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
        return Outcome(ending: ending, output: output.text)
    }

    private func execute(capturing output: CapturedOutput) async -> Outcome.Ending {
        var options = PlatformOptions()
        // A process group of its own, so that what the shell has started ends with it.
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        do {
            let result = try await Subprocess.run(
                .name("sh"), arguments: ["-c", text], platformOptions: options, input: .none, output: .sequence,
                error: .combinedWithOutput
            ) { execution in
                for try await chunk in execution.standardOutput {
                    output.append(unsafe chunk.withUnsafeBytes { unsafe Array($0) })
                }
            }
            return switch result.terminationStatus {
            case .exited(let code): .exited(code: code)
            case .signaled(let signal): .killed(signal: signal)
            }
        } catch is CancellationError {
            return .timedOut
        } catch {
            return .notStarted(reason: "\(error)")
        }
    }
}

extension ShellCommand.Outcome.Ending: CustomStringConvertible {
    var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        case .timedOut: "took too long and was ended"
        case .notStarted(let reason): "could not be started: \(reason)"
        }
    }
}

/// What a command has written so far.
private final class CapturedOutput: Sendable {
    private static let maximumOctets = 16 << 10

    private let octets = Mutex<[UInt8]>([])

    var text: String { octets.withLock { String(decoding: $0, as: UTF8.self) } }

    /// What is over the maximum is read, so that the command can go on, and dropped.
    func append(_ chunk: [UInt8]) {
        octets.withLock { $0 += chunk.prefix(Self.maximumOctets - $0.count) }
    }
}
