extension FunctionTable {
    static let comparison = FunctionTable([
        "eq": Function(.any, variadic: .any) { arguments in
            guard arguments.count > 1 else { throw FunctionError("missing argument for comparison") }
            for other in arguments.dropFirst() where try isEqual(arguments[0], other) { return .bool(true) }
            return .bool(false)
        },
        "ne": Function(.any, .any) { .bool(try !isEqual($0[0], $0[1])) },
        "lt": Function(.any, .any) { .bool(try isLess($0[0], $0[1])) },
        "le": Function(.any, .any) { .bool(try isLess($0[0], $0[1]) || isEqual($0[0], $0[1])) },
        "gt": Function(.any, .any) { .bool(try !isLess($0[0], $0[1]) && !isEqual($0[0], $0[1])) },
        "ge": Function(.any, .any) { .bool(try !isLess($0[0], $0[1])) },
    ])

    /// Go's eq: values of one kind, integers of either sign by value, and nil with everything.
    private static func isEqual(_ left: Value, _ right: Value) throws(FunctionError) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): return left == right
        case (.signed(let left, _), .signed(let right, _)): return left == right
        case (.unsigned(let left, _), .unsigned(let right, _)): return left == right
        case (.signed(let signed, _), .unsigned(let unsigned, _)), (.unsigned(let unsigned, _), .signed(let signed, _)):
            return signed >= 0 && UInt64(signed) == unsigned
        case (.float(let left), .float(let right)): return left == right
        case (.complex(let left), .complex(let right)): return left == right
        case (.string(let left), .string(let right)): return left == right
        case (.nil, .nil), (.nil, .nilPointer), (.nilPointer, .nil), (.nilPointer, .nilPointer): return true
        case (.nil, _), (_, .nil): return false
        case (.pointer(let left), .pointer(let right)): return left === right
        case (.object(let left), .object(let right)): return left === right
        case (.pointer, .nilPointer), (.nilPointer, .pointer): return false
        case (.list, .list), (.map, .map), (.structure, .structure), (.numbers, .numbers):
            throw FunctionError("non-comparable type \(try Formatter.print([right])): \(right.typeName)")
        default:
            guard left.isBasic || right.isBasic else {
                throw FunctionError(
                    "non-comparable types \(try Formatter.print([left])): \(left.typeName), \(right.typeName): "
                        + "\(try Formatter.print([right]))")
            }
            throw FunctionError("incompatible types for comparison")
        }
    }

    /// Go's lt: numbers by value and strings by octets.
    private static func isLess(_ left: Value, _ right: Value) throws(FunctionError) -> Bool {
        switch (left, right) {
        case (.signed(let left, _), .signed(let right, _)): return left < right
        case (.unsigned(let left, _), .unsigned(let right, _)): return left < right
        case (.signed(let left, _), .unsigned(let right, _)): return left < 0 || UInt64(left) < right
        case (.unsigned(let left, _), .signed(let right, _)): return right >= 0 && left < UInt64(right)
        case (.float(let left), .float(let right)): return left < right
        case (.string(let left), .string(let right)): return left < right
        case (.bool, .bool), (.complex, .complex): throw FunctionError("invalid type for comparison")
        default:
            guard left.isBasic, right.isBasic else { throw FunctionError("invalid type for comparison") }
            throw FunctionError("incompatible types for comparison")
        }
    }
}

extension Value {
    fileprivate var isBasic: Bool {
        switch self {
        case .bool, .signed, .unsigned, .float, .complex, .string: true
        default: false
        }
    }
}
