/// Cuts a template into tokens, on demand.
struct Lexer {
    let source: [UInt8]
    private let leftDelimiter: [UInt8]
    let rightDelimiter: [UInt8]
    var position = 0
    /// Where the token being read starts.
    var start = 0
    var line = 1
    private var startLine = 1
    var isInsideAction = false
    var parenthesisDepth = 0

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
    var current: Rune? { position < source.count ? Rune.decode(source, at: position) : nil }

    @discardableResult
    mutating func advance() -> Unicode.Scalar? {
        guard let rune = current else { return nil }
        position += rune.width
        if rune.scalar == "\n" { line += 1 }
        return rune.scalar
    }

    func isAt(_ text: [UInt8], offset: Int = 0) -> Bool {
        source[min(position + offset, source.count)...].starts(with: text)
    }

    static func isSpace(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x09 || octet == 0x0d || octet == 0x0a
    }

    static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    /// Takes the octets since `start` as a token.
    mutating func emit(_ kind: Token.Kind) -> Token {
        let token = Token(kind: kind, range: start..<position, line: startLine)
        ignore()
        return token
    }

    mutating func ignore() {
        start = position
        startLine = line
    }

    mutating func skip(to end: Int) {
        line += source[position..<end].count { $0 == 0x0a }
        position = end
    }

    func failure(_ message: String) -> Token {
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
    var rightDelimiterTrims: Bool? {
        if position + 1 < source.count, Self.isSpace(source[position]), source[position + 1] == UInt8(ascii: "-"),
            isAt(rightDelimiter, offset: 2)
        {
            return true
        }
        return isAt(rightDelimiter) ? false : nil
    }

    mutating func skipSpace() {
        var end = position
        while end < source.count, Self.isSpace(source[end]) { end += 1 }
        skip(to: end)
    }
}
