import ArgumentParser
import Foundation
import Snapshots

/// `berth snapshot inspect`: verifies a file, without a server.
struct SnapshotInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Verify a saved file and tell what it is, without a server.",
        usage: "berth snapshot inspect [--json] <file>")

    @Flag(help: "Print JSON.") var json = false
    @Argument(help: .hidden) var arguments: [String] = []

    func run() throws {
        let meta = try SavedSnapshot.verify(try SavedSnapshot.path(in: arguments))
        let terminal = Terminal(json: json)
        if json { return try terminal.show(json: try SavedSnapshot.json(meta)) }
        let lines = [
            ("ID", meta.id), ("Size", "\(meta.size)"), ("Index", "\(meta.index)"), ("Version", "\(meta.version)"),
            ("Records", "\(meta.records)"), ("Node", meta.node), ("Datacenter", meta.datacenter),
            ("Berth", meta.madeBy), ("Time", meta.time.formatted(.iso8601)),
        ]
        try terminal.show(lines.map { name, value in name + String(repeating: " ", count: 13 - name.count) + value })
    }
}
