/// Cuts a template into tokens, on demand.
struct Lexer {
    let source: [UInt8]
    private let leftDelimiter: [UInt8]
    private let rightDelimiter: [UInt8]
    private var position = 0
    /// Where the token being read starts.
    private var start = 0
    private var line = 1
    private var startLine = 1
    private var isInsideAction = false
    private var parenthesisDepth = 0

    init(_ source: [UInt8], delimiters: Template.Delimiters) {
        self.source = source
        leftDelimiter = Array(delimiters.left.utf8)
        rightDelimiter = Array(delimiters.right.utf8)
    }

    /// The next token. After an error there is none worth asking for.
    mutating func next() -> Token {
        while true {
            if let token = isInsideAction ? nextInsideAction() : nextOutside() { return token }
        }
    }

    // MARK: Reading octets

    /// The character at the position; `nil` at the end.
    private var current: Rune? { position < source.count ? Rune.decode(source, at: position) : nil }

    @discardableResult
    private mutating func advance() -> Unicode.Scalar? {
        guard let rune = current else { return nil }
        position += rune.width
        if rune.scalar == "\n" { line += 1 }
        return rune.scalar
    }

    private func isAt(_ text: [UInt8], offset: Int = 0) -> Bool {
        source[min(position + offset, source.count)...].starts(with: text)
    }

