import Logging

extension LogLine {
    /// A line for people:
    ///
    ///     2026-11-23T05:20:01.250Z INFO    docker: container registered name=web-1 service=nginx
    ///
    /// Values that would not read as one word are quoted as in JSON, so that no outside text can forge a line.
    func text(colour: Bool) -> String {
        let name = level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(0, 8 - name.count))
        let pairs = sortedMetadata.map { " \($0.key)=\(Self.word("\($0.value)"))" }
        let details = Colour.dim.paint(pairs.joined(), if: colour && !pairs.isEmpty)
        let label = level.colour.map { $0.paint(name, if: colour) } ?? name
        return "\(timestamp) \(label)\(padding)\(part): \(Self.oneLine(message))\(details)\n"
    }

    private static func word(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0 > " " && $0 != "\"" && $0 != "=" && JSONText.isPrintable($0) }
        return isPlain && !text.isEmpty ? text : JSONText.quoted(text)
    }

    private static func oneLine(_ text: String) -> String {
        text.unicodeScalars.allSatisfy(JSONText.isPrintable) ? text : JSONText.quoted(text)
    }
}

extension Logger.Level {
    fileprivate var colour: Colour? {
        switch self {
        case .trace, .debug: .dim
        case .info: .green
        case .notice: .cyan
        case .warning: .yellow
        case .error, .critical: .red
        }
    }
}
