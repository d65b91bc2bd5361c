import ArgumentParser

/// A command line as people write it for Consul, whose flags are Go's: with one dash or two, their values after `=` or
/// as the next word, switches as `-recurse` or `-recurse=true`, and none after the first argument that is no flag.
struct ConsulNotation {
    /// The words of the command: `["kv", "get"]`.
    private(set) var verbs: [String] = []
    /// What ArgumentParser takes: every flag with two dashes, its value behind `=`, `--` before the other arguments.
    private(set) var arguments: [String] = []

    /// Flags without a value, of all commands that this notation is for.
    static let switches: Set<String> = [
        "acquire", "base64", "cas", "child-exit-code", "detailed", "disable", "enable", "help", "json", "keys",
        "log-json", "markdown", "no-shell", "pass-stdin", "quiet", "recurse", "release", "shell", "stale", "tags",
        "verbose", "version", "wan",
    ]
    private static let yes: Set<String> = ["1", "t", "T", "TRUE", "true", "True"]
    private static let no: Set<String> = ["0", "f", "F", "FALSE", "false", "False"]

    /// - Parameter line: all that follows the program's name.
    init(_ line: [String], root: any ParsableCommand.Type) {
        var rest = line[...]
        var subcommands = root.configuration.subcommands
        while let word = rest.first, let next = subcommands.first(where: { $0._commandName == word }) {
            verbs.append(word)
            rest.removeFirst()
            subcommands = next.configuration.subcommands
        }
        arguments = verbs
        while let word = rest.first, word.hasPrefix("-"), word != "-", word != "--" {
            rest.removeFirst()
            take(word, &rest)
        }
        if rest.first == "--" { rest.removeFirst() }
        if !rest.isEmpty { arguments += ["--"] + rest }
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) {
        let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
        let value = word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
        guard name != "h" else { return arguments.append("--help") }
        guard Self.switches.contains(name) else {
            guard let value = value ?? rest.popFirst() else { return arguments.append("--\(name)") }
            // An empty value behind = would be none.
            return arguments += value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]
        }
        switch value {
        case nil: arguments.append("--\(name)")
        case let value? where Self.yes.contains(value): arguments.append("--\(name)")
        // A switch that is on unless told otherwise has a second name.
        case let value? where Self.no.contains(value): if name == "shell" { arguments.append("--no-shell") }
        case let value?: arguments.append("--\(name)=\(value)")
        }
    }
}
