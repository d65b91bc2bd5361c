/// Reads Go's regular expressions: all that RE2 has but Unicode's classes (`\p`).
struct PatternParser {
    private static let maximumDepth = 64
    /// As in Go.
    private static let maximumCount = 1000

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewline = false
        /// Repetitions are lazy, and with a question mark they are not.
        var isLazy = false
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    private var depth = 0
    private(set) var flags = Flags()
    private var groupCount = 0

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// - Returns: the tree, and how many groups are in it.
    static func parse(_ text: String) throws(PatternError) -> (node: PatternNode, groupCount: Int) {
        var parser = PatternParser(text)
        let node = try parser.alternatives()
        guard parser.peek() == nil else { throw PatternError("unexpected ): `\(text.prefix(80))`") }
        return (node, parser.groupCount)
    }

    func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    mutating func next(orElse reason: String) throws(PatternError) -> Unicode.Scalar {
        guard let scalar = peek() else { throw PatternError(reason) }
        position += 1
        return scalar
    }

    // MARK: Structure

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw PatternError("expression nests too deeply") }
        var nodes = [try sequence()]
        while take("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = peek(), scalar != "|", scalar != ")" {
            guard let atom = try atom() else { continue }
            nodes.append(try repeated(atom))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func repeated(_ atom: PatternNode) throws(PatternError) -> PatternNode {
        let start = position
        guard let (minimum, maximum) = try count() else { return atom }
        let isLazy = take("?") != flags.isLazy
        if try count() != nil {
            throw PatternError("invalid nested repetition operator: `\(text(from: start))`")
        }
        return .repetition(atom, minimum: minimum, maximum: maximum, isLazy: isLazy)
    }

    /// `*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`; other braces stand for themselves.
    private mutating func count() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = position
        guard take("{"), let minimum = number() else {
            position = start
            return nil
        }
        var maximum: Int? = minimum
        if take(",") { maximum = number() }
        guard take("}") else {
            position = start
            return nil
        }
        guard minimum <= Self.maximumCount, maximum ?? minimum <= Self.maximumCount, maximum ?? minimum >= minimum
        else {
            throw PatternError("invalid repeat count: `\(text(from: start))`")
        }
        return (minimum, maximum)
    }

    /// Any number of digits; what is too large for Go is too large here, however large it is.
    private mutating func number() -> Int? {
        var value: Int?
        while let digit = peek(), ScalarSet.digit.contains(digit) {
            value = min((value ?? 0) * 10 + Int(digit.value - 0x30), Self.maximumCount + 1)
            position += 1
        }
        return value
    }

    /// - Returns: `nil` for what only sets flags.
    private mutating func atom() throws(PatternError) -> PatternNode? {
        let scalar = try next(orElse: "missing argument")
        switch scalar {
        case "(": return try group()
        case "[": return .scalar(try characterClass())
        case "\\": return try escape()
        case ".": return .scalar(flags.dotTakesNewline ? ScalarSet().negated : ScalarSet.newline.negated)
        case "^": return .assert(flags.isMultiline ? .lineStart : .start)
        case "$": return .assert(flags.isMultiline ? .lineEnd : .end)
        case "*", "+", "?":
            throw PatternError("missing argument to repetition operator: `\(scalar)`")
        default: return .scalar(literal(scalar))
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> ScalarSet {
        var set = ScalarSet([scalar...scalar])
        set.ignoresCase = flags.ignoresCase
        return set
    }

    private mutating func group() throws(PatternError) -> PatternNode? {
        let start = position - 1
        let outer = flags
        var number: Int?
        switch take("?") ? try groupHead(from: start) : .numbered {
        case .onlyFlags: return nil
        case .plain: break
        case .numbered:
            groupCount += 1
            number = groupCount
        }
        let node = try alternatives()
        guard take(")") else { throw PatternError("missing closing ): `\(text(from: start))`") }
        flags = outer
        return number.map { .group($0, node) } ?? node
    }

    private enum GroupKind {
        /// Sets flags for what follows.
        case onlyFlags
        case plain
        case numbered
    }

    /// What stands between `(?` and the group's expression: a name, or flags.
    private mutating func groupHead(from start: Int) throws(PatternError) -> GroupKind {
        let failure = PatternError("invalid or unsupported Perl syntax: `\(text(from: start))`")
        if take("P") || peek() == "<" {
            guard take("<") else { throw failure }
            while let scalar = peek(), ScalarSet.word.contains(scalar) { position += 1 }
            guard take(">") else { throw failure }
            return .numbered
        }
        var isOn = true
        while let scalar = peek() {
            position += 1
            switch scalar {
            case ":": return .plain
            case ")": return .onlyFlags
            case "-": isOn = false
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotTakesNewline = isOn
            case "U": flags.isLazy = isOn
            default: throw failure
            }
        }
        throw failure
    }

    /// For messages, where an expression may be long.
    func text(from start: Int) -> String {
        String(String.UnicodeScalarView(scalars[start..<min(scalars.count, start + 80)]))
    }
}
