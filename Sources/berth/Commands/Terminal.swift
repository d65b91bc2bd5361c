import APIClient
import NIOCore

/// Standard output, as a command writes to it: for people with colour, for programs plain or as JSON.
struct Terminal {
    let json: Bool
    let colour: Bool
    /// Somebody looks at it: what others have written must not steer the terminal.
    private let isWatched: Bool

    init(json: Bool) {
        self.json = json
        colour = StandardStream.output.takesColour
        isWatched = StandardStream.output.isTerminal
    }

    /// Writes the lines, each with its end, and harmless where somebody looks.
    ///
    /// - Throws: like all that writes here, where not all of it could be written.
    func show(_ lines: [String]) throws(CommandFailure) { try show(painted: lines.map { clean($0) }) }

    func show(_ line: String) throws(CommandFailure) { try show([line]) }

    /// Writes the lines, each with its end, and with the colours in them: what others have written is
    /// ``clean(_:)`` already.
    func show(painted lines: [String]) throws(CommandFailure) { try write(lines.map { $0 + "\n" }.joined()) }

    func show(_ table: Table) throws(CommandFailure) { try write(table.text(colour: colour, harmless: isWatched)) }

    /// Writes what others have written: as it is, but harmless where somebody looks.
    func show(octets: ByteBuffer) throws(CommandFailure) {
        guard isWatched else { return try write(octets) }
        try write(Self.harmless(String(buffer: octets)))
    }

    /// Writes octets as they are.
    func write(_ octets: ByteBuffer) throws(CommandFailure) {
        try StandardStream.output.deliver(octets.readableBytesView)
    }

    /// Writes a text as it is.
    func write(_ text: String) throws(CommandFailure) { try StandardStream.output.deliver(text.utf8) }

    /// Writes what the API said: indented, and `true` where it had nothing to say.
    func show(json answer: APIAnswer) throws(CommandFailure) { try show(json: answer.body.readableBytesView) }

    func show(json text: some Collection<UInt8>) throws(CommandFailure) {
        try StandardStream.output.deliver(text.isEmpty ? Array("true\n".utf8) : JSONLayout.indent(text))
    }

    func show(json texts: [String]) throws(CommandFailure) {
        try show(json: "[\(texts.map(JSONText.quoted).joined(separator: ","))]".utf8)
    }

    /// The text as somebody may see it, who looks; as it is, if nobody does.
    func clean(_ text: String) -> String { isWatched ? Self.harmless(text) : text }

    /// The text without what could steer a terminal.
    static func harmless(_ text: String) -> String {
        guard !text.unicodeScalars.allSatisfy({ JSONText.isPrintable($0) || $0 == "\t" || $0 == "\n" }) else {
            return text
        }
        var harmless = ""
        for scalar in text.unicodeScalars {
            let isPlain = JSONText.isPrintable(scalar) || scalar == "\t" || scalar == "\n"
            harmless.unicodeScalars.append(isPlain ? scalar : "\u{fffd}")
        }
        return harmless
    }
}
