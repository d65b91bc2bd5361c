/// A function that templates can call.
package struct Function: Sendable {
    enum Body: Sendable {
        case plain(@Sendable ([Value]) throws -> Value)
        /// Works on the execution itself: reads its templates.
        case executing(@Sendable (inout Evaluator, [Value]) throws -> Value)
        /// `and` or `or`: arguments are evaluated up to the first whose truth is this.
        case shortCircuit(stopsAt: Bool)
    }

    /// The types of the arguments that must be there. `.any` takes everything, and nil.
    package let parameters: [ValueType]
    /// The type of any number of further arguments; `nil`: there are none.
    package let variadic: ValueType?
    let body: Body

    /// - Parameter body: gets arguments that fit the types. Throws ``FunctionError`` for a text of Go's form,
    ///   ``MissingDependency`` for what is not there yet.
    package init(
        _ parameters: ValueType..., variadic: ValueType? = nil,
        body: @escaping @Sendable (_ arguments: [Value]) throws -> Value
    ) {
        self.init(parameters, variadic: variadic, body: .plain(body))
    }

    init(_ parameters: [ValueType], variadic: ValueType?, body: Body) {
        self.parameters = parameters
        self.variadic = variadic
        self.body = body
    }
}

/// The functions that a template can call, by name.
package struct FunctionTable: Sendable {
    private var functions: [String: Function]

    /// - Parameter functions: each name once.
    package init(_ functions: KeyValuePairs<String, Function> = [:]) {
        self.functions = Dictionary(functions.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    package subscript(name: String) -> Function? { functions[name] }

    /// Both tables in one; where both have a name, `other`'s function counts.
    package func merging(_ other: FunctionTable) -> FunctionTable {
        var merged = self
        merged.functions.merge(other.functions) { $1 }
        return merged
    }
}
