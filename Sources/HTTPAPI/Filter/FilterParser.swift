/// Reads Consul's filter language (go-bexpr) from left to right, each octet a few times at most.
///
///     or      = and *( "or" and )
///     and     = unary *( "and" unary )
///     unary   = "not" unary / "(" or ")" / match
///     match   = selector ( "==" / "!=" / [ "not" ] ( "contains" / "matches" ) ) value
///             / selector "is" [ "not" ] "empty"
///             / value [ "not" ] "in" selector
struct FilterParser {
    static let maximumLength = 8192
    static let maximumDepth = 64

    private let octets: [UInt8]
    private var position = 0
    private var depth = 0
    private var steps = 0

    private init(_ text: String) { octets = Array(text.utf8) }

    /// - Throws: ``FilterError`` with the place.
    static func parse(_ text: String) throws(FilterError) -> FilterExpression {
        var steps = 0
        return try parse(text, steps: &steps)
    }

    /// - Parameter steps: how often an octet was looked at, also where that led to an error.
    static func parse(_ text: String, steps: inout Int) throws(FilterError) -> FilterExpression {
        guard text.utf8.count <= maximumLength else {
            throw FilterError("it is longer than \(maximumLength) octets")
        }
        var parser = FilterParser(text)
        defer { steps = parser.steps }
        let expression = try parser.or()
        parser.skipSpace()
        guard parser.peek() == nil else { throw parser.failure(#""and", "or" or the end must stand here"#) }
        return expression
    }

    // MARK: Expressions

    private mutating func or() throws(FilterError) -> FilterExpression {
        var parts = [try and()]
        while takeWord("or") { parts.append(try and()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func and() throws(FilterError) -> FilterExpression {
        var parts = [try unary()]
        while takeWord("and") { parts.append(try unary()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func unary() throws(FilterError) -> FilterExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("it is nested more than \(Self.maximumDepth) deep") }
        if takeWord("not") { return .not(try unary()) }
        guard take("(") else { return .match(try match()) }
        let expression = try or()
        guard take(")") else { throw failure(#""and", "or" or ")" must stand here"#) }
        return expression
    }

    private mutating func match() throws(FilterError) -> FilterMatch {
        skipSpace()
        let start = position
        let left = try operand()
        if take("==") { return try comparison(of: left, from: start, .equal) }
        if take("!=") { return try comparison(of: left, from: start, .equal, isNegated: true) }
        if takeWord("is") {
            let isNegated = takeWord("not")
            guard takeWord("empty") else { throw failure(#""empty" must stand here"#) }
            return FilterMatch(
                selector: try selector(left, from: start), operation: .empty, isNegated: isNegated, value: "")
        }
        let isNegated = takeWord("not")
        if takeWord("contains") { return try comparison(of: left, from: start, .contain, isNegated: isNegated) }
        if takeWord("matches") { return try comparison(of: left, from: start, .match, isNegated: isNegated) }
        guard takeWord("in") else {
            throw failure(#""==", "!=", "in", "contains", "matches" or "is empty" must stand here"#)
        }
        skipSpace()
        let place = position
        let selector = try selector(try operand(), from: place)
        return FilterMatch(selector: selector, operation: .contain, isNegated: isNegated, value: left.text)
    }

    private mutating func comparison(
        of left: Operand, from start: Int, _ operation: FilterMatch.Operation, isNegated: Bool = false
    ) throws(FilterError) -> FilterMatch {
        let selector = try selector(left, from: start)
        skipSpace()
        return FilterMatch(selector: selector, operation: operation, isNegated: isNegated, value: try operand().text)
    }

    // MARK: Operands

    private enum Operand {
        case selector([String])
        case literal(String)

        /// As a value: a bare word needs no quotation marks.
        var text: String {
            switch self {
            case .selector(let parts): parts.joined(separator: ".")
            case .literal(let text): text
            }
        }
    }

    private func selector(_ operand: Operand, from start: Int) throws(FilterError) -> [String] {
        guard case .selector(let parts) = operand else { throw failure("a selector must stand here", at: start) }
        return parts
    }

    /// At its first octet.
    private mutating func operand() throws(FilterError) -> Operand {
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "`"): return .literal(try string())
        case let octet? where octet == UInt8(ascii: "-") || Self.isDigit(octet): return .literal(try number())
        case let octet? where Self.isLetter(octet): return .selector(try selectorParts())
        default: throw failure("a selector, a number or a quoted string must stand here")
        }
    }

    private mutating func selectorParts() throws(FilterError) -> [String] {
        var parts = [word()]
        while true {
            if peek() == UInt8(ascii: ".") {
                advance()
                guard let octet = peek(), Self.isLetter(octet) else { throw failure("a letter must stand here") }
                parts.append(word())
            } else if peek() == UInt8(ascii: "[") {
                advance()
                skipSpace()
                guard let octet = peek(), octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "`") else {
                    throw failure("a quoted string must stand here")
                }
                parts.append(try string())
                guard take("]") else { throw failure(#""]" must stand here"#) }
            } else {
                return parts
            }
        }
    }

    private mutating func word() -> String {
        let start = position
        while let octet = peek(), Self.isWordPart(octet) { advance() }
        return String(decoding: octets[start..<position], as: UTF8.self)
    }

    private mutating func number() throws(FilterError) -> String {
        let start = position
        if peek() == UInt8(ascii: "-") { advance() }
        let digits = position
        skipDigits()
        guard position > digits else { throw failure("a digit must stand here") }
        guard position == digits + 1 || octets[digits] != UInt8(ascii: "0") else {
            throw failure("a number cannot begin with 0", at: digits)
        }
        if peek() == UInt8(ascii: ".") {
            advance()
            let fraction = position
            skipDigits()
            guard position > fraction else { throw failure("a digit must stand here") }
        }
        switch peek() {
        case nil, UInt8(ascii: ")"): break
        case let octet? where Self.isSpace(octet): break
        default: throw failure("this is no number; addresses and the like need quotation marks")
        }
        return String(decoding: octets[start..<position], as: UTF8.self)
    }

    private mutating func skipDigits() {
        while let octet = peek(), Self.isDigit(octet) { advance() }
    }

    /// `"..."` with backslash escapes, or `` `...` `` as it stands.
    private mutating func string() throws(FilterError) -> String {
        let start = position
        let quote = peek()
        advance()
        var text: [UInt8] = []
        while let octet = peek() {
            advance()
            if octet == quote { return String(decoding: text, as: UTF8.self) }
            guard octet == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") else {
                text.append(octet)
                continue
            }
            switch peek() {
            case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
            case let escaped? where escaped == UInt8(ascii: "\\") || escaped == quote: text.append(escaped)
            default: throw failure(#"after a backslash must stand n, t, r, \ or ""#)
            }
            advance()
        }
        throw failure("the string that begins here does not end", at: start)
    }

    // MARK: Octets

    private mutating func peek() -> UInt8? {
        steps += 1
        return position < octets.count ? octets[position] : nil
    }

    private mutating func advance() { position += 1 }

    private mutating func skipSpace() {
        while let octet = peek(), Self.isSpace(octet) { advance() }
    }

    /// Takes signs, after any white space.
    private mutating func take(_ signs: StaticString) -> Bool {
        skipSpace()
        let wanted = signs.description.utf8
        steps += wanted.count
        guard octets[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// Takes a word that ends here, after any white space.
    private mutating func takeWord(_ word: StaticString) -> Bool {
        skipSpace()
        let start = position
        guard take(word) else { return false }
        if let octet = peek(), Self.isWordPart(octet) || octet == UInt8(ascii: ".") || octet == UInt8(ascii: "[") {
            position = start
            return false
        }
        return true
    }

    private func failure(_ reason: String, at place: Int? = nil) -> FilterError {
        let place = place ?? position
        let before = octets[..<place]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = place - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
        return FilterError("\(line):\(column) (\(place)): \(reason)")
    }

    private static func isSpace(_ octet: UInt8) -> Bool {
        octet == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(octet)
    }

    private static func isLetter(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
    }

    private static func isWordPart(_ octet: UInt8) -> Bool {
        isLetter(octet) || isDigit(octet) || octet == UInt8(ascii: "_")
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) }
}
