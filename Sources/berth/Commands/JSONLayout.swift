/// Lays out JSON for people, in Consul's way: four spaces a level, nothing in empty brackets.
enum JSONLayout {
    /// - Parameter json: well-formed, with any white space between its tokens.
    /// - Returns: the same with a final line end.
    static func indent(_ json: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var depth = 0
        var isInString = false
        var isEscaped = false
        /// The last octet that is no white space.
        var previous: UInt8 = 0
        for octet in json {
            if isInString {
                text.append(octet)
                if octet == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = octet == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            guard octet > 0x20 else { continue }
            let opened = previous == UInt8(ascii: "{") || previous == UInt8(ascii: "[")
            let closes = octet == UInt8(ascii: "}") || octet == UInt8(ascii: "]")
            if closes { depth -= 1 }
            if opened != closes { breakLine(&text, depth) }
            text.append(octet)
            switch octet {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ","): breakLine(&text, depth)
            case UInt8(ascii: ":"): text.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""): isInString = true
            default: break
            }
            previous = octet
        }
        text.append(UInt8(ascii: "\n"))
        return text
    }

    private static func breakLine(_ text: inout [UInt8], _ depth: Int) {
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 4 * max(0, depth)))
    }
}
