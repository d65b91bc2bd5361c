import ArgumentParser

/// `berth kv`: keys and values.
struct KeyValue: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "kv", abstract: "Read and write keys and values.",
        subcommands: [KeyGet.self, KeyPut.self, KeyDelete.self])
}
