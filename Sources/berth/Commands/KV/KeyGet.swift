import APIClient
import ArgumentParser
import Foundation
import NIOCore
import NIOFoundationCompat

/// `berth kv get`: one value as it is, or many keys.
struct KeyGet: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print the value of a key, or many.",
        usage: "berth kv get [--keys | --recurse] [<options>] <key or prefix>")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Flag(help: "Print values in base64.") var base64 = false
    @Flag(help: "Show all that is known of each key.") var detailed = false
    @Flag(help: "List keys without their values.") var keys = false
    @Flag(help: "Show every key that begins with the argument.") var recurse = false
    @Option(help: "With --keys: list keys only as far as this, each beginning once.") var separator = "/"
    @Argument(help: .hidden) var arguments: [String] = []

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard arguments.count <= 1 else {
            throw CommandFailure(message: "Too many arguments (expected 1, got \(arguments.count))")
        }
        let subject = arguments.first ?? ""
        guard recurse || keys || !subject.isEmpty else { throw CommandFailure(message: "Error! Missing KEY argument") }
        let request = APIRequest.key(.get, subject).of(flags)
        if keys {
            // An empty separator is one, too.
            let answer = try await api.find(request.with("keys", if: true).with("separator", separator))
            if terminal.json { return try terminal.show(json: answer?.body.readableBytesView ?? Self.nothing) }
            try terminal.show(try answer?.decoded(as: [String].self) ?? [])
        } else if recurse {
            let answer = try await api.find(request.with("recurse", if: true))
            if terminal.json { return try terminal.show(json: answer?.body.readableBytesView ?? Self.nothing) }
            try show(try answer?.decoded(as: [StoredKey].self) ?? [], terminal)
        } else {
            try await showOne(subject, request, api, terminal)
        }
    }

    private static let nothing = ByteBuffer(string: "[]").readableBytesView

    private func showOne(
        _ key: String, _ request: APIRequest, _ api: APIClient, _ terminal: Terminal
    ) async throws {
        guard let answer = try await api.find(request) else {
            throw CommandFailure(message: "Error! No key exists at: \(key)")
        }
        if terminal.json { return try terminal.show(json: answer) }
        guard let entry = try answer.decoded(as: [StoredKey].self).first else {
            throw CommandFailure(message: "Error! No key exists at: \(key)")
        }
        if detailed { return try terminal.show(details(of: entry)) }
        try terminal.show(octets: ByteBuffer(data: shown(entry) + Data("\n".utf8)))
    }

    private func show(_ entries: [StoredKey], _ terminal: Terminal) throws {
        if detailed {
            // An empty line between two.
            return try terminal.show(Array(entries.map(details).joined(separator: [""])))
        }
        for entry in entries {
            try terminal.show(
                octets: ByteBuffer(data: Data("\(entry.key):".utf8) + shown(entry) + Data("\n".utf8)))
        }
    }

    private func details(of entry: StoredKey) -> [String] {
        let value = String(decoding: shown(entry), as: UTF8.self)
        let lines = [
            ("CreateIndex", "\(entry.createIndex)"), ("Flags", "\(entry.flags)"), ("Key", entry.key),
            ("LockIndex", "\(entry.lockIndex)"), ("ModifyIndex", "\(entry.modifyIndex)"),
            ("Session", entry.session ?? "-"), ("Value", value),
        ]
        return lines.map { name, value in
            value.isEmpty ? name : name + String(repeating: " ", count: 17 - name.count) + value
        }
    }

    private func shown(_ entry: StoredKey) -> Data { base64 ? entry.value.base64EncodedData() : entry.value }
}
