import APIClient
import ArgumentParser

/// `berth kv delete`.
struct KeyDelete: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a key, or many.",
        usage: "berth kv delete [--recurse | --cas --modify-index <index>] [<options>] <key or prefix>")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Flag(help: "Remove the key only if it was last changed at --modify-index.") var cas = false
    @Option(help: ArgumentHelp("The ModifyIndex that --cas expects.", valueName: "index")) var modifyIndex: UInt64 = 0
    @Flag(help: "Remove every key that begins with the argument.") var recurse = false
    @Argument(help: .hidden) var arguments: [String] = []

    var trouble: String { "Error! Did not delete key \(arguments.first ?? "")" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard arguments.count <= 1 else {
            throw CommandFailure(message: "Too many arguments (expected 1, got \(arguments.count))")
        }
        let key = arguments.first ?? ""
        if let complaint = complaint(about: key) { throw CommandFailure(message: complaint) }
        let request = APIRequest.key(.delete, key).of(flags)
            .with("recurse", if: recurse).with("cas", cas ? "\(modifyIndex)" : nil)
        let answer = try await api.ask(request)
        guard try answer.decoded(as: Bool.self) else {
            throw CommandFailure(message: "Error! Did not delete key \(key): CAS failed")
        }
        if terminal.json { return try terminal.show(json: answer) }
        try terminal.show(recurse ? "Success! Deleted keys with prefix: \(key)" : "Success! Deleted key: \(key)")
    }

    private func complaint(about key: String) -> String? {
        if !recurse, key.isEmpty { return "Error! Missing KEY argument" }
        if cas, modifyIndex == 0 { return "Must specify -modify-index with -cas!" }
        if cas, recurse { return "Cannot specify both -cas and -recurse!" }
        if !cas, modifyIndex != 0 { return "Cannot specify -modify-index without -cas!" }
        return nil
    }
}
