/// Go's strconv: string and character literals, both ways.
extension GoString {
    /// As a Go string literal in double quotes.
    var quoted: String { quoted(by: "\"", ascii: false) }

    /// - Parameter ascii: escape everything beyond ASCII.
    func quoted(by quote: Unicode.Scalar, ascii: Bool) -> String {
        var result = String(quote)
        var index = 0
        while index < octets.count {
            let rune = Rune.decode(octets, at: index)
            if rune.isInvalid {
                result += "\\x" + Self.hexadecimal(UInt32(octets[index]), digits: 2)
            } else {
                result += Self.escaped(rune.scalar, quote: quote, ascii: ascii)
            }
            index += rune.width
        }
        return result + String(quote)
    }

    private static func escaped(_ scalar: Unicode.Scalar, quote: Unicode.Scalar, ascii: Bool) -> String {
        if scalar == quote || scalar == "\\" { return "\\\(scalar)" }
        if scalar.isASCII || !ascii, scalar.isPrintable { return String(scalar) }
        return switch scalar {
        case "\u{07}": "\\a"
        case "\u{08}": "\\b"
        case "\u{0c}": "\\f"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{0b}": "\\v"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f: "\\x" + hexadecimal(scalar.value, digits: 2)
        case _ where scalar.value < 0x10000: "\\u" + hexadecimal(scalar.value, digits: 4)
        default: "\\U" + hexadecimal(scalar.value, digits: 8)
        }
    }

    static func hexadecimal(_ value: UInt32, digits: Int, uppercase: Bool = false) -> String {
        let text = String(value, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Whether it can stand between back quotes.
    var canBeRaw: Bool {
        var index = 0
        while index < octets.count {
            let rune = Rune.decode(octets, at: index)
            if rune.isInvalid || rune.scalar == "`" || rune.scalar == "\u{feff}" { return false }
            if rune.scalar != "\t", rune.scalar.value < 0x20 || rune.scalar.value == 0x7f { return false }
            index += rune.width
        }
        return true
    }

    /// Reads a Go literal in `"`, `` ` `` or `'`, with its quotes.
    ///
    /// - Returns: `nil` if an escape is wrong.
    init?(literal: [UInt8]) {
        guard literal.count >= 2, let quote = literal.first, literal.last == quote else { return nil }
        let body = literal.dropFirst().dropLast()
        if quote == UInt8(ascii: "`") {
            octets = body.filter { $0 != 0x0d }
            return
        }
        octets = []
        octets.reserveCapacity(body.count)
        var rest = body
        while let octet = rest.popFirst() {
            if octet == quote { return nil }
            guard octet == UInt8(ascii: "\\") else {
                octets.append(octet)
                continue
            }
            guard let escape = Self.readEscape(&rest, quote: quote) else { return nil }
            octets += escape
        }
    }

    /// - Parameter rest: what follows the backslash; what follows the escape on return.
    private static func readEscape(_ rest: inout ArraySlice<UInt8>, quote: UInt8) -> [UInt8]? {
        guard let kind = rest.popFirst() else { return nil }
        switch Unicode.Scalar(kind) {
        case "a": return [0x07]
        case "b": return [0x08]
        case "f": return [0x0c]
        case "n": return [0x0a]
        case "r": return [0x0d]
        case "t": return [0x09]
        case "v": return [0x0b]
        case "\\": return [kind]
        case "'", "\"": return kind == quote ? [kind] : nil
        case "x": return readNumber(&rest, digits: 2, radix: 16).map { [UInt8(truncatingIfNeeded: $0)] }
        case "u": return readNumber(&rest, digits: 4, radix: 16).flatMap(encoded)
        case "U": return readNumber(&rest, digits: 8, radix: 16).flatMap(encoded)
        case "0"..."7":
            guard let low = readNumber(&rest, digits: 2, radix: 8) else { return nil }
            return UInt8(exactly: UInt32(kind - UInt8(ascii: "0")) << 6 | low).map { [$0] }
        default: return nil
        }
    }

    private static func readNumber(_ rest: inout ArraySlice<UInt8>, digits: Int, radix: Int) -> UInt32? {
        guard rest.count >= digits else { return nil }
        let text = String(decoding: rest.prefix(digits), as: UTF8.self)
        rest.removeFirst(digits)
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt32(text, radix: radix)
    }

    private static func encoded(_ value: UInt32) -> [UInt8]? {
        Unicode.Scalar(value).map { Array(String($0).utf8) }
    }
}

extension Unicode.Scalar {
    /// Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
    var isPrintable: Bool {
        if isASCII { return (0x20...0x7e).contains(value) }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            false
        default: true
        }
    }

    /// Go's `%#U`: `U+002B '+'`.
    var shownWithCode: String {
        let code = "U+" + GoString.hexadecimal(value, digits: 4, uppercase: true)
        return isPrintable ? "\(code) '\(self)'" : code
    }
}
