extension Parser {
    /// What stands between delimiters.
    mutating func action() throws(TemplateError) -> Item {
        let token = nextAfterSpace()
        switch token.kind {
        case .keyword(.block): return .statement(try block())
        case .keyword(.break):
            try loopControl("{{break}}")
            return .statement(.break)
        case .keyword(.continue):
            try loopControl("{{continue}}")
            return .statement(.continue)
        case .keyword(.else): return .terminator(try elseClause())
        case .keyword(.end):
            try expect(.rightDelimiter, in: "end")
            return .terminator(.end)
        case .keyword(.if): return .statement(.conditional(try conditional(.if)))
        case .keyword(.range): return .statement(.range(try range()))
        case .keyword(.template): return .statement(try templateCall())
        case .keyword(.with): return .statement(.conditional(try conditional(.with)))
        default:
            putBack()
            // Its variables stay until the enclosing "end".
            return .statement(.action(try pipeline(in: "command", until: .rightDelimiter)))
        }
    }

    private mutating func loopControl(_ shown: String) throws(TemplateError) {
        try expect(.rightDelimiter, in: shown)
        guard rangeDepth > 0 else { throw failure("\(shown) outside {{range}}") }
    }

    private mutating func elseClause() throws(TemplateError) -> Terminator {
        switch peekAfterSpace().kind {
        case .keyword(.if): return .else(then: .if)
        case .keyword(.with): return .else(then: .with)
        default:
            try expect(.rightDelimiter, in: "else")
            return .else(then: nil)
        }
    }

    /// `if` with its `else if` branches, or `with` with its `else with` branches (Go 1.23).
    private mutating func conditional(_ keyword: Token.Keyword) throws(TemplateError) -> Conditional {
        let outerVariables = variables.count
        defer { variables.removeSubrange(outerVariables...) }
        var branches: [(condition: Pipeline, body: [Statement])] = []
        while true {
            let condition = try pipeline(in: keyword.rawValue, until: .rightDelimiter)
            let (body, terminator) = try statements()
            branches.append((condition, body))
            if case .else(then: keyword) = terminator {
                _ = nextAfterSpace()
                continue
            }
            return Conditional(
                setsDot: keyword == .with, branches: branches, alternative: try alternative(after: terminator))
        }
    }

    private mutating func range() throws(TemplateError) -> RangeLoop {
        let outerVariables = variables.count
        defer { variables.removeSubrange(outerVariables...) }
        let pipeline = try pipeline(in: "range", until: .rightDelimiter)
        rangeDepth += 1
        let (body, terminator) = try statements()
        rangeDepth -= 1
        return RangeLoop(pipeline: pipeline, body: body, alternative: try alternative(after: terminator))
    }

    private mutating func alternative(after terminator: Terminator) throws(TemplateError) -> [Statement] {
        guard case .else(let keyword) = terminator else { return [] }
        guard keyword == nil else { throw unexpected(nextAfterSpace(), in: "input") }
        let (body, terminator) = try statements()
        guard case .end = terminator else { throw failure("expected end; found \(terminator.text)") }
        return body
    }

    private mutating func block() throws(TemplateError) -> Statement {
        let context = "block clause"
        let token = nextAfterSpace()
        let name = try templateName(token, in: context)
        let argument = try pipeline(in: context, until: .rightDelimiter)
        try separateTree(named: name, context: context)
        return .call(TemplateCall(offset: token.range.lowerBound, name: name, argument: argument))
    }

    private mutating func templateCall() throws(TemplateError) -> Statement {
        let context = "template clause"
        let token = nextAfterSpace()
        let name = try templateName(token, in: context)
        var argument: Pipeline?
        if nextAfterSpace().kind != .rightDelimiter {
            putBack()
            argument = try pipeline(in: context, until: .rightDelimiter)
        }
        return .call(TemplateCall(offset: token.range.lowerBound, name: name, argument: argument))
    }

    private func templateName(_ token: Token, in context: String) throws(TemplateError) -> String {
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        return try unquote(token).description
    }
}
