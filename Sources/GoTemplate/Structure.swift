/// A Go struct, whose fields are made when they are asked for.
package final class Structure: Sendable {
    package let shape: Shape
    private let read: @Sendable (Int) -> Value

    /// A struct type: its name with package and its fields in the order of their declaration.
    package final class Shape: Sendable {
        package let name: String
        package let fields: [(name: String, type: ValueType)]
        private let positions: [String: Int]

        init(name: String, fields: [(name: String, type: ValueType)]) {
            self.name = name
            self.fields = fields
            positions = Dictionary(
                fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        }

        func position(of field: String) -> Int? { positions[field] }
    }

    fileprivate init(shape: Shape, read: @escaping @Sendable (Int) -> Value) {
        self.shape = shape
        self.read = read
    }

    /// - Parameter position: an index into the shape's fields.
    package func field(at position: Int) -> Value { read(position) }
}

/// How a Swift value looks as a Go struct.
package struct StructDescription<Subject: Sendable>: Sendable {
    package typealias Field = (name: String, type: ValueType, read: @Sendable (Subject) -> Value)

    package let shape: Structure.Shape
    private let readers: [@Sendable (Subject) -> Value]

    /// - Parameter fields: in the order in which Go would print them.
    package init(_ name: String, _ fields: [Field]) {
        shape = Structure.Shape(name: name, fields: fields.map { ($0.name, $0.type) })
        readers = fields.map(\.read)
    }

    package var type: ValueType { .structure(shape.name) }

    package func structure(_ subject: Subject) -> Structure {
        Structure(shape: shape) { [readers] in readers[$0](subject) }
    }
}
