import ArgumentParser

/// `berth kv`: keys and values.
struct KeyValue: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "kv", abstract: "Read and write keys and values.",
        subcommands: [KeyDelete.self, KeyExport.self, KeyGet.self, KeyImport.self, KeyPut.self])
}
