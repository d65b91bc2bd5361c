extension Evaluator {
    /// Calls the function `name`.
    ///
    /// - Parameter node: what an error of the function is reported at.
    mutating func call(
        _ name: String, at node: any Node, arguments: [Operand], dot: Datum, final: Datum?
    ) throws(TemplateError) -> Datum {
        guard let function = functions[name] else {
            throw failure("\(GoString(name).quoted) is not a defined function")
        }
        return try call(function, name: name, at: node, arguments: arguments, dot: dot, final: final)
    }

    mutating func call(
        _ function: Function, name: String, at node: any Node, arguments: [Operand], dot: Datum, final: Datum?
    ) throws(TemplateError) -> Datum {
        try checkCount(of: arguments, final: final, for: function, name: name)
        if case .shortCircuit(let stopsAt) = function.body {
            return try shortCircuit(arguments, final: final, stopsAt: stopsAt, dot: dot)
        }
        var values: [Value] = []
        values.reserveCapacity(arguments.count + 1)
        for argument in arguments {
            let type = function.type(ofArgument: values.count)
            values.append(try evaluate(argument: argument, as: type, dot: dot))
        }
        if let final { values.append(try validate(final, as: function.type(ofArgument: values.count))) }
        let result = try invoke(function, name: name, at: node, values)
        try account(for: result)
        return Datum(value: result)
    }

    private func checkCount(
        of arguments: [Operand], final: Datum?, for function: Function, name: String
    ) throws(TemplateError) {
        let count = arguments.count + (final == nil ? 0 : 1)
        let wanted = function.parameters.count
        if function.variadic != nil {
            guard count < wanted else { return }
            throw failure("wrong number of args for \(name): want at least \(wanted) got \(arguments.count)")
        }
        guard count == wanted else {
            throw failure("wrong number of args for \(name): want \(wanted) got \(count)")
        }
    }

    private mutating func shortCircuit(
        _ arguments: [Operand], final: Datum?, stopsAt: Bool, dot: Datum
    ) throws(TemplateError) -> Datum {
        var value = Value.nil
        for argument in arguments {
            value = try evaluate(argument: argument, as: .any, dot: dot)
            if value.isTrue == stopsAt { return Datum(value: value) }
        }
        return final ?? Datum(value: value)
    }

    private mutating func invoke(
        _ function: Function, name: String, at node: any Node, _ values: [Value]
    ) throws(TemplateError) -> Value {
        do {
            return switch function.body {
            case .plain(let body): try body(values)
            case .executing(let body): try body(&self, values)
            case .shortCircuit: .nil
            }
        } catch let error as MissingDependency {
            visit(node)
            throw failure("\(error)", kind: .missingDependency)
        } catch let error as TemplateError where error.kind != .execution {
            // From a template that the function has executed: nothing to add for each level.
            throw error
        } catch {
            visit(node)
            throw failure("error calling \(name): \(error)")
        }
    }
}

extension Function {
    fileprivate func type(ofArgument index: Int) -> ValueType {
        index < parameters.count ? parameters[index] : variadic ?? .any
    }
}
