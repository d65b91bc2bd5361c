import Subprocess
import Synchronization

/// A program of the operator's, run with Berth's own environment and working directory and without input.
package struct Program: Hashable, Sendable {
    /// The program, by its path or by a name to look for in `PATH`, and its arguments; never empty.
    package var arguments: [String]
    package var timeout: Duration
    /// Octets that are kept of what it writes, the first ones; the rest is read, so that it can go on, and dropped.
    package var outputLimit: Int

    package init(_ arguments: [String], timeout: Duration, outputLimit: Int) {
        self.arguments = arguments
        self.timeout = timeout
        self.outputLimit = outputLimit
    }

    /// How a run ended.
    package struct Outcome: Hashable, Sendable {
        package enum Ending: Hashable, Sendable {
            case exited(code: Int32)
            case killed(signal: Int32)
            case timedOut
            case notStarted(reason: String)
        }

        package var ending: Ending
        /// The beginning of what it wrote to its standard output and error.
        package var output: String

        package var isSuccess: Bool { ending == .exited(code: 0) }
    }

    /// Runs the program. When it takes too long, or the task is cancelled, it is ended with all that it has started.
    package func run() async -> Outcome {
        let output = KeptOutput(limit: outputLimit)
        let ending = await within(timeout) { await execute(keeping: output) }
        return Outcome(ending: ending ?? .timedOut, output: output.text)
    }

    private func execute(keeping output: KeptOutput) async -> Outcome.Ending {
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

extension Program.Outcome.Ending: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        case .timedOut: "took too long and was ended"
        case .notStarted(let reason): "could not be started: \(reason)"
        }
    }
}

/// What a program has written so far.
private final class KeptOutput: Sendable {
    private let limit: Int
    private let octets = Mutex<[UInt8]>([])

    init(limit: Int) { self.limit = limit }

    var text: String { octets.withLock { String(decoding: $0, as: UTF8.self) } }

    func append(_ chunk: [UInt8]) { octets.withLock { $0 += chunk.prefix(limit - $0.count) } }
}
