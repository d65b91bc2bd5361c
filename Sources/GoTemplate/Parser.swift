/// Reads a template's tokens into trees: the file's own, and one for each `define` and `block` in it.
///
/// Follows Go's text/template/parse, so that what is refused there is refused here with the same words.
struct Parser {
    /// How deep actions and parentheses may nest.
    static let maximumDepth = 100

    private var lexer: Lexer
    private let name: String
    private let functions: FunctionTable
    /// The defined templates by name; the file's own under the file's name.
    private(set) var trees: [String: [Statement]] = [:]

    /// The newest token, then those that were put back.
    private var tokens: [Token]
    private var peekCount = 0
    private var depth = 0
    /// The variables that are declared here, with their dollar signs.
    var variables = ["$"]
    var rangeDepth = 0
    private var actionLine: Int?

    init(_ source: [UInt8], name: String, functions: FunctionTable, delimiters: Template.Delimiters) {
        lexer = Lexer(source, delimiters: delimiters)
        self.name = name
        self.functions = functions
        tokens = Array(repeating: Token(kind: .endOfFile, range: 0..<0, line: 1), count: 3)
    }

    /// What a list of statements ends with.
    enum Terminator {
        case end
        /// `else`, followed by `if` or `with` where one stands directly behind it.
        case `else`(then: Token.Keyword?)

        var text: String {
            switch self {
            case .end: "{{end}}"
            case .else: "{{else}}"
            }
        }
    }

    /// One step of a list of statements.
    enum Item {
        case statement(Statement)
        case terminator(Terminator)
    }

    mutating func parse() throws(TemplateError) {
        var root: [Statement] = []
        while peek().kind != .endOfFile {
            if peek().kind == .leftDelimiter {
                let delimiter = next()
                if nextAfterSpace().kind == .keyword(.define) {
                    try definition()
                    continue
                }
                putBack(before: delimiter)
            }
            switch try item() {
            case .statement(let statement): root.append(statement)
            case .terminator(let terminator): throw failure("unexpected \(terminator.text)")
            }
        }
        try add(root, as: name)
    }

    /// Statements up to an `end` or `else`.
    mutating func statements() throws(TemplateError) -> (body: [Statement], terminator: Terminator) {
        try enter()
        defer { leave() }
        var body: [Statement] = []
        while peekAfterSpace().kind != .endOfFile {
            switch try item() {
            case .statement(let statement): body.append(statement)
            case .terminator(let terminator): return (body, terminator)
            }
        }
        throw failure("unexpected EOF")
    }

    /// The body of a `define` or `block`, which sees nothing of what surrounds it.
    mutating func separateTree(named treeName: String, context: String) throws(TemplateError) {
        let outside = (variables, rangeDepth, actionLine)
        (variables, rangeDepth, actionLine) = (["$"], 0, nil)
        defer { (variables, rangeDepth, actionLine) = outside }
        let (body, terminator) = try statements()
        guard case .end = terminator else { throw failure("unexpected \(terminator.text) in \(context)") }
        try add(body, as: treeName)
    }

    private mutating func definition() throws(TemplateError) {
        let context = "define clause"
        let token = nextAfterSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        let name = try unquote(token).description
        try expect(.rightDelimiter, in: context)
        try separateTree(named: name, context: context)
    }

    /// A template may be defined again if only one of the definitions says anything.
    private mutating func add(_ body: [Statement], as name: String) throws(TemplateError) {
        guard let old = trees[name], !Self.isEmpty(old) else {
            trees[name] = body
            return
        }
        guard Self.isEmpty(body) else {
            throw failure("template: multiple definition of template \(GoString(name).quoted)")
        }
    }

    private static func isEmpty(_ body: [Statement]) -> Bool {
        body.allSatisfy { statement in
            guard case .text(let text) = statement else { return false }
            return text.octets.allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) }
        }
    }

    private mutating func item() throws(TemplateError) -> Item {
        let token = nextAfterSpace()
        switch token.kind {
        case .text:
            return .statement(.text(GoString(octets: Array(lexer.source[token.range]))))
        case .leftDelimiter:
            actionLine = token.line
            defer { actionLine = nil }
            return try action()
        default:
            throw unexpected(token, in: "input")
        }
    }
}

/// Tokens, with up to three put back.
extension Parser {
    mutating func next() -> Token {
        if peekCount > 0 {
            peekCount -= 1
        } else {
            tokens[0] = lexer.next()
        }
        return tokens[peekCount]
    }

    mutating func peek() -> Token {
        if peekCount == 0 {
            peekCount = 1
            tokens[0] = lexer.next()
        }
        return tokens[peekCount - 1]
    }

    mutating func nextAfterSpace() -> Token {
        var token = next()
        while token.kind == .space { token = next() }
        return token
    }

    mutating func peekAfterSpace() -> Token {
        let token = nextAfterSpace()
        putBack()
        return token
    }

    /// Puts the newest token back.
    mutating func putBack() { peekCount += 1 }

    /// Puts `token` and the newest one, which followed it, back.
    mutating func putBack(before token: Token) {
        tokens[1] = token
        peekCount = 2
    }

    /// Puts `first`, `second` and the newest one back.
    mutating func putBack(_ first: Token, _ second: Token) {
        tokens[1] = second
        tokens[2] = first
        peekCount = 3
    }

    mutating func expect(_ kind: Token.Kind, in context: String) throws(TemplateError) {
        let token = nextAfterSpace()
        guard token.kind == kind else { throw unexpected(token, in: context) }
    }

    func octets(of token: Token) -> [UInt8] { Array(lexer.source[token.range]) }

    func text(of token: Token) -> String { String(decoding: lexer.source[token.range], as: UTF8.self) }

    func unquote(_ token: Token) throws(TemplateError) -> GoString {
        guard let string = GoString(literal: octets(of: token)) else { throw failure("invalid syntax") }
        return string
    }

    func isFunction(_ name: String) -> Bool { functions[name] != nil }

    mutating func enter() throws(TemplateError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw failure("actions and parentheses nest more than \(Self.maximumDepth) deep")
        }
    }

    mutating func leave() { depth -= 1 }

    /// The error `message` at the newest token.
    func failure(_ message: String) -> TemplateError {
        let offset = tokens[0].range.lowerBound
        let lineStart = lexer.source[..<offset].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return TemplateError(
            kind: .syntax, name: name, line: tokens[0].line, column: offset - lineStart, message: message)
    }

    func unexpected(_ token: Token, in context: String) -> TemplateError {
        guard case .error(let message) = token.kind else {
            return failure("unexpected \(token.shown(in: lexer.source)) in \(context)")
        }
        guard let actionLine, actionLine != token.line else { return failure(message) }
        let origin = message.hasSuffix(" action") ? "started" : "in action started"
        return failure("\(message) \(origin) at \(name):\(actionLine)")
    }
}
