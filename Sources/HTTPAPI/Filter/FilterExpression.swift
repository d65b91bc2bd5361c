/// A filter as it was written, with its selectors not yet looked at.
indirect enum FilterExpression: Equatable {
    case any([FilterExpression])
    case all([FilterExpression])
    case not(FilterExpression)
    case match(FilterMatch)
}

/// One comparison: `Service.Tags contains blue`, `blue in Service.Tags`, `Service.Tags is not empty`.
struct FilterMatch: Equatable {
    enum Operation: String {
        case equal = "Equal"
        case contain = "In"
        case empty = "Is Empty"
        case match = "Matches"
    }

    /// `Node.Meta["rack"]`, part by part; at least one.
    var selector: [String]
    var operation: Operation
    var isNegated: Bool
    /// Empty for ``Operation/empty``.
    var value: String

    /// Consul's name for the operation, as its clients see it in errors.
    var operationName: String {
        switch (operation, isNegated) {
        case (.empty, true): "Is Not Empty"
        case (_, true): "Not \(operation.rawValue)"
        case (_, false): operation.rawValue
        }
    }
}

/// Why a filter cannot be evaluated.
struct FilterError: Error, Equatable, CustomStringConvertible {
    var reason: String

    init(_ reason: String) { self.reason = reason }

    /// Begins as in Consul, for clients that look for it.
    var description: String { "Failed to create boolean expression evaluator: \(reason)" }
}
