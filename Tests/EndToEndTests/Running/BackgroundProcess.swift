import Foundation
import Glibc

/// A program that runs beside the test, both its output streams gathered in one file.
final class BackgroundProcess {
    let log: URL
    private let process = Process()

    init(_ executable: URL, _ arguments: [String], in directory: URL, log: URL) throws {
        self.log = log
        if !FileManager.default.fileExists(atPath: log.path) {
            try Data().write(to: log)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try output.close()
    }

    var isRunning: Bool { process.isRunning }

    var id: Int32 { process.processIdentifier }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end. A process that a signal ended has the signal's number, negated, as its status.
    func status(within limit: Duration) async throws -> Int32 {
        try await retrying(for: limit) { try expectNow(!isRunning, "it still runs") }
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    func end() async throws {
        guard isRunning else { return }
        send(SIGKILL)
        _ = try await status(within: .seconds(10))
    }
}
