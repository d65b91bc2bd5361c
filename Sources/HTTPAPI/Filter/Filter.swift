/// What `?filter=` asks of the elements of an answer.
///
/// Reading it takes time linear in its length, which is bounded, and so does evaluating it for one element: nobody can
/// keep the server busy with an expression.
///
/// - SeeAlso: Consul's "Filtering" page.
struct Filter<Element: Filterable>: Sendable {
    /// `nil`: every element will do.
    private let test: FilterFields<Element>.Test?

    /// - Throws: ``FilterError`` for what is no expression, or not one for these elements.
    init(_ request: APIRequest) throws(FilterError) { try self.init(request.text("filter")) }

    init(_ text: String?) throws(FilterError) {
        guard let text else {
            test = nil
            return
        }
        test = try Self.test(try FilterParser.parse(text))
    }

    func callAsFunction(_ element: Element) -> Bool { test?(element) ?? true }

    private static func test(_ expression: FilterExpression) throws(FilterError) -> FilterFields<Element>.Test {
        switch expression {
        case .match(let match): return try Element.filterFields.test(FilterPath(match))
        case .not(let inner):
            let test = try test(inner)
            return { !test($0) }
        case .all(let parts):
            let tests = try tests(parts)
            return { element in tests.allSatisfy { $0(element) } }
        case .any(let parts):
            let tests = try tests(parts)
            return { element in tests.contains { $0(element) } }
        }
    }

    private static func tests(_ parts: [FilterExpression]) throws(FilterError) -> [FilterFields<Element>.Test] {
        var tests: [FilterFields<Element>.Test] = []
        for part in parts { tests.append(try test(part)) }
        return tests
    }
}

extension Sequence where Element: Filterable {
    func filter(_ filter: Filter<Element>) -> [Element] { self.filter { filter($0) } }
}
