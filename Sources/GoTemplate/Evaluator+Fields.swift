extension Evaluator {
    /// Reads one field after the other; the last may be a method and get the arguments.
    mutating func read(
        _ names: [String], of receiver: Datum, dot: Datum, arguments: [Operand] = [], final: Datum? = nil
    ) throws(TemplateError) -> Datum {
        var datum = receiver
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            datum = try read(
                name, of: datum, dot: dot, arguments: isLast ? arguments : [], final: isLast ? final : nil)
        }
        return datum
    }

    private mutating func read(
        _ name: String, of receiver: Datum, dot: Datum, arguments: [Operand], final: Datum?
    ) throws(TemplateError) -> Datum {
        try step()
        let hasArguments = !arguments.isEmpty || final != nil
        switch receiver.value {
        case .nil:
            guard receiver.isBoxed else { return .nothing }
            throw failure("nil pointer evaluating interface {}.\(name)")
        case .structure(let structure), .pointer(let structure):
            guard let position = structure.shape.position(of: name) else { break }
            guard !hasArguments else {
                throw failure("\(name) has arguments but cannot be invoked as function")
            }
            return Datum(
                value: structure.field(at: position), isBoxed: structure.shape.fields[position].type == .any)
        case .map(let map):
            guard map.keyType == .string || map.keyType == .any else { break }
            guard !hasArguments else { throw failure("\(name) is not a method but has arguments") }
            let value = map[.string(GoString(name))] ?? map.elementType.zero
            return Datum(value: value, isBoxed: map.elementType == .any)
        case .nilPointer:
            throw failure("nil pointer evaluating \(receiver.typeName).\(name)")
        case .object(let object):
            guard let method = object.method(name), let node = place else { break }
            return try call(method, name: name, at: node, arguments: arguments, dot: dot, final: final)
        default: break
        }
        throw failure("can't evaluate field \(name) in type \(receiver.typeName)")
    }
}
