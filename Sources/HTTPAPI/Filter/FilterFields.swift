/// What a filter can select: the fields of an answer's elements, under the names they have there.
protocol Filterable: SendableMetatype {
    static var filterFields: FilterFields<Self> { get }
}

/// Fields by their names.
struct FilterFields<Root: SendableMetatype>: ExpressibleByDictionaryLiteral, Sendable {
    typealias Test = @Sendable (Root) -> Bool

    private var fields: [String: FilterField<Root>]

    init(dictionaryLiteral elements: (String, FilterField<Root>)...) {
        fields = Dictionary(elements) { $1 }
    }

    /// The fields of a part, as those of the whole.
    func within<Whole: SendableMetatype>(_ part: @escaping @Sendable (Whole) -> Root) -> FilterFields<Whole> {
        var whole: FilterFields<Whole> = [:]
        whole.fields = fields.mapValues { field in
            FilterField<Whole> { path throws(FilterError) in
                let test = try field.test(path)
                return { test(part($0)) }
            }
        }
        return whole
    }

    /// The test that a path's match stands for.
    func test(_ path: FilterPath) throws(FilterError) -> Test {
        guard let name = path.next, let field = fields[name] else { throw path.invalid }
        return try field.test(path.advanced)
    }
}

/// How far a match's selector was followed.
struct FilterPath {
    let match: FilterMatch
    private var taken = 0

    init(_ match: FilterMatch) { self.match = match }

    /// The part that comes next; `nil`: the whole selector was followed.
    var next: String? { taken < match.selector.count ? match.selector[taken] : nil }

    var advanced: FilterPath {
        var path = self
        path.taken += 1
        return path
    }

    /// The next part does not exist.
    var invalid: FilterError {
        FilterError("Selector \(quoted(match.selector.prefix(taken + 1).joined(separator: "."))) is not valid")
    }

    /// What was followed cannot be compared in this way.
    var invalidOperation: FilterError {
        FilterError("Invalid match operator \"\(match.operationName)\" for selector \(name)")
    }

    /// The value is not of the field's kind.
    func invalidValue(_ kind: String) -> FilterError {
        FilterError("Failed to coerce value \(quoted(match.value)) for selector \(name): it is not \(kind)")
    }

    private var name: String { quoted(match.selector.joined(separator: ".")) }
}
