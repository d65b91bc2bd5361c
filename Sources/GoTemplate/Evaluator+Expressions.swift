extension Evaluator {
    /// A pipeline's value; its variables are set to it.
    mutating func evaluate(_ pipeline: Pipeline, dot: Datum) throws(TemplateError) -> Datum {
        try enter()
        defer { leave() }
        visit(pipeline)
        var result: Datum?
        for command in pipeline.commands {
            try step()
            // What an interface holds is taken out of it.
            result = Datum(value: try evaluate(command, dot: dot, final: result).value)
        }
        let datum = result ?? .nothing
        for name in pipeline.variables {
            if pipeline.isAssignment {
                try assign(name, datum)
            } else {
                declare(name, datum)
            }
        }
        return datum
    }

    /// - Parameter final: the value of the command before, which becomes the last argument.
    private mutating func evaluate(_ command: Command, dot: Datum, final: Datum?) throws(TemplateError) -> Datum {
        let operand = command.operand
        switch operand.kind {
        case .field(let names):
            visit(operand)
            return try read(names, of: dot, dot: dot, arguments: command.arguments, final: final)
        case .chain(let start, let names):
            visit(operand)
            let receiver = try receiver(start, of: operand, dot: dot)
            return try read(names, of: receiver, dot: dot, arguments: command.arguments, final: final)
        case .variable(let name, let names):
            visit(operand)
            let variable = try variable(name)
            guard names.isEmpty else {
                return try read(names, of: variable, dot: dot, arguments: command.arguments, final: final)
            }
            try refuseArguments(of: command, final: final)
            return variable
        case .function(let name):
            visit(operand)
            return try call(name, at: command, arguments: command.arguments, dot: dot, final: final)
        case .pipeline(let pipeline):
            try refuseArguments(of: command, final: final)
            return try evaluate(pipeline, dot: dot)
        case .bool, .dot, .nil, .number, .string:
            visit(operand)
            try refuseArguments(of: command, final: final)
            return try constant(operand, dot: dot)
        }
    }

    private func refuseArguments(of command: Command, final: Datum?) throws(TemplateError) {
        guard command.arguments.isEmpty, final == nil else {
            throw failure("can't give argument to non-function \(command.operand.argumentText)")
        }
    }

    private func constant(_ operand: Operand, dot: Datum) throws(TemplateError) -> Datum {
        switch operand.kind {
        case .bool(let value): return Datum(value: .bool(value))
        case .dot: return dot
        case .nil: throw failure("nil is not a command")
        case .number(let constant):
            do {
                return Datum(value: try constant.ideal())
            } catch {
                throw failure(error.message)
            }
        case .string(let string, _): return Datum(value: .string(string))
        default: throw failure("can't evaluate command \(GoString(operand.text).quoted)")
        }
    }

    private mutating func receiver(
        _ start: Operand, of chain: Operand, dot: Datum
    ) throws(TemplateError) -> Datum {
        switch start.kind {
        case .nil: throw failure("indirection through explicit nil in \(chain.text)")
        case .function(let name):
            visit(start)
            return try call(name, at: start, arguments: [], dot: dot, final: nil)
        default: return try evaluateUntyped(start, dot: dot)
        }
    }

    /// An operand where nothing asks for a type.
    private mutating func evaluateUntyped(_ operand: Operand, dot: Datum) throws(TemplateError) -> Datum {
        visit(operand)
        switch operand.kind {
        case .dot: return dot
        case .nil: return .nothing
        case .field(let names): return try read(names, of: dot, dot: dot)
        case .variable(let name, let names):
            let variable = try variable(name)
            return names.isEmpty ? variable : try read(names, of: variable, dot: dot)
        case .pipeline(let pipeline): return try evaluate(pipeline, dot: dot)
        case .function(let name): return try call(name, at: operand, arguments: [], dot: dot, final: nil)
        case .chain(let start, let names):
            let receiver = try receiver(start, of: operand, dot: dot)
            return try read(names, of: receiver, dot: dot)
        case .bool, .number, .string: return try constant(operand, dot: dot)
        }
    }

    /// An argument where a parameter has the type `type`.
    mutating func evaluate(argument operand: Operand, as type: ValueType, dot: Datum) throws(TemplateError) -> Value {
        try step()
        switch operand.kind {
        case .nil:
            visit(operand)
            guard type.canBeNil else { throw failure("cannot assign nil to \(type)") }
            return type.zero
        case .bool, .number, .string:
            visit(operand)
            return try literal(operand, as: type, dot: dot)
        case .dot, .field, .variable, .pipeline, .function, .chain:
            // First the value: an error of the type names the node visited last on the way to it.
            let datum = try evaluateUntyped(operand, dot: dot)
            return try validate(datum, as: type)
        }
    }

    /// A literal takes on the type of its parameter, as far as it fits.
    private func literal(_ operand: Operand, as type: ValueType, dot: Datum) throws(TemplateError) -> Value {
        switch (type.underlying, operand.kind) {
        case (.any, _): return try constant(operand, dot: dot).value
        case (.bool, .bool(let value)): return .bool(value)
        case (.string, .string(let string, _)): return .string(string)
        case (.int, .number(let constant)):
            if let value = constant.signed { return .signed(value, .int) }
        case (.int64, .number(let constant)):
            if let value = constant.signed { return .signed(value, .int64) }
        case (.uint, .number(let constant)):
            if let value = constant.unsigned { return .unsigned(value, .uint) }
        case (.uint64, .number(let constant)):
            if let value = constant.unsigned { return .unsigned(value, .uint64) }
        case (.uint8, .number(let constant)):
            if let value = constant.unsigned { return .unsigned(value, .uint8) }
        case (.float64, .number(let constant)):
            if let value = constant.float { return .float(value) }
        case (.complex128, .number(let constant)):
            if let value = constant.complex { return .complex(value) }
        default: break
        }
        guard let wanted = type.underlying.literalName else {
            throw failure("can't handle \(operand.text) for arg of type \(type)")
        }
        throw failure("expected \(wanted); found \(operand.text)")
    }

    /// A value that is not a literal must fit the type as it is, but for one pointer.
    func validate(_ datum: Datum, as type: ValueType) throws(TemplateError) -> Value {
        guard let own = datum.value.type else {
            if datum.isBoxed, type != .any {
                throw failure("wrong type for value; expected \(type); got interface {}")
            }
            guard type.canBeNil else { throw failure("invalid value; expected \(type)") }
            return type.zero
        }
        if own.isAssignable(to: type) { return datum.value }
        if case .pointer(let structure) = datum.value, case .structure(structure.shape.name) = type {
            return .structure(structure)
        }
        throw failure("wrong type for value; expected \(type); got \(own)")
    }
}

extension ValueType {
    /// What error texts call a literal of this type; `nil` if there are none.
    fileprivate var literalName: String? {
        switch self {
        case .bool: "bool"
        case .string: "string"
        case .int, .int64: "integer"
        case .uint, .uint8, .uint64: "unsigned integer"
        case .float64: "float"
        case .complex128: "complex"
        default: nil
        }
    }
}
