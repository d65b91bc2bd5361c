extension Formatter {
    /// - Returns: whether the verb is one for strings.
    mutating func format(_ text: GoString, verb: Unicode.Scalar) throws(FunctionError) -> Bool {
        switch verb {
        case "v" where flags.sharpV, "q": try quote(text)
        case "v", "s": try pad(truncated(text))
        case "x", "X": try writeHexadecimal(text, uppercase: verb == "X")
        default: return false
        }
        return true
    }

    private func truncated(_ text: GoString) -> GoString { flags.precision.map { text.prefix(runes: $0) } ?? text }

    private mutating func quote(_ text: GoString) throws(FunctionError) {
        let text = truncated(text)
        if flags.sharp, text.canBeRaw {
            try pad(GoString("`\(text)`"))
        } else {
            try pad(GoString(text.quoted(by: "\"", ascii: flags.plus)))
        }
    }

    private mutating func writeHexadecimal(_ text: GoString, uppercase: Bool) throws(FunctionError) {
        let octets = text.octets.prefix(flags.precision ?? .max)
        let prefix = flags.sharp ? (uppercase ? "0X" : "0x") : ""
        var result = ""
        for (index, octet) in octets.enumerated() {
            if flags.space, index > 0 { result += " " }
            if index == 0 || flags.space { result += prefix }
            result += GoString.hexadecimal(UInt32(octet), digits: 2, uppercase: uppercase)
        }
        try pad(GoString(result))
    }
}
