import Foundation
import Glibc
import RegexBuilder

/// The built program, running as a user would run it, on ports of its own choice.
final class Berth {
    struct Ports: Sendable, Equatable {
        let dns: Int
        let http: Int
    }

    /// Where the program is started and keeps its data.
    let directory: URL
    private(set) var ports: Ports
    private let arguments: [String]
    private var process: BackgroundProcess

    /// The program beside the test bundle.
    static var executable: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: tests).deletingLastPathComponent().appending(path: "berth")
        }
    }

    /// The arguments of `berth serve` that every test shares; a flag that `own` sets is left to it.
    static func arguments(_ own: [String]) -> [String] {
        var arguments = ["serve"]
        for (flag, value) in [
            ("--dns-port", "0"), ("--http-port", "0"), ("--docker", "off"), ("--data-dir", "data"),
            ("--node", "server01"), ("--advertise", "127.0.0.1"),
        ] where !own.contains(flag) {
            arguments += [flag, value]
        }
        return arguments + own
    }

    private init(_ process: BackgroundProcess, _ arguments: [String], in directory: URL) async throws {
        self.directory = directory
        self.arguments = arguments
        self.process = process
        ports = Ports(dns: 0, http: 0)
        ports = try await readBanner(after: "")
    }

    /// Starts `berth serve` in `directory`, and ends it however `body` ends.
    static func run<Result>(
        in directory: URL, _ own: [String], _ body: (Berth) async throws -> Result
    ) async throws -> Result {
        let arguments = Berth.arguments(own)
        let process = try BackgroundProcess(
            executable, arguments, in: directory, log: directory.appending(path: "berth-\(UUID().uuidString).log"))
        do {
            let berth = try await Berth(process, arguments, in: directory)
            do {
                let result = try await body(berth)
                try await berth.process.end()
                return result
            } catch {
                print("Berth said:\n" + (try process.log.text()))
                try await berth.process.end()
                throw error
            }
        } catch {
            try await process.end()
            throw error
        }
    }

    /// Runs `berth serve` with arguments that it ought to refuse; one that still runs after 10 s is killed (status 124).
    static func refusal(in directory: URL, _ own: [String]) async throws -> Tool.Output {
        try await Tool.timeout.run(
            ["--kill-after=1", "10", "env", "-C", directory.path, executable.path] + arguments(own))
    }

    /// What the program has printed so far.
    var output: String {
        get throws { try process.log.text() }
    }

    var dig: Dig { Dig(port: ports.dns) }
    var http: HTTP { HTTP(port: ports.http) }

    var processID: Int32 { process.id }

    func send(_ signal: Int32) {
        process.send(signal)
    }

    func status(within limit: Duration) async throws -> Int32 {
        try await process.status(within: limit)
    }

    /// Ends the program as a power cut would.
    func kill() async throws {
        process.send(SIGKILL)
        _ = try await process.status(within: .seconds(10))
    }

    /// Starts the program again after its end, with the arguments that it had.
    ///
    /// - Parameter httpPort: `nil`: any that is free.
    func start(httpPort: Int? = nil) async throws {
        let before = try output
        let port = httpPort.map { ["--http-port", "\($0)"] } ?? []
        process = try BackgroundProcess(Berth.executable, arguments + port, in: directory, log: process.log)
        ports = try await readBanner(after: before)
    }

    private func readBanner(after before: String) async throws -> Ports {
        try await retrying(for: .seconds(20)) {
            let banner = try output.dropFirst(before.count)
            guard process.isRunning else { throw BerthEnded(output: String(banner)) }
            guard let dns = banner.firstMatch(of: /dig @\S+ -p (\d+)/).flatMap({ Int($0.output.1) }),
                let http = banner.firstMatch(of: /HTTP\s+\S*:(\d+)/).flatMap({ Int($0.output.1) })
            else { throw NotYet("the banner names no dig line and HTTP address: \(banner)") }
            return Ports(dns: dns, http: http)
        }
    }
}

struct BerthEnded: Error, CustomStringConvertible {
    let output: String

    var description: String { "Berth ended at its start: \(output)" }
}
