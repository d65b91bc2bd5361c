extension Formatter {
    /// An integer.
    ///
    /// - Returns: whether the verb is one for integers.
    mutating func format(
        magnitude: UInt64, isNegative: Bool, isSigned: Bool, verb: Unicode.Scalar
    ) throws(FunctionError) -> Bool {
        let scalar = Unicode.Scalar(UInt32(exactly: magnitude) ?? .max)
        let character = isNegative ? "\u{fffd}" : scalar ?? "\u{fffd}"
        switch verb {
        case "v" where flags.sharpV && !isSigned:
            let sharp = flags.sharp
            flags.sharp = true
            try writeInteger(magnitude, isNegative: false, base: 16, verb: verb)
            flags.sharp = sharp
        case "v", "d": try writeInteger(magnitude, isNegative: isNegative, base: 10, verb: verb)
        case "b": try writeInteger(magnitude, isNegative: isNegative, base: 2, verb: verb)
        case "o", "O": try writeInteger(magnitude, isNegative: isNegative, base: 8, verb: verb)
        case "x", "X": try writeInteger(magnitude, isNegative: isNegative, base: 16, verb: verb)
        case "c": try pad(GoString(String(character)))
        case "q": try pad(GoString(GoString(String(character)).quoted(by: "'", ascii: flags.plus)))
        case "U":
            let digits = max(4, flags.precision ?? 4)
            let code = String(isNegative ? 0 &- magnitude : magnitude, radix: 16, uppercase: true)
            let zeros = String(repeating: "0", count: max(0, digits - code.utf8.count))
            let shown = flags.sharp && character.isPrintable ? " '\(character)'" : ""
            try padWithBlanks(GoString("U+\(zeros)\(code)\(shown)"))
        default: return false
        }
        return true
    }

    private mutating func writeInteger(
        _ magnitude: UInt64, isNegative: Bool, base: Int, verb: Unicode.Scalar
    ) throws(FunctionError) {
        if flags.precision == 0, magnitude == 0 {
            // Nothing but padding.
            return try padWithBlanks("")
        }
        var least = flags.precision ?? 0
        if flags.precision == nil, flags.zero, !flags.minus, let width = flags.width {
            least = width - (isNegative || flags.plus || flags.space ? 1 : 0)
        }
        var text = String(magnitude, radix: base, uppercase: verb == "X")
        if text.utf8.count < least { text = String(repeating: "0", count: least - text.utf8.count) + text }
        if flags.sharp {
            switch base {
            case 2: text = "0b" + text
            case 8 where !text.hasPrefix("0"): text = "0" + text
            case 16: text = (verb == "X" ? "0X" : "0x") + text
            default: break
            }
        }
        if verb == "O" { text = "0o" + text }
        text = (isNegative ? "-" : flags.plus ? "+" : flags.space ? " " : "") + text
        try padWithBlanks(GoString(text))
    }

    /// A floating-point number.
    ///
    /// - Returns: whether the verb is one for them.
    mutating func format(_ number: Double, verb: Unicode.Scalar) throws(FunctionError) -> Bool {
        let form: FloatForm
        var precision = flags.precision
        switch verb {
        case "v", "g": form = .shortest(uppercase: false)
        case "G": form = .shortest(uppercase: true)
        case "e", "E":
            form = .exponent(uppercase: verb == "E")
            precision = precision ?? 6
        case "f", "F":
            form = .plain
            precision = precision ?? 6
        default: return false
        }
        guard number.isFinite else {
            let sign = number.sign == .minus ? "-" : flags.plus || !number.isNaN ? "+" : flags.space ? " " : ""
            let isPlusShown = flags.plus || sign != "+"
            try padWithBlanks(GoString((isPlusShown ? sign : "") + (number.isNaN ? "NaN" : "Inf")))
            return true
        }
        var text = form.text(of: number.magnitude, precision: precision)
        let sign = number.sign == .minus ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        if flags.zero, !flags.minus, let width = flags.width, !sign.isEmpty {
            // The sign goes before the zeros.
            let zeros = max(0, width - text.utf8.count - 1)
            text = String(repeating: "0", count: zeros) + text
        }
        try pad(GoString(sign + text))
        return true
    }

    mutating func format(_ number: Complex, verb: Unicode.Scalar) throws(FunctionError) {
        let plus = flags.plus
        try write("(")
        _ = try format(number.real, verb: verb)
        flags.plus = true
        _ = try format(number.imaginary, verb: verb)
        try write("i)")
        flags.plus = plus
    }
}
