import Registry

/// One field: what can be asked of it, and the answer for an element.
struct FilterField<Root: SendableMetatype>: Sendable {
    typealias Test = FilterFields<Root>.Test

    /// Makes the test for a path that led to this field, and may lead on below it.
    let test: @Sendable (FilterPath) throws(FilterError) -> Test

    init(_ test: @escaping @Sendable (FilterPath) throws(FilterError) -> Test) { self.test = test }

    static func text(_ value: @escaping @Sendable (Root) -> String) -> FilterField {
        FilterField { path throws(FilterError) in
            let holds = try TextTest(path)
            return { holds(value($0)) }
        }
    }

    static func number<Number: FixedWidthInteger & SendableMetatype>(
        _ value: @escaping @Sendable (Root) -> Number
    ) -> FilterField {
        FilterField { path throws(FilterError) in
            guard path.next == nil else { throw path.invalid }
            guard path.match.operation == .equal else { throw path.invalidOperation }
            guard let wanted = Int64(path.match.value) else { throw path.invalidValue("an integer") }
            let isNegated = path.match.isNegated
            return { (value($0) == wanted) != isNegated }
        }
    }

    static func bool(_ value: @escaping @Sendable (Root) -> Bool) -> FilterField {
        FilterField { path throws(FilterError) in
            guard path.next == nil else { throw path.invalid }
            guard path.match.operation == .equal else { throw path.invalidOperation }
            guard let wanted = GoBool.parse(path.match.value) else { throw path.invalidValue("true or false") }
            let isNegated = path.match.isNegated
            return { (value($0) == wanted) != isNegated }
        }
    }

    static func texts(_ values: @escaping @Sendable (Root) -> [String]) -> FilterField {
        FilterField { path throws(FilterError) in
            guard path.next == nil else { throw path.invalid }
            return try collectionTest(path, isEmpty: { values($0).isEmpty }, contains: { values($0).contains($1) })
        }
    }

    /// Texts by keys. A key that is not there equals nothing.
    static func map(_ values: @escaping @Sendable (Root) -> [String: String]) -> FilterField {
        FilterField { path throws(FilterError) in
            guard let key = path.next else {
                return try collectionTest(
                    path, isEmpty: { values($0).isEmpty }, contains: { values($0)[$1] != nil })
            }
            let holds = try TextTest(path.advanced)
            return { values($0)[key].map(holds.callAsFunction) ?? path.match.isNegated }
        }
    }

    static func object<Part: Filterable>(_ part: @escaping @Sendable (Root) -> Part) -> FilterField {
        FilterField { path throws(FilterError) in
            guard path.next != nil else { throw path.invalidOperation }
            let test = try Part.filterFields.test(path)
            return { test(part($0)) }
        }
    }

    /// Objects of which one is enough.
    static func list<Part: Filterable>(_ parts: @escaping @Sendable (Root) -> [Part]) -> FilterField {
        FilterField { path throws(FilterError) in
            guard path.next != nil else {
                guard path.match.operation == .empty else { throw path.invalidOperation }
                return try collectionTest(path, isEmpty: { parts($0).isEmpty }, contains: { _, _ in false })
            }
            let test = try Part.filterFields.test(path)
            return { parts($0).contains(where: test) }
        }
    }

    /// Objects by keys. Of a key that is not there nothing is equal to anything.
    static func objects<Part: Filterable>(_ parts: @escaping @Sendable (Root) -> [String: Part]) -> FilterField {
        FilterField { path throws(FilterError) in
            guard let key = path.next else {
                return try collectionTest(path, isEmpty: { parts($0).isEmpty }, contains: { parts($0)[$1] != nil })
            }
            guard path.advanced.next != nil else { throw path.advanced.invalidOperation }
            let test = try Part.filterFields.test(path.advanced)
            return { parts($0)[key].map(test) ?? path.match.isNegated }
        }
    }

    private static func collectionTest(
        _ path: FilterPath, isEmpty: @escaping @Sendable (Root) -> Bool,
        contains: @escaping @Sendable (Root, String) -> Bool
    ) throws(FilterError) -> Test {
        let match = path.match
        switch match.operation {
        case .empty: return { isEmpty($0) != match.isNegated }
        case .contain: return { contains($0, match.value) != match.isNegated }
        case .equal, .match: throw path.invalidOperation
        }
    }
}

/// What a match says of one text.
private struct TextTest: Sendable {
    private let isNegated: Bool
    private let holds: @Sendable (String) -> Bool

    init(_ path: FilterPath) throws(FilterError) {
        guard path.next == nil else { throw path.invalid }
        let value = path.match.value
        isNegated = path.match.isNegated
        switch path.match.operation {
        case .equal: holds = { $0 == value }
        case .contain: holds = { value.isEmpty || $0.contains(value) }
        case .match:
            do {
                let pattern = try Pattern(value)
                holds = { pattern.matches($0) }
            } catch {
                throw FilterError("Failed to compile regular expression \(quoted(value)): \(error)")
            }
        case .empty: throw path.invalidOperation
        }
    }

    func callAsFunction(_ text: String) -> Bool { holds(text) != isNegated }
}
