/// The type of a ``Value``, by Go's rules and in Go's spelling: error texts and `%T` show it.
package indirect enum ValueType: Hashable, Sendable {
    case bool
    case int
    case int64
    case uint8
    case uint
    case uint64
    case float64
    case complex128
    case string
    /// Go's `interface {}`: any value, or nil.
    case any
    case list(of: ValueType)
    case map(key: ValueType, element: ValueType)
    /// A struct, by its name with package, such as `dependency.HealthService`.
    case structure(String)
    /// A list or map type with a name of its own, such as `dependency.ServiceTags`.
    case named(String, ValueType)
    case pointer(to: ValueType)
    /// What `loop` returns: numbers to be ranged over.
    case channel

    var underlying: ValueType {
        if case .named(_, let type) = self { type } else { self }
    }

    /// Whether a value of this type can be given where `target` is wanted.
    func isAssignable(to target: ValueType) -> Bool {
        if target == .any || self == target { return true }
        return switch (self, target) {
        case (.named, .named): false
        case (.named(_, let own), let other), (let other, .named(_, let own)): own == other
        default: false
        }
    }

    /// Whether `nil` can be given where this type is wanted.
    var canBeNil: Bool {
        switch underlying {
        case .any, .list, .map, .pointer, .channel: true
        default: false
        }
    }

    /// What a missing element of this type is.
    var zero: Value {
        switch self {
        case .bool: .bool(false)
        case .int: .int(0)
        case .int64: .int64(0)
        case .uint8: .unsigned(0, .uint8)
        case .uint: .unsigned(0, .uint)
        case .uint64: .unsigned(0, .uint64)
        case .float64: .float(0)
        case .complex128: .complex(Complex(real: 0, imaginary: 0))
        case .string: .string("")
        case .any, .structure: .nil
        case .list(let element): .list(List([], of: element))
        case .map(let key, let element): .map(Map(keys: key, elements: element, []))
        case .named(let name, .list(let element)): .list(List([], of: element, named: name))
        case .named(_, let type): type.zero
        case .pointer(let target): .nilPointer(to: target)
        case .channel: .numbers(0..<0)
        }
    }
}

extension ValueType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bool: "bool"
        case .int: "int"
        case .int64: "int64"
        case .uint8: "uint8"
        case .uint: "uint"
        case .uint64: "uint64"
        case .float64: "float64"
        case .complex128: "complex128"
        case .string: "string"
        case .any: "interface {}"
        case .list(let element): "[]\(element)"
        case .map(let key, let element): "map[\(key)]\(element)"
        case .structure(let name), .named(let name, _): name
        case .pointer(let target): "*\(target)"
        case .channel: "<-chan int64"
        }
    }
}
