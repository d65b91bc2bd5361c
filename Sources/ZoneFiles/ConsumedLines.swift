/// The lines of a master file that one record or directive was read from, blank and comment lines before it included.
struct ConsumedLines {
    private let lines: ArraySlice<String>

    init(of all: [String], from start: Int32, to end: Int32) {
        let start = min(max(Int(start), 0), all.count)
        lines = all[start..<min(max(Int(end), start), all.count)]
    }

    /// The first line that holds more than white space and comments, counted from 1.
    var firstLine: Int { (content?.index ?? lines.startIndex) + 1 }

    /// True when there is nothing but white space and comments.
    var isBlank: Bool { content == nil }

    /// True for `$TTL 3600`, `$TTL 1h30m`.
    var directiveHasNumber: Bool { argument.first.map { ("0"..."9").contains($0) } ?? false }

    /// True for `$ORIGIN`, whatever is behind it.
    var isOrigin: Bool { content?.text.hasPrefix("$ORIGIN") ?? false }

    /// True for `$ORIGIN example.org.`, false for `$ORIGIN sub`.
    var directiveIsAbsolute: Bool { argument.hasSuffix(".") }

    /// The words behind a directive's name.
    var arguments: [Substring] { Array((content?.text.split(whereSeparator: \.isWhitespace) ?? []).dropFirst()) }

    func located(_ reason: ZoneFileError.Reason) -> LocatedReason { LocatedReason(line: firstLine, reason: reason) }

    private var argument: Substring { arguments.first ?? "" }

    private var content: (index: Int, text: Substring)? {
        for (index, line) in zip(lines.indices, lines) {
            let text = line.prefix { $0 != ";" }
            if text.contains(where: { !$0.isWhitespace }) { return (index, text) }
        }
        return nil
    }
}
