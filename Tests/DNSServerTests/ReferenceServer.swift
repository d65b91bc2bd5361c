import DNS
import Foundation
import Glibc
import NIOCore
import NIOPosix
import Testing

/// A real NSD on loopback that serves master files: what the records of a zone mean in the eyes of others.
struct ReferenceServer: Sendable {
    let port: UInt16

    /// Runs `body` beside a server of its own, which is ended afterwards.
    ///
    /// - Parameter zones: a master file's text for each apex.
    static func with<Result: Sendable>(
        zones: [String: String], body: (ReferenceServer) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "berth-nsd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do {
                try FileManager.default.removeItem(at: folder)
            } catch {
                Issue.record("cannot remove \(folder.path): \(error)")
            }
        }
        for (apex, text) in zones { try Data(text.utf8).write(to: folder.appending(path: apex)) }
        let server = ReferenceServer(port: try await freePort())
        let configuration = folder.appending(path: "nsd.conf")
        try Data(server.configuration(folder.path, zones.keys.sorted()).utf8).write(to: configuration)
        let process = try start(configuration)
        let outcome: Swift.Result<Result, any Error>
        do {
            try await server.awaitAnswer(about: zones.keys.sorted()[0])
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        // Its children go with it.
        kill(process.processIdentifier, SIGKILL)
        try await withDeadline { !process.isRunning }
        return try outcome.get()
    }

    private func awaitAnswer(about apex: String) async throws {
        let client = try UDPClient(to: "127.0.0.1", port: port, patience: .milliseconds(100))
        let query = try Queries.query(apex, .soa)
        try await withDeadline { client.ask(query) != nil }
    }

    private static func start(_ configuration: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/sbin/nsd")
        process.arguments = ["-d", "-c", configuration.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch CocoaError.fileNoSuchFile, CocoaError.fileReadNoSuchFile {
            throw MissingProgram(name: "nsd", package: "nsd")
        }
        return process
    }

    /// Without a limit on the rate of replies.
    private func configuration(_ folder: String, _ zones: [String]) -> String {
        """
        server:
          ip-address: 127.0.0.1@\(port)
          username: ""
          zonesdir: "\(folder)"
          database: ""
          pidfile: "\(folder)/pid"
          xfrdfile: "\(folder)/xfrd.state"
          xfrdir: "\(folder)"
          zonelistfile: "\(folder)/zone.list"
          server-count: 1
          minimal-responses: no
          rrl-ratelimit: 0
          rrl-whitelist-ratelimit: 0
        remote-control:
          control-enable: no

        """ + zones.map { "zone:\n  name: \"\($0)\"\n  zonefile: \"\($0)\"\n" }.joined()
    }

    /// A port that nothing listens on, below those that clients are given.
    private static func freePort() async throws -> UInt16 {
        while true {
            let port = Int.random(in: 10_000..<32_768)
            let channel = try? await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(host: "127.0.0.1", port: port).get()
            guard let channel else { continue }
            try await channel.close()
            return UInt16(port)
        }
    }
}
