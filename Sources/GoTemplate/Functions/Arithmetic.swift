extension FunctionTable {
    /// `add b a` and so on are a OP b: "10 | divide 2" is 5.
    static let arithmetic = FunctionTable([
        "add": operation("add", { $0 &+ $1 }, { $0 &+ $1 }, { $0 + $1 }),
        "subtract": operation("subtract", { $0 &- $1 }, { $0 &- $1 }, { $0 - $1 }),
        "multiply": operation("multiply", { $0 &* $1 }, { $0 &* $1 }, { $0 * $1 }),
        "divide": operation(
            "divide", { $1 == -1 ? 0 &- $0 : $0 / $1 }, { $0 / $1 }, { $0 / $1 }, dividesIntegers: true),
        "modulo": operation("modulo", { $1 == -1 ? 0 : $0 % $1 }, { $0 % $1 }, nil, dividesIntegers: true),
        "minimum": operation("minimum", { min($0, $1) }, { min($0, $1) }, { min($0, $1) }),
        "maximum": operation("maximum", { max($0, $1) }, { max($0, $1) }, { max($0, $1) }),
    ])

    /// - Parameters:
    ///   - onFloats: also for an integer and a float; `nil`: integers only.
    ///   - dividesIntegers: whether an integer zero on the right is an error.
    private static func operation(
        _ name: String, _ onSigned: @escaping @Sendable (Int64, Int64) -> Int64,
        _ onUnsigned: @escaping @Sendable (UInt64, UInt64) -> UInt64,
        _ onFloats: (@Sendable (Double, Double) -> Double)?, dividesIntegers: Bool = false
    ) -> Function {
        Function(.any, .any) { arguments in
            let (left, right) = (arguments[1], arguments[0])
            if let onFloats, let (left, right) = floats(left, right) { return .float(onFloats(left, right)) }
            if dividesIntegers, right.signedInteger == 0 {
                throw FunctionError("runtime error: integer divide by zero")
            }
            if case (.unsigned(let left, _), .unsigned(let right, _)) = (left, right) {
                return .unsigned(onUnsigned(left, right), .uint64)
            }
            if let left = left.signedInteger, let right = right.signedInteger { return .int64(onSigned(left, right)) }
            let culprit = left.signedInteger == nil && (onFloats == nil || !left.isFloat) ? left : right
            throw FunctionError(
                "\(name): unknown type for \(try Formatter.printf("%q", [culprit])) (\(culprit.typeName))")
        }
    }

    /// Two numbers of which one is a float are calculated with as floats.
    private static func floats(_ left: Value, _ right: Value) -> (Double, Double)? {
        guard left.isFloat || right.isFloat, let left = left.double, let right = right.double else { return nil }
        return (left, right)
    }
}

extension Value {
    fileprivate var isFloat: Bool {
        if case .float = self { true } else { false }
    }

    /// The value as Go converts it to int64; `nil` for what is no integer.
    fileprivate var signedInteger: Int64? {
        switch self {
        case .signed(let value, _): value
        case .unsigned(let value, _): Int64(truncatingIfNeeded: value)
        default: nil
        }
    }

    /// Any number as a float.
    fileprivate var double: Double? {
        switch self {
        case .signed(let value, _): Double(value)
        case .unsigned(let value, _): Double(value)
        case .float(let value): value
        default: nil
        }
    }
}
