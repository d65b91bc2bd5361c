// What stands for one character: escapes and classes.

extension PatternParser {
    /// What stands behind a backslash.
    mutating func escape() throws(PatternError) -> PatternNode {
        switch peek() {
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        case "A": return assertion(.start)
        case "z": return assertion(.end)
        case "Q":
            position += 1
            return try quotation()
        default:
            if let set = namedSet() { return .scalar(set) }
            return .scalar(literal(try escapedScalar()))
        }
    }

    private mutating func assertion(_ assertion: Pattern.Assertion) -> PatternNode {
        position += 1
        return .assert(assertion)
    }

    /// `\Q...\E`: every character stands for itself.
    private mutating func quotation() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = peek() {
            position += 1
            if scalar == "\\", take("E") { break }
            nodes.append(.scalar(literal(scalar)))
        }
        return .sequence(nodes)
    }

    /// `\d` and the like.
    private mutating func namedSet() -> ScalarSet? {
        let set: ScalarSet? =
            switch peek() {
            case "d": .digit
            case "D": .digit.negated
            case "s": .space
            case "S": .space.negated
            case "w": .word
            case "W": .word.negated
            default: nil
            }
        if set != nil { position += 1 }
        return set
    }

    private mutating func escapedScalar() throws(PatternError) -> Unicode.Scalar {
        let scalar = try next(orElse: "trailing backslash at end of expression")
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "f": return "\u{c}"
        case "v": return "\u{b}"
        case "a": return "\u{7}"
        case "x": return try hexadecimal()
        default:
            guard scalar.isASCII, !ScalarSet.word.contains(scalar) else {
                throw PatternError("invalid escape sequence: `\\\(scalar)`")
            }
            return scalar
        }
    }

    /// `41` or `{1f600}`.
    private mutating func hexadecimal() throws(PatternError) -> Unicode.Scalar {
        var digits = ""
        if take("{") {
            while let scalar = peek(), scalar != "}", digits.count < 8 {
                digits.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw PatternError("invalid escape sequence: `\\x{`") }
        } else {
            for _ in 0..<2 { digits.unicodeScalars.append(try next(orElse: "invalid escape sequence: `\\x`")) }
        }
        guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw PatternError("invalid escape sequence: `\\x`")
        }
        return scalar
    }

    /// What stands between brackets.
    mutating func characterClass() throws(PatternError) -> ScalarSet {
        let start = position - 1
        var set = ScalarSet()
        let isNegated = take("^")
        var isFirst = true
        while isFirst || peek() != "]" {
            isFirst = false
            guard peek() != nil else { throw PatternError("missing closing ]: `\(text(from: start))`") }
            if let named = posixSet() {
                set.formUnion(named)
                continue
            }
            if peek() == "\\" {
                position += 1
                if let named = namedSet() {
                    set.formUnion(named)
                    continue
                }
                position -= 1
            }
            set.formUnion(ScalarSet([try range()]))
        }
        position += 1
        set.ignoresCase = flags.ignoresCase
        set.isNegated = isNegated
        return set
    }

    /// `a` or `a-z`.
    private mutating func range() throws(PatternError) -> ClosedRange<Unicode.Scalar> {
        let start = position
        let lower = try classScalar()
        guard peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return lower...lower }
        position += 1
        let upper = try classScalar()
        guard lower <= upper else { throw PatternError("invalid character class range: `\(text(from: start))`") }
        return lower...upper
    }

    private mutating func classScalar() throws(PatternError) -> Unicode.Scalar {
        take("\\") ? try escapedScalar() : try next(orElse: "missing closing ]")
    }

    /// `[:alpha:]` and the like.
    private mutating func posixSet() -> ScalarSet? {
        guard peek() == "[", position + 1 < scalars.count, scalars[position + 1] == ":" else { return nil }
        for (name, set) in Self.posixSets {
            let text = Array("[:\(name):]".unicodeScalars)
            guard scalars[position...].starts(with: text) else { continue }
            position += text.count
            return set
        }
        return nil
    }

    private static let posixSets: [(String, ScalarSet)] = [
        ("alnum", ScalarSet(["0"..."9", "A"..."Z", "a"..."z"])), ("alpha", ScalarSet(["A"..."Z", "a"..."z"])),
        ("digit", .digit), ("lower", ScalarSet(["a"..."z"])), ("upper", ScalarSet(["A"..."Z"])),
        ("punct", ScalarSet(["!"..."/", ":"..."@", "["..."`", "{"..."~"])),
        ("space", ScalarSet(["\t"..."\r", " "..." "])),
        ("word", .word), ("xdigit", ScalarSet(["0"..."9", "A"..."F", "a"..."f"])),
    ]
}
