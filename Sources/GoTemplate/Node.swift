/// A part of a parsed template that an error can point at.
protocol Node: AnyObject, Sendable {
    /// Where it starts: octets from the start of the source.
    var offset: Int { get }
    /// Its source with blanks normalised, as Go shows it in error texts.
    var text: String { get }
}

/// What a template's text consists of.
enum Statement: Sendable {
    case text(GoString)
    /// A pipeline whose value is printed, unless it declares variables.
    case action(Pipeline)
    case conditional(Conditional)
    case range(RangeLoop)
    case call(TemplateCall)
    case `break`
    case `continue`
}

/// `if` or `with`, and all its `else if` or `else with` branches.
final class Conditional: Sendable {
    /// Whether the value becomes the dot of its branch.
    let setsDot: Bool
    let branches: [(condition: Pipeline, body: [Statement])]
    let alternative: [Statement]

    init(setsDot: Bool, branches: [(condition: Pipeline, body: [Statement])], alternative: [Statement]) {
        self.setsDot = setsDot
        self.branches = branches
        self.alternative = alternative
    }
}

final class RangeLoop: Sendable {
    let pipeline: Pipeline
    let body: [Statement]
    let alternative: [Statement]

    init(pipeline: Pipeline, body: [Statement], alternative: [Statement]) {
        self.pipeline = pipeline
        self.body = body
        self.alternative = alternative
    }
}

/// `{{template "name" pipeline}}`
final class TemplateCall: Node {
    let offset: Int
    let name: String
    let argument: Pipeline?

    init(offset: Int, name: String, argument: Pipeline?) {
        self.offset = offset
        self.name = name
        self.argument = argument
    }

    var text: String { "{{template \(GoString(name).quoted)\(argument.map { " \($0.text)" } ?? "")}}" }
}

/// Commands, each of which gets the value of the one before as its last argument.
final class Pipeline: Node {
    let offset: Int
    /// With the dollar sign: one, or in a `range` up to two.
    let variables: [String]
    /// `=` rather than `:=`.
    let isAssignment: Bool
    let commands: [Command]

    init(offset: Int, variables: [String], isAssignment: Bool, commands: [Command]) {
        self.offset = offset
        self.variables = variables
        self.isAssignment = isAssignment
        self.commands = commands
    }

    var text: String {
        let declaration = variables.isEmpty ? "" : variables.joined(separator: ", ") + (isAssignment ? " = " : " := ")
        return declaration + commands.map(\.text).joined(separator: " | ")
    }
}

/// An operand and its arguments, of which there is at least the operand.
final class Command: Node {
    let offset: Int
    let operand: Operand
    let arguments: [Operand]

    init(offset: Int, operand: Operand, arguments: [Operand]) {
        self.offset = offset
        self.operand = operand
        self.arguments = arguments
    }

    var text: String { ([operand] + arguments).map(\.argumentText).joined(separator: " ") }
}

/// One operand of a command.
final class Operand: Node {
    enum Kind: Sendable {
        case dot
        case `nil`
        case bool(Bool)
        case number(NumberConstant)
        /// The string, and how it is written in the template.
        case string(GoString, literal: String)
        case function(String)
        /// `.A.B`
        case field([String])
        /// `$x.A.B`; the name with its dollar sign.
        case variable(String, fields: [String])
        /// `(pipeline).A.B` or `function.A.B`
        indirect case chain(Operand, fields: [String])
        case pipeline(Pipeline)
    }

    let offset: Int
    let kind: Kind

    init(_ kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    var text: String {
        switch kind {
        case .dot: "."
        case .nil: "nil"
        case .bool(let value): "\(value)"
        case .number(let constant): constant.text
        case .string(_, let literal): literal
        case .function(let name): name
        case .field(let names): names.map { ".\($0)" }.joined()
        case .variable(let name, let fields): name + fields.map { ".\($0)" }.joined()
        case .chain(let operand, let fields): operand.argumentText + fields.map { ".\($0)" }.joined()
        case .pipeline(let pipeline): pipeline.text
        }
    }

    /// The same with the parentheses of a pipeline.
    var argumentText: String {
        if case .pipeline(let pipeline) = kind { "(\(pipeline.text))" } else { text }
    }
}
