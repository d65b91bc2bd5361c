/// What stands between the delimiters.
extension Lexer {
    mutating func nextInsideAction() -> Token? {
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
