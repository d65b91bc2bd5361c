/// The state of one check of a node or of an instance.
package struct HealthCheck: Hashable, Sendable {
    package var node: NodeName
    /// Unique on its node.
    package var id: CheckID
    package var name: String
    package var status: HealthStatus
    package var notes: String
    /// What the last run said, at most 4096 octets.
    package var output: String
    /// The instance checked; `nil`: the node itself.
    package var instance: InstanceID?
    /// How Berth runs the check; `nil`: somebody else reports its status.
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

/// How and how often a check runs.
package struct CheckDefinition: Hashable, Sendable {
    package enum Probe: Hashable, Sendable {
        case http(HTTPProbe)
        /// A connection to this host and port is enough.
        case tcp(host: Address, port: UInt16)
    }

    /// What an HTTP check asks. 2xx is passing, 429 warning, anything else critical.
    package struct HTTPProbe: Hashable, Sendable {
        /// `http` or `https`, with a host.
        package var url: String
        package var method: String
        package var headers: [String: [String]]
        package var body: String
        package var skipsTLSVerification: Bool

        package init(
            url: String, method: String = "GET", headers: [String: [String]] = [:], body: String = "",
            skipsTLSVerification: Bool = false
        ) {
            self.url = url
            self.method = method
            self.headers = headers
            self.body = body
            self.skipsTLSVerification = skipsTLSVerification
        }
    }

    package var probe: Probe
    /// At least one second.
    package var interval: Duration
    package var timeout: Duration

    package init(probe: Probe, interval: Duration, timeout: Duration = .seconds(10)) {
        self.probe = probe
        self.interval = interval
        self.timeout = timeout
    }
}
