/// A text with expressions in it, in as much of HashiCorp's language (HIL) as templates of prepared queries are written in.
///
///     ${name.full}  ${name.prefix}  ${name.suffix}   the name that was asked for, and its parts
///     ${match(1)}                                    a group of the template's regular expression; empty if it has none
///     ${agent.segment}                               always empty
///     ${"text"}                                      itself
///     $${                                            the two characters
struct TextTemplate {
    struct Values {
        var name: String
        var prefix: String
        var suffix: String
        /// The whole match, then each group; empty without a match.
        var groups: [String]
    }

    private enum Piece {
        case text(String)
        case name
        case prefix
        case suffix
        case group(Int)
    }

    private var pieces: [Piece] = []

    /// - Parameter path: what the text is, for messages.
    /// - Throws: ``QueryTemplateError``, in Consul's words.
    init(_ text: String, at path: String) throws(QueryTemplateError) {
        var rest = text.unicodeScalars[...]
        var literal = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "$", rest.first == "{" || rest.starts(with: "${".unicodeScalars) else {
                literal.append(scalar)
                continue
            }
            if rest.first == "$" {
                literal.append(contentsOf: "${".unicodeScalars)
                rest.removeFirst(2)
                continue
            }
            if !literal.isEmpty { pieces.append(.text(String(literal))) }
            literal = String.UnicodeScalarView()
            rest.removeFirst()
            guard let (tokens, after) = Token.read(rest) else {
                throw QueryTemplateError("Bad format '\(text.prefix(200))' in \(path): parse error: syntax error")
            }
            rest = after
            pieces.append(try Self.piece(tokens, of: text, at: path))
        }
        if !literal.isEmpty { pieces.append(.text(String(literal))) }
    }

    func text(with values: Values) -> String {
        pieces.reduce(into: "") { text, piece in
            switch piece {
            case .text(let literal): text += literal
            case .name: text += values.name
            case .prefix: text += values.prefix
            case .suffix: text += values.suffix
            case .group(let number): text += values.groups.indices.contains(number) ? values.groups[number] : ""
            }
        }
    }

    private static func piece(_ tokens: [Token], of text: String, at path: String) throws(QueryTemplateError) -> Piece {
        func failure(_ reason: String) -> QueryTemplateError {
            QueryTemplateError("Bad evaluation for '\(text.prefix(200))' in \(path): \(reason)")
        }
        let syntaxError = QueryTemplateError("Bad format '\(text.prefix(200))' in \(path): parse error: syntax error")
        switch (tokens.count, tokens[0]) {
        case (1, .quotation(let text)), (1, .number(let text)): return .text(text)
        case (1, .word("name.full")): return .name
        case (1, .word("name.prefix")): return .prefix
        case (1, .word("name.suffix")): return .suffix
        case (1, .word("agent.segment")): return .text("")
        case (1, .word(let word)): throw failure("unknown variable accessed: \(word)")
        case (3..., .word(let word)) where tokens[1] == .open && tokens.last == .close:
            guard word == "match" else { throw failure("unknown function called: \(word)") }
            guard tokens.count == 4 else { throw failure("match: expected 1 arguments, got \(tokens.count - 3)") }
            switch tokens[2] {
            case .number(let digits), .quotation(let digits):
                guard let number = Int(digits) else {
                    throw failure("match: '\(digits.prefix(80))' is not a whole number")
                }
                return .group(number)
            default: throw syntaxError
            }
        default: throw syntaxError
        }
    }
}

/// What an expression is made of.
private enum Token: Equatable {
    case word(String)
    /// A whole number, also a negative one.
    case number(String)
    case quotation(String)
    case open
    case close

    /// Reads an expression up to its closing brace.
    ///
    /// - Returns: `nil` if it has none, or what cannot stand in one.
    static func read(_ text: Substring.UnicodeScalarView) -> (tokens: [Token], rest: Substring.UnicodeScalarView)? {
        var rest = text
        var tokens: [Token] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case " ", "\t": continue
            case "}": return tokens.isEmpty ? nil : (tokens, rest)
            case "(": tokens.append(.open)
            case ")": tokens.append(.close)
            case "\"":
                guard let end = rest.firstIndex(of: "\"") else { return nil }
                tokens.append(.quotation(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            case "-", "0"..."9":
                let digits = rest.prefix { ("0"..."9").contains($0) }
                rest.removeFirst(digits.count)
                tokens.append(.number("\(scalar)\(Substring(digits))"))
            case "a"..."z", "A"..."Z", "_":
                let letters = rest.prefix { isWord($0) }
                rest.removeFirst(letters.count)
                tokens.append(.word("\(scalar)\(Substring(letters))"))
            default: return nil
            }
        }
        return nil
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".": true
        default: false
        }
    }
}
