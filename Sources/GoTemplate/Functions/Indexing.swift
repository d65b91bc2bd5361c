extension FunctionTable {
    static let indexing = FunctionTable([
        "len": Function(.any) { .int(try length(of: $0[0])) },
        "index": Function(.any, variadic: .any) { arguments in
            if case .nil = arguments[0] { throw FunctionError("index of untyped nil") }
            return try arguments.dropFirst().reduce(arguments[0]) { try element(of: $0, at: $1) }
        },
        "slice": Function(.any, variadic: .any) { try slice($0[0], Array($0.dropFirst())) },
    ])

    private static func length(of value: Value) throws(FunctionError) -> Int {
        switch value {
        case .string(let text): return text.count
        case .list(let list): return list.elements.count
        case .map(let map): return map.entries.count
        case .numbers: return 0
        case .nil, .nilPointer: throw FunctionError("len of nil pointer")
        case .pointer(let structure): throw FunctionError("len of type \(structure.shape.name)")
        default: throw FunctionError("len of type \(value.typeName)")
        }
    }

    private static func element(of value: Value, at index: Value) throws(FunctionError) -> Value {
        switch value {
        case .nil, .nilPointer: throw FunctionError("index of nil pointer")
        case .string(let text):
            let position = try self.position(index, within: text.count)
            guard position < text.count else { throw FunctionError("reflect: string index out of range") }
            return .unsigned(UInt64(text.octets[position]), .uint8)
        case .list(let list):
            let position = try self.position(index, within: list.elements.count)
            guard position < list.elements.count else { throw FunctionError("reflect: slice index out of range") }
            return list.elements[position]
        case .map(let map): return map[try key(index, for: map)] ?? map.elementType.zero
        case .pointer(let structure): throw FunctionError("can't index item of type \(structure.shape.name)")
        default: throw FunctionError("can't index item of type \(value.typeName)")
        }
    }

    private static func key(_ index: Value, for map: Map) throws(FunctionError) -> Value {
        guard let type = index.type else {
            guard map.keyType.canBeNil else {
                throw FunctionError("value is nil; should be of type \(map.keyType)")
            }
            return .nil
        }
        if type.isAssignable(to: map.keyType) { return index }
        switch (index, map.keyType) {
        case (.signed(let number, _), .int): return .signed(number, .int)
        case (.signed(let number, _), .int64): return .signed(number, .int64)
        case (.unsigned(let number, _), .int): return .signed(Int64(truncatingIfNeeded: number), .int)
        case (.unsigned(let number, _), .int64): return .signed(Int64(truncatingIfNeeded: number), .int64)
        default: throw FunctionError("value has type \(type); should be \(map.keyType)")
        }
    }

    /// An index from 0 to `count`, both included: what lies at `count` is the caller's business.
    private static func position(_ index: Value, within count: Int) throws(FunctionError) -> Int {
        let position: Int64
        switch index {
        case .signed(let value, _): position = value
        case .unsigned(let value, _): position = Int64(truncatingIfNeeded: value)
        case .nil: throw FunctionError("cannot index slice/array with nil")
        default: throw FunctionError("cannot index slice/array with type \(index.typeName)")
        }
        guard position >= 0, position <= count else { throw FunctionError("index out of range: \(position)") }
        return Int(position)
    }

    private static func slice(_ value: Value, _ indexes: [Value]) throws(FunctionError) -> Value {
        if case .nil = value { throw FunctionError("slice of untyped nil") }
        guard indexes.count <= 3 else { throw FunctionError("too many slice indexes: \(indexes.count)") }
        let count: Int
        switch value {
        case .string(let text):
            guard indexes.count < 3 else { throw FunctionError("cannot 3-index slice a string") }
            count = text.count
        case .list(let list): count = list.elements.count
        default: throw FunctionError("can't slice item of type \(value.typeName)")
        }
        var bounds = [0, count, count]
        for (place, index) in indexes.enumerated() { bounds[place] = try position(index, within: count) }
        for (low, high) in zip(bounds, bounds.dropFirst()) where low > high {
            throw FunctionError("invalid slice index: \(low) > \(high)")
        }
        switch value {
        case .string(let text): return .string(GoString(octets: Array(text.octets[bounds[0]..<bounds[1]])))
        case .list(var list):
            list.elements = Array(list.elements[bounds[0]..<bounds[1]])
            return .list(list)
        default: return value
        }
    }
}
