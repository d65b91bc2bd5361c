extension FunctionTable {
    /// Functions of consul-template that need nothing but their arguments. They take the subject last, for pipelines.
    package static let consulTemplate = text.merging(arithmetic).merging(parsing).merging(membership).merging(
        FunctionTable([
            "loop": Function(variadic: .int64) { arguments in
                let bounds = arguments.map(\.integer)
                guard (1...2).contains(bounds.count) else {
                    throw FunctionError("loop: wrong number of arguments, expected 1 or 2, but got \(bounds.count)")
                }
                let start = bounds.count == 2 ? bounds[0] : 0
                return .numbers(start..<max(start, bounds[bounds.count - 1]))
            },
            "executeTemplate": Function(
                [.string], variadic: .any,
                body: .executing { evaluator, arguments in
                    guard arguments.count <= 2 else {
                        throw FunctionError(
                            "executeTemplate: wrong number of arguments, expected 1 or 2, but got \(arguments.count)")
                    }
                    let dot = arguments.count == 2 ? arguments[1] : .nil
                    return .string(try evaluator.output(of: arguments[0].text.description, dot: dot))
                }),
        ]))
}

/// Reading arguments that were checked against their parameters' types: what a value is not reads as empty.
extension Value {
    package var text: GoString {
        if case .string(let text) = self { text } else { "" }
    }

    var integer: Int64 {
        if case .signed(let value, _) = self { value } else { 0 }
    }

    var elements: [Value] {
        if case .list(let list) = self { list.elements } else { [] }
    }
}
