/// A parsed template: Go's text/template (1.19, with range over numbers and `else with` of later ones), a missing map
/// key being the zero of the map's element type.
package struct Template: Sendable {
    /// What an action stands between.
    package struct Delimiters: Hashable, Sendable {
        package var left: String
        package var right: String

        /// Neither may be empty.
        package init(left: String = "{{", right: String = "}}") {
            self.left = left
            self.right = right
        }
    }

    /// Bounds that no execution passes, so that no template can hang the process or exhaust its memory.
    package struct Limits: Hashable, Sendable {
        /// Of the output, and of any one string on the way to it.
        package var octets: Int
        /// Evaluated nodes; 16 octets made on the way count as one, too.
        package var steps: Int
        /// Templates that call templates, and everything that nests in them. A level takes up to 6 KiB of stack, in a
        /// debug build twice that; a thread has 8 MiB.
        package var depth: Int

        package init(octets: Int = 64 << 20, steps: Int = 50_000_000, depth: Int = 400) {
            self.octets = octets
            self.steps = steps
            self.depth = depth
        }
    }

    /// The name it was parsed under.
    package let name: String
    let source: [UInt8]
    let trees: [String: [Statement]]
    let functions: FunctionTable

    /// - Parameters:
    ///   - name: what errors call it: its file.
    ///   - functions: what it can call, besides Go's own functions.
    /// - Throws: ``TemplateError`` of the kind `syntax` for the first mistake.
    package init(
        parsing source: GoString, name: String, functions: FunctionTable = FunctionTable(),
        delimiters: Delimiters = Delimiters()
    ) throws(TemplateError) {
        self.name = name
        self.source = source.octets
        self.functions = FunctionTable.builtins.merging(functions)
        var parser = Parser(source.octets, name: name, functions: self.functions, delimiters: delimiters)
        try parser.parse()
        trees = parser.trees
    }

    /// Executes the template.
    ///
    /// - Parameters:
    ///   - dot: the data; a file that is rendered has none.
    ///   - functions: take the place of those of the same names that it was parsed with.
    /// - Throws: ``TemplateError``; nothing of the output is to be used then.
    package func render(
        dot: Value = .nil, functions: FunctionTable = FunctionTable(), limits: Limits = Limits()
    ) throws(TemplateError) -> GoString {
        var evaluator = Evaluator(
            template: self, functions: self.functions.merging(functions), dot: dot, limits: limits)
        try evaluator.run()
        return GoString(octets: evaluator.output)
    }
}
