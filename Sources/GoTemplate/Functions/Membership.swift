extension FunctionTable {
    static let membership = FunctionTable([
        "contains": Function(.any, .any) { .bool(holds($0[1], $0[0])) },
        "in": Function(.any, .any) { .bool(holds($0[0], $0[1])) },
        "containsAll": Function(.list(of: .any), .any) { arguments in
            .bool(arguments[0].elements.allSatisfy { holds(arguments[1], $0) })
        },
        "containsAny": Function(.list(of: .any), .any) { arguments in
            .bool(arguments[0].elements.contains { holds(arguments[1], $0) })
        },
        "containsNone": Function(.list(of: .any), .any) { arguments in
            .bool(!arguments[0].elements.contains { holds(arguments[1], $0) })
        },
        "containsNotAll": Function(.list(of: .any), .any) { arguments in
            .bool(!arguments[0].elements.allSatisfy { holds(arguments[1], $0) })
        },
    ])

    /// Whether a list has the element, or a string the part. Numbers of different kinds are different.
    private static func holds(_ whole: Value, _ part: Value) -> Bool {
        switch (whole, part) {
        case (.list(let list), _): list.elements.contains { isSame($0, part) }
        case (.string(let whole), .string(let part)): whole.contains(part)
        default: false
        }
    }

    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left == right
        case (.signed(let left, _), .signed(let right, _)): left == right
        case (.unsigned(let left, _), .unsigned(let right, _)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        default: false
        }
    }
}
