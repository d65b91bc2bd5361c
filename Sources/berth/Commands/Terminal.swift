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

    /// Writes the lines, each with its end.
    func show(_ lines: [String]) {
        let text = lines.map { isWatched ? Self.harmless($0) + "\n" : $0 + "\n" }.joined()
        StandardStream.output.write(text)
    }

    func show(_ line: String) { show([line]) }

    func show(_ table: Table) { StandardStream.output.write(table.text(colour: colour, harmless: isWatched)) }

    /// Writes octets as they are.
    func write(_ octets: ByteBuffer) { StandardStream.output.write(octets: octets.readableBytesView) }

    /// Writes what the API said: indented, and `true` where it had nothing to say.
    func show(json answer: APIAnswer) { show(json: answer.body.readableBytesView) }

    func show(json text: some Collection<UInt8>) {
        StandardStream.output.write(octets: text.isEmpty ? Array("true\n".utf8) : JSONLayout.indent(text))
    }

    func show(json texts: [String]) {
        show(json: "[\(texts.map(JSONText.quoted).joined(separator: ","))]".utf8)
    }

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
