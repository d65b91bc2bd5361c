import Foundation
import Subprocess

/// A program that a command starts, beside it in the terminal: their output goes where the command's goes.
struct ChildProcess: Sendable {
    /// At least one.
    var words: [String]
    /// Whether the words are a line for a shell: that of `SHELL`, else `/bin/sh`.
    var usesShell: Bool
    /// What its environment has more than the command's.
    var notice: Notice

    enum Input: Sendable {
        case none
        /// The command's own.
        case inherited
        case octets([UInt8])
    }

    enum Notice: Sendable {
        /// `CONSUL_INDEX`: of what it is told.
        case index(UInt64)
        /// `CONSUL_LOCK_HELD`
        case lockHeld
    }

    enum Ending: Sendable, Equatable {
        case exited(code: Int32)
        case killed(signal: Int32)
        case notStarted(reason: String)

        private static let names: [Int32: String] = [
            1: "hangup", 2: "interrupt", 3: "quit", 6: "aborted", 9: "killed", 11: "segmentation fault",
            13: "broken pipe", 15: "terminated",
        ]

        var isSuccess: Bool { self == .exited(code: 0) }

        /// Go's words, as Consul prints them.
        var words: String {
            switch self {
            case .exited(let code): "exit status \(code)"
            case .killed(let signal): "signal: \(Self.names[signal] ?? "\(signal)")"
            case .notStarted(let reason): reason
            }
        }
    }

    /// Runs it to its end. When the task is cancelled it is told to end (SIGTERM), and ended after five seconds.
    func run(_ input: Input) async -> Ending {
        do {
            let status =
                switch input {
                case .none: try await run(input: .none) { _ in }
                case .inherited: try await run(input: .currentStandardInput) { _ in }
                case .octets(let octets):
                    try await run(input: .inputWriter) { execution in
                        // It need not read what it is told.
                        _ = try? await execution.standardInputWriter.write(octets)
                    }
                }
            return switch status {
            case .exited(let code): .exited(code: code)
            case .signaled(let signal): .killed(signal: signal)
            }
        } catch {
            return .notStarted(reason: "\(words.first ?? ""): \(error)")
        }
    }

    private func run<Input: InputProtocol>(
        input: Input,
        _ body: (Execution<Input, FileDescriptorOutput, FileDescriptorOutput>) async throws -> Void
    ) async throws -> TerminationStatus {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        return try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: environment, platformOptions: options,
            input: input, output: .currentStandardOutput, error: .currentStandardError, body: body
        ).terminationStatus
    }

    /// What is found by its path is left to env(1), which becomes it.
    private var executable: Executable { .name(line[0].contains("/") ? "env" : line[0]) }

    private var arguments: [String] { line[0].contains("/") ? line : Array(line.dropFirst()) }

    private var line: [String] { usesShell ? [Self.shell, "-c", words.joined(separator: " ")] : words }

    private var environment: Environment {
        switch notice {
        case .index(let index): .inherit.updating(["CONSUL_INDEX": "\(index)"])
        case .lockHeld: .inherit.updating(["CONSUL_LOCK_HELD": "true"])
        }
    }

    private static var shell: String {
        let shell = ProcessInfo.processInfo.environment["SHELL"] ?? ""
        return shell.isEmpty ? "/bin/sh" : shell
    }
}
