import APIClient
import ArgumentParser
import Foundation
import NIOCore
import NIOFoundationCompat

/// `berth kv put`.
struct KeyPut: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Write a value: the text given, @FILE, or - for standard input.",
        usage: "berth kv put [<options>] <key> [<value>]")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var datacenter: DatacenterFlags
    @Flag(help: "Lock the key with the session; fails if another holds it.") var acquire = false
    @Flag(help: "The value is base64.") var base64 = false
    @Flag(help: "Write only if the key was last changed at --modify-index; 0: only if it is not there.") var cas = false
    @Option(help: ArgumentHelp("A number to keep with the value.", valueName: "number")) var flags: UInt64 = 0
    @Option(help: ArgumentHelp("The ModifyIndex that --cas expects.", valueName: "index")) var modifyIndex: UInt64?
    @Flag(help: "Unlock the key with the session.") var release = false
    @Option(help: ArgumentHelp("The session of --acquire or --release.", valueName: "id")) var session: String?
    @Argument(help: .hidden) var arguments: [String] = []

    var trouble: String { "Error! Failed writing data" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let (key, value) = try content()
        if cas, modifyIndex == nil { throw CommandFailure(message: "Must specify -modify-index with -cas!") }
        let session = session ?? ""
        if acquire || release, session.isEmpty {
            throw CommandFailure(message: "Error! Missing -session (required with -acquire and -release)")
        }
        guard !key.hasPrefix("/") else {
            throw CommandFailure(message: "\(trouble): Invalid key. Key must not begin with a '/': \(key)")
        }
        var request = APIRequest.key(.put, key).of(datacenter).with("flags", flags == 0 ? nil : "\(flags)")
        request.body = ByteBuffer(data: value)
        // In Consul's order: of several, the first counts.
        var (success, refusal) = ("Success! Data written to: \(key)", "")
        if cas {
            request = request.with("cas", "\(modifyIndex ?? 0)")
            refusal = "Error! Did not write to \(key): CAS failed"
        } else if acquire {
            request = request.with("acquire", session)
            (success, refusal) = ("Success! Lock acquired on: \(key)", "Error! Did not acquire lock")
        } else if release {
            request = request.with("release", session)
            (success, refusal) = ("Success! Lock released on: \(key)", "Error! Did not release lock")
        }
        let answer = try await api.ask(request)
        guard try answer.decoded(as: Bool.self) else { throw CommandFailure(message: refusal) }
        try terminal.json ? terminal.show(json: answer) : terminal.show(success)
    }

    private func content() throws(CommandFailure) -> (key: String, value: Data) {
        guard let key = arguments.first else { throw CommandFailure(message: "Error! Missing KEY argument") }
        guard arguments.count <= 2 else {
            throw CommandFailure(message: "Error! Too many arguments (expected 1 or 2, got \(arguments.count))")
        }
        guard arguments.count == 2 else { return (key, Data()) }
        let value = try GivenData.read(arguments[1])
        guard base64 else { return (key, value) }
        guard let decoded = Data(base64Encoded: value) else {
            throw CommandFailure(message: "Error! Cannot base 64 decode data: illegal base64 data")
        }
        return (key, decoded)
    }
}
