/// The state of one check of a node or of an instance.
package struct HealthCheck: Hashable, Sendable {
    package var node: NodeName
    /// Unique on its node.
    package var id: CheckID
    package var name: String
    package var status: HealthStatus
    package var notes: String
    /// What the last run or report said; see ``CheckOutput``.
    package var output: String
    /// The instance checked; `nil`: the node itself.
    package var instance: InstanceID?
    /// How its status comes about; `nil`: somebody sets it when it likes.
    package var definition: CheckDefinition?

    package init(
        node: NodeName, id: CheckID, name: String, status: HealthStatus = .critical, notes: String = "",
        output: String = "",
        instance: InstanceID? = nil, definition: CheckDefinition? = nil
    ) {
        self.node = node
        self.id = id
        self.name = name
        self.status = status
        self.notes = notes
        self.output = output
        self.instance = instance
        self.definition = definition
    }

    package var key: CheckKey { CheckKey(node: node, id: id) }

    /// What is known of the check already: it says so from now on, if it is still the same check.
    package func resuming(_ known: HealthCheck?) -> HealthCheck {
        guard let known, known.definition == definition else { return self }
        var check = self
        check.status = known.status
        check.output = known.output
        return check
    }
}

package typealias CheckID = String

/// Names one check in the whole catalog.
package struct CheckKey: Hashable, Sendable {
    package var node: NodeName
    package var id: CheckID

    package init(node: NodeName, id: CheckID) {
        self.node = node
        self.id = id
    }
}

/// Ordered from good to bad: the status of several checks is the greatest.
package enum HealthStatus: String, CaseIterable, Comparable, Sendable {
    case passing
    case warning
    case critical

    package static func < (left: HealthStatus, right: HealthStatus) -> Bool { left.severity < right.severity }

    private var severity: Int {
        switch self {
        case .passing: 0
        case .warning: 1
        case .critical: 2
        }
    }
}
