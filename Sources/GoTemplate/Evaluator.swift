/// One execution of a template.
///
/// Follows Go's text/template/exec: which node an error names depends on the node visited last, so visits are recorded
/// in the same order.
struct Evaluator {
    /// A value, and whether it was read out of an `interface {}`: Go's reflect.Value.
    struct Datum {
        var value: Value
        /// Elements of `[]interface {}` and the like. A nil among them is not nothing: reading its fields is an error.
        var isBoxed = false

        static let nothing = Datum(value: .nil)

        /// The type that error texts give it.
        var typeName: String { isBoxed ? "interface {}" : value.typeName }
    }

    /// How a list of statements ended.
    enum Flow {
        case onward
        case `break`
        case `continue`
    }

    private let template: Template
    let functions: FunctionTable
    private let limits: Template.Limits
    private(set) var output: [UInt8] = []
    /// Innermost last.
    private var variables: [(name: String, datum: Datum)]
    /// The name of the defined template that is being executed.
    private var treeName: String
    /// The node visited last.
    private(set) var place: (any Node)?
    private var stepsLeft: Int
    private var depth = 0

    init(template: Template, functions: FunctionTable, dot: Value, limits: Template.Limits) {
        self.template = template
        self.functions = functions
        self.limits = limits
        stepsLeft = limits.steps
        treeName = template.name
        variables = [("$", Datum(value: dot))]
    }

    mutating func run() throws(TemplateError) {
        _ = try walk(template.trees[template.name] ?? [], dot: variables[0].datum)
    }

    // MARK: Statements

    private mutating func walk(_ statements: [Statement], dot: Datum) throws(TemplateError) -> Flow {
        try enter()
        defer { leave() }
        for statement in statements {
            let flow = try walk(statement, dot: dot)
            guard flow == .onward else { return flow }
        }
        return .onward
    }

    private mutating func walk(_ statement: Statement, dot: Datum) throws(TemplateError) -> Flow {
        try step()
        switch statement {
        case .text(let text): try write(text.octets)
        case .action(let pipeline):
            let datum = try evaluate(pipeline, dot: dot)
            if pipeline.variables.isEmpty { try print(datum, of: pipeline) }
        case .conditional(let conditional): return try walk(conditional, dot: dot)
        case .range(let loop): return try walk(loop, dot: dot)
        case .call(let call): try execute(call, dot: dot)
        case .break: return .break
        case .continue: return .continue
        }
        return .onward
    }

    private mutating func walk(_ conditional: Conditional, dot: Datum) throws(TemplateError) -> Flow {
        let outerVariables = variables.count
        defer { variables.removeSubrange(outerVariables...) }
        for (condition, body) in conditional.branches {
            let datum = try evaluate(condition, dot: dot)
            if datum.value.isTrue { return try walk(body, dot: conditional.setsDot ? datum : dot) }
        }
        return try walk(conditional.alternative, dot: dot)
    }

    private mutating func execute(_ call: TemplateCall, dot: Datum) throws(TemplateError) {
        visit(call)
        guard let body = template.trees[call.name] else {
            throw failure("template \(GoString(call.name).quoted) not defined")
        }
        let argument = try call.argument.map { pipeline throws(TemplateError) in try evaluate(pipeline, dot: dot) }
        try execute(body, named: call.name, dot: argument ?? .nothing)
    }

    /// A template's body, which sees no variable but its argument.
    private mutating func execute(_ body: [Statement], named name: String, dot: Datum) throws(TemplateError) {
        let outside = (variables, treeName)
        (variables, treeName) = ([("$", dot)], name)
        defer { (variables, treeName) = outside }
        _ = try walk(body, dot: dot)
    }

    /// What the defined template `name` renders to.
    mutating func output(of name: String, dot: Value) throws -> GoString {
        guard let body = template.trees[name] else {
            throw FunctionError("template: no template \(GoString(name).quoted) associated with template")
        }
        let written = output
        output = []
        defer { output = written }
        try execute(body, named: name, dot: Datum(value: dot))
        return GoString(octets: output)
    }

    private mutating func print(_ datum: Datum, of pipeline: Pipeline) throws(TemplateError) {
        visit(pipeline)
        switch datum.value {
        case .nil: try write(Array("<no value>".utf8))
        case .string(let text): try write(text.octets)
        case .numbers:
            let action = "{{\(pipeline.text)}}"
            throw failure("can't print \(action) of type \(datum.value.typeName)", at: action)
        case .pointer(let structure): try write(shown(.structure(structure)).octets)
        default: try write(shown(datum.value).octets)
        }
    }

    private func shown(_ value: Value) throws(TemplateError) -> GoString {
        do {
            return try Formatter.print([value])
        } catch {
            throw failure(error.message, kind: .limit)
        }
    }

