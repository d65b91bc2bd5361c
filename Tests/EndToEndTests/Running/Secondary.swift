import Foundation
import Glibc

/// A real name server that follows Berth's zone `consul`, in a folder of its own.
final class Secondary {
    enum Program: String, CaseIterable, Sendable { case nsd, knot }

    let program: Program
    let port: Int
    private let process: BackgroundProcess

    var dig: Dig { Dig(port: port) }

    var log: String {
        get throws { try process.log.text() }
    }

    /// All records of a zone that it has, as dig shows them, without the SOA.
    static func records(of zone: String, at port: Int, _ arguments: [String] = []) async throws -> Set<String> {
        let all = try await Tool.dig.run(["@127.0.0.1", "-p", "\(port)", zone, "AXFR"] + arguments).out
            .split(separator: "\n").filter { !$0.hasPrefix(";") && !$0.contains("\tTSIG\t") }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased() }
        return Set(all.filter { !$0.contains(" soa ") })
    }

    private init(_ program: Program, port: Int, in directory: URL, key: String?, primary: Int) throws {
        self.program = program
        self.port = port
        let home = directory.appending(path: program.rawValue)
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let file = home.appending(path: "\(program.rawValue).conf")
        try file.write(Self.configuration(program, port: port, in: home, key: key, primary: primary))
        let command =
            switch program {
            case .nsd: ["nsd", "-d", "-c", file.path]
            case .knot: ["knotd", "-c", file.path]
            }
        process = try BackgroundProcess(
            URL(filePath: "/usr/bin/env"), command, in: home, log: home.appending(path: "log"))
    }

    /// Runs both programs, each on its port, and ends them however `body` ends.
    static func run<Result>(
        on ports: [Program: Int], in directory: URL, key: String? = nil, primary: Int,
        _ body: ([Secondary]) async throws -> Result
    ) async throws -> Result {
        // Name the packages where the programs are missing.
        _ = try await Tool.nsd("-v")
        _ = try await Tool.knot("--version")
        var secondaries: [Secondary] = []
        do {
            for (program, port) in ports {
                secondaries.append(
                    try Secondary(program, port: port, in: directory, key: key, primary: primary))
            }
            let result = try await body(secondaries)
            for secondary in secondaries { try await secondary.process.end() }
            return result
        } catch {
            for secondary in secondaries {
                print("\(secondary.program) said:\n" + (try secondary.process.log.text()))
                try await secondary.process.end()
            }
            throw error
        }
    }

    private static func configuration(
        _ program: Program, port: Int, in home: URL, key: String?, primary: Int
    ) -> String {
        switch program {
        case .nsd:
            """
            server:
              ip-address: 127.0.0.1@\(port)
              username: ""
              zonesdir: "\(home.path)"
              database: ""
              pidfile: "\(home.path)/pid"
              xfrdfile: "\(home.path)/xfrd.state"
              xfrdir: "\(home.path)"
              zonelistfile: "\(home.path)/zone.list"
              xfrd-reload-timeout: 0
              server-count: 1
            remote-control:
              control-enable: no
            \(key.map { "key:\n  name: secondary\n  algorithm: hmac-sha256\n  secret: \"\($0)\"" } ?? "")
            zone:
              name: consul
              zonefile: consul.zone
              allow-notify: 127.0.0.1 \(key == nil ? "NOKEY" : "secondary")
              request-xfr: 127.0.0.1@\(primary) \(key == nil ? "NOKEY" : "secondary")
              provide-xfr: 127.0.0.1 NOKEY
            zone:
              name: lab.example
              zonefile: lab.zone
              allow-notify: 127.0.0.1 \(key == nil ? "NOKEY" : "secondary")
              request-xfr: 127.0.0.1@\(primary) \(key == nil ? "NOKEY" : "secondary")
              provide-xfr: 127.0.0.1 NOKEY
            """
        case .knot:
            """
            server:
              listen: 127.0.0.1@\(port)
              rundir: "\(home.path)"
            database:
              storage: "\(home.path)"
            \(key.map { "key:\n  - id: secondary\n    algorithm: hmac-sha256\n    secret: \"\($0)\"" } ?? "")
            remote:
              - id: berth
                address: 127.0.0.1@\(primary)
                \(key == nil ? "" : "key: secondary")
            acl:
              - id: told
                address: 127.0.0.1
                action: notify
                \(key == nil ? "" : "key: secondary")
              - id: whoever
                address: 127.0.0.1
                action: transfer
            template:
              - id: default
                storage: "\(home.path)"
            zone:
              - domain: consul
                master: berth
                acl: [told, whoever]
              - domain: lab.example
                master: berth
                acl: [told, whoever]
            log:
              - target: stderr
                any: info
            """
        }
    }
}
