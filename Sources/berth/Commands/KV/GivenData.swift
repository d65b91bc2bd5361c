import Foundation

/// What an argument stands for: itself, `@FILE`, or `-` for standard input.
enum GivenData {
    static func read(_ argument: String) throws(CommandFailure) -> Data {
        if argument == "-" { return try standardInput() }
        guard argument.hasPrefix("@") else { return Data(argument.utf8) }
        return try file(String(argument.dropFirst()))
    }

    static func file(_ path: String) throws(CommandFailure) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CommandFailure(message: "Error! Failed to read file: \(Self.reason(error, path))")
        }
    }

    static func standardInput() throws(CommandFailure) -> Data {
        do {
            return try FileHandle.standardInput.readToEnd() ?? Data()
        } catch {
            throw CommandFailure(message: "Error! Failed to read from stdin: \(error)")
        }
    }

    /// Consul's words for a file that cannot be read.
    static func reason(_ error: any Error, _ path: String) -> String {
        let words =
            switch (error as? CocoaError)?.code {
            case .fileReadNoSuchFile?, .fileNoSuchFile?: "no such file or directory"
            case .fileReadNoPermission?: "permission denied"
            default: "it cannot be read"
            }
        return "open \(path): \(words)"
    }
}
