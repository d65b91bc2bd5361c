extension GivenValue {
    /// `IN:OUT[:COMMAND]`, or a map with the keys of ``TemplateFile``.
    func templateFile() throws(Refusal) -> TemplateFile {
        switch form {
        case .scalar(let text, _):
            guard let file = TemplateFile(text) else {
                throw Refusal("must be IN:OUT or IN:OUT:COMMAND, not \(text.shown)")
            }
            return file
        case .map(let entries): return try Self.templateFile(entries)
        case .nothing, .list: throw Refusal("must be IN:OUT or IN:OUT:COMMAND or a map, not \(shown)")
        }
    }

    private static func templateFile(
        _ entries: [(key: String, origin: Origin, value: GivenValue)]
    ) throws(Refusal) -> TemplateFile {
        let keys = ["source", "destination", "command"]
        var reasons: [Refusal.Reason] = []
        var texts: [String: String] = [:]
        var seen: Set<String> = []
        for (key, origin, value) in entries {
            if keys.contains(key), !seen.insert(key).inserted {
                reasons.append(Refusal.Reason(text: "\(key) is given a second time", origin: origin))
            } else if !keys.contains(key) {
                reasons.append(Refusal.Reason(text: "\(NearestWord.unknown(key, among: keys))", origin: origin))
            } else if case .scalar(let text, _) = value.form, !text.isEmpty {
                texts[key] = text
            } else if key != "command" {
                reasons.append(Refusal.Reason(text: "\(key) must be a path, not \(value.shown)", origin: origin))
            } else if case .nothing = value.form {
                continue
            } else {
                reasons.append(Refusal.Reason(text: "command must be a command, not \(value.shown)", origin: origin))
            }
        }
        for key in ["source", "destination"] where !entries.contains(where: { $0.key == key }) {
            reasons.append(Refusal.Reason(text: "\(key) is missing"))
        }
        guard reasons.isEmpty, let source = texts["source"], let destination = texts["destination"] else {
            throw Refusal(reasons)
        }
        return TemplateFile(source: source, destination: destination, command: texts["command"])
    }
}

extension TemplateFile {
    /// Reads `IN:OUT[:COMMAND]`: the command is all after the second colon, colons included.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(source: parts[0], destination: parts[1], command: parts.dropFirst(2).first { !$0.isEmpty })
    }
}
