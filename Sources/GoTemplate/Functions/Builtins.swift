extension FunctionTable {
    /// The functions of Go's own language.
    static let builtins: FunctionTable = logic.merging(comparison).merging(indexing).merging(printing).merging(escaping)

    private static let logic = FunctionTable([
        "and": Function([.any], variadic: .any, body: .shortCircuit(stopsAt: false)),
        "or": Function([.any], variadic: .any, body: .shortCircuit(stopsAt: true)),
        "not": Function(.any) { .bool(!$0[0].isTrue) },
        // Nothing in a template's data is a function, so this can only tell what it got.
        "call": Function(.any, variadic: .any) { arguments in
            guard let type = arguments[0].type else { throw FunctionError("call of nil") }
            throw FunctionError("non-function of type \(type)")
        },
    ])

    private static let printing = FunctionTable([
        "print": Function(variadic: .any) { .string(try Formatter.print($0)) },
        "println": Function(variadic: .any) { .string(try Formatter.printLine($0)) },
        "printf": Function(.string, variadic: .any) { arguments in
            guard case .string(let format) = arguments[0] else { return .nil }
            return .string(try Formatter.printf(format, Array(arguments.dropFirst())))
        },
    ])
}
