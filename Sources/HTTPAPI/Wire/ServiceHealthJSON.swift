import Registry

/// One instance with all checks that bear on it and what they come to, as `/v1/agent/health/service` shows it.
struct ServiceHealthJSON: Encodable {
    var aggregatedStatus: AggregatedStatus
    /// `nil`: there is no such instance.
    var service: AgentServiceJSON?
    var checks: [HealthCheckJSON]?

    enum CodingKeys: String, CodingKey {
        case aggregatedStatus = "AggregatedStatus"
        case service = "Service"
        case checks = "Checks"
    }

    static let unknown = ServiceHealthJSON(aggregatedStatus: .critical)

    private init(aggregatedStatus: AggregatedStatus) { self.aggregatedStatus = aggregatedStatus }

    init(_ entry: InstanceEntry, on node: NodeEntry?) {
        aggregatedStatus = AggregatedStatus(of: (node?.checks ?? []) + entry.checks)
        service = AgentServiceJSON(entry.instance.value)
        checks = (node.map { HealthCheckJSON.checks(of: $0) } ?? []) + HealthCheckJSON.checks(of: entry)
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(aggregatedStatus.rawValue, forKey: .aggregatedStatus)
        // Consul says null, where the synthesized code would leave them out.
        try json.encode(service, forKey: .service)
        try json.encode(checks, forKey: .checks)
    }
}

/// What several checks come to, from good to bad.
enum AggregatedStatus: String, CaseIterable, Comparable {
    case passing
    case warning
    case critical
    /// Somebody takes it out of service, whatever the checks say.
    case maintenance

    init(of checks: [Indexed<HealthCheck>]) {
        if checks.contains(where: { $0.value.isMaintenance }) {
            self = .maintenance
        } else {
            switch checks.map(\.value.status).max() ?? .passing {
            case .passing: self = .passing
            case .warning: self = .warning
            case .critical: self = .critical
            }
        }
    }

    static func < (left: AggregatedStatus, right: AggregatedStatus) -> Bool { left.severity < right.severity }

    private var severity: Int {
        switch self {
        case .passing: 0
        case .warning: 1
        case .critical: 2
        case .maintenance: 3
        }
    }
}