    private mutating func write(_ octets: [UInt8]) throws(TemplateError) {
        guard output.count + octets.count <= limits.octets else {
            throw failure("the output is larger than \(limits.octets) octets", kind: .limit)
        }
        output += octets
    }

    // MARK: Variables

    mutating func declare(_ name: String, _ datum: Datum) { variables.append((name, datum)) }

    mutating func assign(_ name: String, _ datum: Datum) throws(TemplateError) {
        guard let index = variables.lastIndex(where: { $0.name == name }) else {
            throw failure("undefined variable: \(name)")
        }
        variables[index].datum = datum
    }

    func variable(_ name: String) throws(TemplateError) -> Datum {
        guard let variable = variables.last(where: { $0.name == name }) else {
            throw failure("undefined variable: \(name)")
        }
        return variable.datum
    }

    // MARK: Loops

    private mutating func walk(_ loop: RangeLoop, dot: Datum) throws(TemplateError) -> Flow {
        let outerVariables = variables.count
        defer { variables.removeSubrange(outerVariables...) }
        let datum = try evaluate(loop.pipeline, dot: dot)
        switch datum.value {
        case .nil: break
        case .list(let list) where !list.elements.isEmpty:
            let isBoxed = list.elementType == .any
            for (index, element) in list.elements.enumerated() {
                let element = Datum(value: element, isBoxed: isBoxed)
                guard try iterate(loop, key: .int(index), element: element) else { break }
            }
            return .onward
        case .map(let map) where !map.entries.isEmpty:
            let isBoxed = map.elementType == .any
            for entry in map.entries {
                let element = Datum(value: entry.value, isBoxed: isBoxed)
                guard try iterate(loop, key: entry.key, element: element) else { break }
            }
            return .onward
        case .numbers(let numbers) where !numbers.isEmpty:
            for (index, number) in numbers.enumerated() {
                guard try iterate(loop, key: .int(index), element: Datum(value: .int64(number))) else { break }
            }
            return .onward
        case .signed(let count, let type) where count > 0:
            for number in 0..<count {
                let element = Datum(value: .signed(number, type))
                guard try iterate(loop, key: element.value, element: element) else { break }
            }
            return .onward
        case .list, .map, .numbers, .signed: break
        default: throw failure("range can't iterate over \(try shown(datum.value))")
        }
        return try walk(loop.alternative, dot: dot)
    }

    /// - Returns: whether to go on.
    private mutating func iterate(_ loop: RangeLoop, key: Value, element: Datum) throws(TemplateError) -> Bool {
        try step()
        let names = loop.pipeline.variables
        let outerVariables = variables.count
        defer { variables.removeSubrange(outerVariables...) }
        if let last = names.last {
            let first = names.count > 1 ? names.first : nil
            if loop.pipeline.isAssignment {
                if let first { try assign(first, Datum(value: key)) }
                try assign(last, element)
            } else {
                if let first { declare(first, Datum(value: key)) }
                declare(last, element)
            }
        }
        return try walk(loop.body, dot: element) != .break
    }

    // MARK: Limits and errors

    mutating func enter() throws(TemplateError) {
        depth += 1
        guard depth <= limits.depth else {
            throw failure("templates and actions nest more than \(limits.depth) deep", kind: .limit)
        }
    }

    mutating func leave() { depth -= 1 }

    /// - Parameter cost: 1 for a node; more for work that grows with the data.
    mutating func step(cost: Int = 1) throws(TemplateError) {
        stepsLeft -= cost
        guard stepsLeft >= 0 else { throw failure("the template takes too many steps", kind: .limit) }
    }

    /// Counts a value that a function made, so that doubling strings or lists ends before memory does.
    mutating func account(for value: Value) throws(TemplateError) {
        switch value {
        case .string(let text):
            guard text.count <= limits.octets else {
                throw failure("a string is larger than \(limits.octets) octets", kind: .limit)
            }
            try step(cost: text.count / 16)
        case .list(let list): try step(cost: list.elements.count)
        case .map(let map): try step(cost: map.entries.count)
        default: break
        }
    }

    mutating func visit(_ node: any Node) { place = node }

    /// The error `message` at the node visited last.
    ///
    /// - Parameter text: the node's source, if it is to be shown in another way than its own.
    func failure(
        _ message: String, kind: TemplateError.Kind = .execution, at text: String? = nil
    ) -> TemplateError {
        let before = template.source[..<min(place?.offset ?? 0, template.source.count)]
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return TemplateError(
            kind: kind, name: template.name, line: 1 + before.count { $0 == 0x0a }, column: before.count - lineStart,
            place: TemplateError.Place(template: treeName, node: text ?? place?.text ?? ""), message: message)
    }
}
