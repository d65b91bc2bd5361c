/// A value in a template, by Go's model: what Go would hold in an `interface {}`.
package enum Value: Sendable {
    /// Nothing: Go's nil. Printed as `<no value>` when it is an action's result, as `<nil>` inside others.
    case `nil`
    case bool(Bool)
    case signed(Int64, SignedType)
    case unsigned(UInt64, UnsignedType)
    case float(Double)
    case complex(Complex)
    case string(GoString)
    case list(List)
    case map(Map)
    case structure(Structure)
    /// A pointer to a struct; fields are read through it.
    case pointer(Structure)
    case nilPointer(to: ValueType)
    /// A stream of numbers, to be ranged over.
    case numbers(Range<Int64>)
    /// Something with methods.
    case object(any Object)

    package enum SignedType: Sendable { case int, int64 }
    package enum UnsignedType: Sendable { case uint8, uint, uint64 }

    package static func int(_ value: Int) -> Value { .signed(Int64(value), .int) }
    package static func int64(_ value: Int64) -> Value { .signed(value, .int64) }
    package static func string(_ text: some StringProtocol) -> Value { .string(GoString(text)) }

    package static func strings(_ texts: some Sequence<String>, named name: String? = nil) -> Value {
        .list(List(texts.map { .string(GoString($0)) }, of: .string, named: name))
    }

    /// Its type; `nil` for nil, which has none.
    package var type: ValueType? {
        switch self {
        case .nil: nil
        case .bool: .bool
        case .signed(_, .int): .int
        case .signed(_, .int64): .int64
        case .unsigned(_, .uint8): .uint8
        case .unsigned(_, .uint): .uint
        case .unsigned(_, .uint64): .uint64
        case .float: .float64
        case .complex: .complex128
        case .string: .string
        case .list(let list): list.type
        case .map(let map): .map(key: map.keyType, element: map.elementType)
        case .structure(let structure): .structure(structure.shape.name)
        case .pointer(let structure): .pointer(to: .structure(structure.shape.name))
        case .nilPointer(let target): .pointer(to: target)
        case .numbers: .channel
        case .object(let object): .pointer(to: .structure(object.typeName))
        }
    }

    var typeName: String { type?.description ?? "<nil>" }

    /// Go's truth: everything but false, zero, nil and what is empty.
    package var isTrue: Bool {
        switch self {
        case .nil, .nilPointer: false
        case .bool(let value): value
        case .signed(let value, _): value != 0
        case .unsigned(let value, _): value != 0
        case .float(let value): value != 0
        case .complex(let value): value.real != 0 || value.imaginary != 0
        case .string(let text): !text.isEmpty
        case .list(let list): !list.elements.isEmpty
        case .map(let map): !map.entries.isEmpty
        case .structure, .pointer, .numbers, .object: true
        }
    }
}

/// Go's complex128.
package struct Complex: Hashable, Sendable {
    package var real: Double
    package var imaginary: Double
}

/// Something with methods: called as `value.Method argument`.
package protocol Object: AnyObject, Sendable {
    /// With package, such as `template.Scratch`.
    var typeName: String { get }
    func method(_ name: String) -> Function?
}

/// Go's slice.
package struct List: Sendable {
    package var elements: [Value]
    package var elementType: ValueType
    /// The type's own name, if it has one.
    package var typeName: String?

    package init(_ elements: [Value], of elementType: ValueType = .any, named typeName: String? = nil) {
        self.elements = elements
        self.elementType = elementType
        self.typeName = typeName
    }

    var type: ValueType {
        let plain = ValueType.list(of: elementType)
        return typeName.map { .named($0, plain) } ?? plain
    }
}
