/// Lays out compact JSON for people, as Go's `json.Indent` does for Consul: four spaces a level, nothing in empty brackets.
enum JSONIndentation {
    /// - Parameter json: well-formed JSON without white space between its tokens.
    /// - Returns: the same with a final line end.
    static func indent(_ json: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var depth = 0
        var isInString = false
        var previous: UInt8 = 0
        for octet in json {
            if isInString {
                text.append(octet)
                // A backslash escapes the next octet, which may be another backslash.
                if octet == UInt8(ascii: "\""), previous != UInt8(ascii: "\\") { isInString = false }
                previous = previous == UInt8(ascii: "\\") ? 0 : octet
                continue
            }
            switch octet {
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if previous != octet - 2 { breakLine(&text, depth) }
                text.append(octet)
            default:
                if previous == UInt8(ascii: "{") || previous == UInt8(ascii: "[") { breakLine(&text, depth) }
                text.append(octet)
                if octet == UInt8(ascii: "{") || octet == UInt8(ascii: "[") { depth += 1 }
                if octet == UInt8(ascii: ",") { breakLine(&text, depth) }
                if octet == UInt8(ascii: ":") { text.append(UInt8(ascii: " ")) }
                isInString = octet == UInt8(ascii: "\"")
            }
            previous = octet
        }
        text.append(UInt8(ascii: "\n"))
        return text
    }

    private static func breakLine(_ text: inout [UInt8], _ depth: Int) {
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 4 * depth))
    }
}
