import Subprocess

/// A command line tool that tests call as a user would.
package enum Command {
    /// What the tool wrote to its standard output, without the trailing line break.
    ///
    /// - Throws: ``CommandError`` with the tool's own words if it ends with anything but 0.
    @discardableResult
    package static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .name(name), arguments: Arguments(arguments), output: .string(limit: 16 << 20),
                error: .string(limit: 1 << 20))
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw CommandError(command: name, reason: "it is not installed")
        }
        guard result.terminationStatus.isSuccess else {
            let line = ([name] + arguments).joined(separator: " ")
            throw CommandError(command: line, reason: "\(result.terminationStatus): \(result.standardError)")
        }
        var output = result.standardOutput[...]
        while output.last?.isNewline == true { output.removeLast() }
        return String(output)
    }
}

/// A tool that is missing or failed.
package struct CommandError: Error, CustomStringConvertible {
    package var command: String
    package var reason: String

    package var description: String { "`\(command)` failed: \(reason)" }
}
