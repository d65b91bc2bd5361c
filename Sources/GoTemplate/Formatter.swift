/// Builds text by the rules of Go's fmt: one print call.
struct Formatter {
    /// What stands between `%` and the verb.
    struct Flags {
        var minus = false
        var plus = false
        var sharp = false
        var space = false
        var zero = false
        /// `%+v` and `%#v`, which are other things than plus and sharp.
        var plusV = false
        var sharpV = false
        /// In characters.
        var width: Int?
        var precision: Int?
    }

    /// No call makes more octets than this, whatever widths it asks for.
    static let maximumOctets = 64 << 20

    private(set) var output: [UInt8] = []
    var flags = Flags()

    /// Go's Sprint: a blank between two values of which neither is a string.
    static func print(_ values: [Value]) throws(FunctionError) -> GoString {
        var formatter = Formatter()
        var previousIsString = true
        for value in values {
            var isString = false
            if case .string = value { isString = true }
            if !isString, !previousIsString { try formatter.write(" ") }
            try formatter.format(value, verb: "v")
            previousIsString = isString
        }
        return GoString(octets: formatter.output)
    }

    /// Go's Sprintln: blanks between all values, a newline at the end.
    static func printLine(_ values: [Value]) throws(FunctionError) -> GoString {
        var formatter = Formatter()
        for (index, value) in values.enumerated() {
            if index > 0 { try formatter.write(" ") }
            try formatter.format(value, verb: "v")
        }
        try formatter.write("\n")
        return GoString(octets: formatter.output)
    }

    mutating func write(_ octets: some Collection<UInt8>) throws(FunctionError) {
        guard output.count + octets.count <= Self.maximumOctets else {
            throw FunctionError("the text is larger than \(Self.maximumOctets) octets")
        }
        output += octets
    }

    mutating func write(_ text: String) throws(FunctionError) { try write(text.utf8) }

    /// Writes `text` in the width asked for.
    mutating func pad(_ text: GoString) throws(FunctionError) {
        let padding = max(0, (flags.width ?? 0) - (flags.width == nil ? 0 : text.runeCount))
        if !flags.minus { try writePadding(padding) }
        try write(text.octets)
        if flags.minus { try writePadding(padding) }
    }

    mutating func writePadding(_ count: Int) throws(FunctionError) {
        guard count > 0 else { return }
        let padding = flags.zero && !flags.minus ? UInt8(ascii: "0") : UInt8(ascii: " ")
        try write([UInt8](repeating: padding, count: count))
    }

    /// Pads with blanks even where the zero flag is set.
    mutating func padWithBlanks(_ text: GoString) throws(FunctionError) {
        let zero = flags.zero
        flags.zero = false
        try pad(text)
        flags.zero = zero
    }
}
