extension Parser {
    /// A pipeline with its declarations, up to and with the token `end`.
    mutating func pipeline(in context: String, until end: Token.Kind) throws(TemplateError) -> Pipeline {
        try enter()
        defer { leave() }
        let offset = peekAfterSpace().range.lowerBound
        let (declared, isAssignment) = try declarations(in: context)
        var commands: [Command] = []
        while true {
            let token = nextAfterSpace()
            if token.kind == end { break }
            switch token.kind {
            case .bool, .characterConstant, .complexNumber, .keyword(.dot), .field, .identifier, .number,
                .keyword(.nil),
                .rawString, .string, .variable, .leftParenthesis:
                putBack()
                commands.append(try command())
            default:
                throw unexpected(token, in: context)
            }
        }
        guard !commands.isEmpty else { throw failure("missing value for \(context)") }
        for (index, command) in commands.enumerated().dropFirst() where !command.operand.isExecutable {
            throw failure("non executable command in pipeline stage \(index + 1)")
        }
        return Pipeline(offset: offset, variables: declared, isAssignment: isAssignment, commands: commands)
    }

    /// `$x :=`, `$x =`, or in a range `$i, $x :=`; none of them is no error.
    private mutating func declarations(in context: String) throws(TemplateError) -> ([String], isAssignment: Bool) {
        var declared: [String] = []
        while true {
            let variable = peekAfterSpace()
            guard variable.kind == .variable else { return (declared, false) }
            _ = next()
            // Whether "$x foo" declares shows only in the third token, and the blank between must not be lost.
            let afterVariable = peek()
            let following = peekAfterSpace()
            switch following.kind {
            case .assign, .declare:
                _ = nextAfterSpace()
                declared.append(text(of: variable))
                variables += [text(of: variable)]
                return (declared, following.kind == .assign)
            case .character where text(of: following) == ",":
                _ = nextAfterSpace()
                declared.append(text(of: variable))
                variables += [text(of: variable)]
                guard context == "range", declared.count < 2 else {
                    throw failure("too many declarations in \(context)")
                }
                switch peekAfterSpace().kind {
                case .variable, .rightDelimiter, .rightParenthesis: continue
                default: throw failure("range can only initialize variables")
                }
            default:
                if afterVariable.kind == .space {
                    putBack(variable, afterVariable)
                } else {
                    putBack(before: variable)
                }
                return (declared, false)
            }
        }
    }

    /// Operands with blanks between them, up to a pipe, which is taken, or a closing token, which is not.
    private mutating func command() throws(TemplateError) -> Command {
        let offset = peekAfterSpace().range.lowerBound
        var operands: [Operand] = []
        while true {
            _ = peekAfterSpace()
            if let operand = try operand() { operands.append(operand) }
            let token = next()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: putBack()
            case .pipe: break
            default: throw unexpected(token, in: "operand")
            }
            break
        }
        guard let first = operands.first else { throw failure("empty command") }
        return Command(offset: offset, operand: first, arguments: Array(operands.dropFirst()))
    }

    /// A term with the fields that follow it.
    private mutating func operand() throws(TemplateError) -> Operand? {
        guard let term = try term() else { return nil }
        let offset = peek().range.lowerBound
        var fields: [String] = []
        while peek().kind == .field { fields.append(String(text(of: next()).dropFirst())) }
        guard !fields.isEmpty else { return term }
        switch term.kind {
        case .field(let names): return Operand(.field(names + fields), offset: offset)
        case .variable(let name, let names): return Operand(.variable(name, fields: names + fields), offset: offset)
        case .bool, .string, .number, .nil, .dot:
            throw failure("unexpected . after term \(GoString(term.text).quoted)")
        case .function, .pipeline, .chain: return Operand(.chain(term, fields: fields), offset: offset)
        }
    }

    private mutating func term() throws(TemplateError) -> Operand? {
        let token = nextAfterSpace()
        let offset = token.range.lowerBound
        switch token.kind {
        case .identifier:
            let name = text(of: token)
            guard isFunction(name) else { throw failure("function \(GoString(name).quoted) not defined") }
            return Operand(.function(name), offset: offset)
        case .keyword(.dot): return Operand(.dot, offset: offset)
        case .keyword(.nil): return Operand(.nil, offset: offset)
        case .variable:
            let name = text(of: token)
            guard variables.contains(name) else {
                throw failure("undefined variable \(GoString(name).quoted)")
            }
            return Operand(.variable(name, fields: []), offset: offset)
        case .field: return Operand(.field([String(text(of: token).dropFirst())]), offset: offset)
        case .bool: return Operand(.bool(text(of: token) == "true"), offset: offset)
        case .number, .complexNumber, .characterConstant:
            return Operand(.number(try number(token)), offset: offset)
        case .leftParenthesis:
            return Operand(
                .pipeline(try pipeline(in: "parenthesized pipeline", until: .rightParenthesis)), offset: offset)
        case .string, .rawString:
            return Operand(.string(try unquote(token), literal: text(of: token)), offset: offset)
        default:
            putBack()
            return nil
        }
    }

    private func number(_ token: Token) throws(TemplateError) -> NumberConstant {
        let text = text(of: token)
        if token.kind == .characterConstant {
            guard let string = GoString(literal: octets(of: token)) else {
                throw failure("malformed character constant: \(text)")
            }
            guard !string.isEmpty else { throw failure("invalid syntax") }
            let rune = Rune.decode(string.octets, at: 0)
            guard rune.width == string.count else { throw failure("malformed character constant: \(text)") }
            return NumberConstant(rune.scalar, text: text)
        }
        do {
            return try NumberConstant(text, isComplex: token.kind == .complexNumber)
        } catch {
            throw failure(error.message)
        }
    }
}

extension Operand {
    /// Whether it can take the value of the command before it in a pipeline.
    var isExecutable: Bool {
        switch kind {
        case .bool, .dot, .nil, .number, .string: false
        case .function, .field, .variable, .chain, .pipeline: true
        }
    }
}