    private static func isSpace(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x09 || octet == 0x0d || octet == 0x0a
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    /// Takes the octets since `start` as a token.
    private mutating func emit(_ kind: Token.Kind) -> Token {
        let token = Token(kind: kind, range: start..<position, line: startLine)
        ignore()
        return token
    }

    private mutating func ignore() {
        start = position
        startLine = line
    }

    private mutating func skip(to end: Int) {
        line += source[position..<end].count { $0 == 0x0a }
        position = end
    }

    private func failure(_ message: String) -> Token {
        Token(kind: .error(message), range: start..<start, line: startLine)
    }

    // MARK: Outside an action

    private mutating func nextOutside() -> Token? {
        let left = firstIndex(of: leftDelimiter, from: position) ?? source.count
        if left > position {
            var end = left
            if hasLeftTrimMarker(at: left + leftDelimiter.count) {
                while end > position, Self.isSpace(source[end - 1]) { end -= 1 }
            }
            skip(to: end)
            let token = emit(.text)
            skip(to: left)
            ignore()
            return token.range.isEmpty ? nil : token
        }
        guard left < source.count else { return emit(.endOfFile) }
        return enterAction()
    }

    /// - Returns: `nil` after a comment.
    private mutating func enterAction() -> Token? {
        position += leftDelimiter.count
        let marker = hasLeftTrimMarker(at: position) ? 2 : 0
        if isAt(Array("/*".utf8), offset: marker) {
            skip(to: position + marker)
            ignore()
            return skipComment()
        }
        isInsideAction = true
        parenthesisDepth = 0
        let token = emit(.leftDelimiter)
        skip(to: position + marker)
        ignore()
        return token
    }

    private mutating func skipComment() -> Token? {
        guard let end = firstIndex(of: Array("*/".utf8), from: position + 2) else { return failure("unclosed comment") }
        skip(to: end + 2)
        guard let trims = rightDelimiterTrims else { return failure("comment ends before closing delimiter") }
        skip(to: position + (trims ? 2 : 0) + rightDelimiter.count)
        if trims { skipSpace() }
        ignore()
        return nil
    }

    private func firstIndex(of pattern: [UInt8], from index: Int) -> Int? {
        guard let first = pattern.first, index <= source.count else { return nil }
        var index = index
        while let candidate = source[index...].firstIndex(of: first) {
            if source[candidate...].starts(with: pattern) { return candidate }
            index = candidate + 1
        }
        return nil
    }

    private func hasLeftTrimMarker(at index: Int) -> Bool {
        index + 1 < source.count && source[index] == UInt8(ascii: "-") && Self.isSpace(source[index + 1])
    }

    /// Whether the right delimiter stands here, and if it does, whether a trim marker goes before it.
    private var rightDelimiterTrims: Bool? {
        if position + 1 < source.count, Self.isSpace(source[position]), source[position + 1] == UInt8(ascii: "-"),
            isAt(rightDelimiter, offset: 2)
        {
            return true
        }
        return isAt(rightDelimiter) ? false : nil
    }

    private mutating func skipSpace() {
        var end = position
        while end < source.count, Self.isSpace(source[end]) { end += 1 }
        skip(to: end)
    }

    // MARK: Inside an action

    private mutating func nextInsideAction() -> Token? {
        if let trims = rightDelimiterTrims {
            return parenthesisDepth <= 0 ? closeAction(trims: trims) : failure("unclosed left paren")
        }
        guard let scalar = current?.scalar else { return failure("unclosed action") }
        switch scalar {
        case " ", "\t", "\r", "\n": return space()
        case "\"": return quoted(by: "\"", .string, unterminated: "unterminated quoted string")
        case "'": return quoted(by: "'", .characterConstant, unterminated: "unterminated character constant")
        case "`": return rawString()
        case "$": return name(.variable)
        case ".":
            let next = position + 1 < source.count ? source[position + 1] : nil
            let isNumber = next.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
            return isNumber ? number() : name(.field)
        case "+", "-", "0"..."9": return number()
        case _ where Self.isAlphanumeric(scalar): return identifier()
        default: return punctuation(scalar)
        }
    }

    private mutating func closeAction(trims: Bool) -> Token {
        skip(to: position + (trims ? 2 : 0))
        ignore()
        skip(to: position + rightDelimiter.count)
        let token = emit(.rightDelimiter)
        if trims { skipSpace() }
        ignore()
        isInsideAction = false
        return token
    }

    private mutating func punctuation(_ scalar: Unicode.Scalar) -> Token {
        advance()
        switch scalar {
        case "=": return emit(.assign)
        case "|": return emit(.pipe)
        case ":":
            guard advance() == "=" else { return failure("expected :=") }
            return emit(.declare)
        case "(":
            parenthesisDepth += 1
            return emit(.leftParenthesis)
        case ")":
            parenthesisDepth -= 1
            return emit(.rightParenthesis)
        case "!"..."~": return emit(.character)
        default: return failure("unrecognized character in action: \(scalar.shownWithCode)")
        }
    }

    /// A run of white space, short of a blank that belongs to a closing trim marker.
    private mutating func space() -> Token? {
        repeat { advance() } while position < source.count && Self.isSpace(source[position])
        position -= 1
        let isNewline = source[position] == 0x0a
        if rightDelimiterTrims == true {
            line -= isNewline ? 1 : 0
            return position > start ? emit(.space) : nil
        }
        position += 1
        return emit(.space)
    }

    private mutating func quoted(by quote: Unicode.Scalar, _ kind: Token.Kind, unterminated: String) -> Token {
        advance()
        while true {
            switch advance() {
            case quote: return emit(kind)
            case "\\":
                let escaped = advance()
                if escaped == nil || escaped == "\n" { return failure(unterminated) }
            case nil, "\n": return failure(unterminated)
            default: break
            }
        }
    }

    private mutating func rawString() -> Token {
        guard let end = source[(position + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
            return failure("unterminated raw quoted string")
        }
        skip(to: end + 1)
        return emit(.rawString)
    }

    /// `.`, `.Name`, `$` or `$name`.
    private mutating func name(_ kind: Token.Kind) -> Token {
        advance()
        if isAtTerminator { return emit(kind == .field ? .keyword(.dot) : kind) }
        while let scalar = current?.scalar, Self.isAlphanumeric(scalar) { advance() }
        return isAtTerminator ? emit(kind) : badCharacter
    }

    private mutating func identifier() -> Token {
        while let scalar = current?.scalar, Self.isAlphanumeric(scalar) { advance() }
        guard isAtTerminator else { return badCharacter }
        let word = String(decoding: source[start..<position], as: UTF8.self)
        if let keyword = Token.Keyword(rawValue: word) { return emit(.keyword(keyword)) }
        return emit(word == "true" || word == "false" ? .bool : .identifier)
    }

    private var badCharacter: Token { failure("bad character \(current?.scalar.shownWithCode ?? "at the end")") }

    /// Whether a name may end here.
    private var isAtTerminator: Bool {
        guard position < source.count else { return true }
        let octet = source[position]
        return Self.isSpace(octet) || ".,|:()".utf8.contains(octet) || octet == rightDelimiter.first
    }

    private mutating func number() -> Token {
        guard scanNumber() else { return badNumber }
        guard position < source.count, "+-".utf8.contains(source[position]) else { return emit(.number) }
        guard scanNumber(), source[position - 1] == UInt8(ascii: "i") else { return badNumber }
        return emit(.complexNumber)
    }

    private var badNumber: Token {
        failure("bad number syntax: \(GoString(octets: Array(source[start..<position])).quoted)")
    }

    private mutating func scanNumber() -> Bool {
        accept("+-")
        var digits = "0123456789_"
        var exponent = "eE"
        if accept("0") {
            if accept("xX") {
                (digits, exponent) = ("0123456789abcdefABCDEF_", "pP")
            } else if accept("oO") {
                (digits, exponent) = ("01234567_", "")
            } else if accept("bB") {
                (digits, exponent) = ("01_", "")
            }
        }
        while accept(digits) {}
        if accept(".") { while accept(digits) {} }
        if accept(exponent) {
            accept("+-")
            while accept("0123456789_") {}
        }
        accept("i")
        guard let scalar = current?.scalar, Self.isAlphanumeric(scalar) else { return true }
        advance()
        return false
    }

    @discardableResult
    private mutating func accept(_ characters: String) -> Bool {
        guard position < source.count, characters.utf8.contains(source[position]) else { return false }
        position += 1
        return true
    }
}
