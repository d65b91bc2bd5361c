import GoTemplate
import Registry

/// An instance of a service as templates see it: consul-template's HealthService.
struct ServiceReading: Sendable {
    let node: Node
    let instance: ServiceInstance
    /// Those of the node, then its own.
    let checks: [HealthCheck]
    let status: ServiceQuery.Status

    /// - Returns: `nil` for an instance whose node is unknown, which the catalog never holds.
    init?(_ entry: InstanceEntry, in snapshot: CatalogSnapshot) {
        guard let nodeEntry = snapshot.node(entry.instance.value.node) else { return nil }
        node = nodeEntry.node.value
        instance = entry.instance.value
        checks = (nodeEntry.checks + entry.checks).map(\.value)
        status = Self.status(of: checks)
    }

    /// The worst; a maintenance check counts as worse than all.
    private static func status(of checks: [HealthCheck]) -> ServiceQuery.Status {
        let isInMaintenance = checks.contains { check in
            check.status != .passing
                && (check.id == "_node_maintenance" || check.id.hasPrefix("_service_maintenance:"))
        }
        if isInMaintenance { return .maintenance }
        return switch checks.map(\.status).max() ?? .passing {
        case .passing: .passing
        case .warning: .warning
        case .critical: .critical
        }
    }

    static func list(_ instances: [ServiceReading]) -> Value {
        .list(List(instances.map { .pointer(description.structure($0)) }, of: .pointer(to: description.type)))
    }

    private static let description = StructDescription<ServiceReading>(
        "dependency.HealthService",
        [
            ("Node", .string, { .string($0.node.name.text) }),
            ("NodeID", .string, { .string($0.node.id) }),
            ("NodeAddress", .string, { .string($0.node.address.text) }),
            ("NodeTaggedAddresses", texts, { .map(Map($0.node.taggedAddresses.mapValues(\.text))) }),
            ("NodeMeta", texts, { .map(Map($0.node.meta)) }),
            ("ServiceMeta", texts, { .map(Map($0.instance.meta)) }),
            ("Address", .string, { .string(($0.instance.address ?? $0.node.address).text) }),
            ("ServiceTaggedAddresses", .map(key: .string, element: address.type), { $0.taggedAddresses }),
            ("ID", .string, { .string($0.instance.id) }),
            ("Name", .string, { .string($0.instance.name.text) }),
            ("Tags", tags, { .strings($0.instance.tags.sorted(), named: "dependency.ServiceTags") }),
            ("Checks", checkList, { $0.checkList }),
            ("Status", .string, { .string($0.status.rawValue) }),
            ("Port", .int, { .int(Int($0.instance.port)) }),
            ("Weights", weights.type, { .structure(weights.structure($0.instance.weights)) }),
        ])

    private static let texts = ValueType.map(key: .string, element: .string)
    private static let tags = ValueType.named("dependency.ServiceTags", .list(of: .string))
    private static let checkList = ValueType.named("api.HealthChecks", .list(of: .pointer(to: check.type)))

    private static let weights = StructDescription<Weights>(
        "api.AgentWeights",
        [
            ("Passing", .int, { .int(Int($0.passing)) }),
            ("Warning", .int, { .int(Int($0.warning)) }),
        ])

    private static let address = StructDescription<TaggedAddress>(
        "api.ServiceAddress",
        [
            ("Address", .string, { .string($0.address.text) }),
            ("Port", .int, { .int(Int($0.port)) }),
        ])

    private var taggedAddresses: Value {
        let entries = instance.taggedAddresses.map { name, address in
            (key: Value.string(name), value: Value.structure(Self.address.structure(address)))
        }
        return .map(Map(keys: .string, elements: Self.address.type, entries))
    }

    private static let check = StructDescription<CheckReading>(
        "api.HealthCheck",
        [
            ("Node", .string, { .string($0.check.node.text) }),
            ("CheckID", .string, { .string($0.check.id) }),
            ("Name", .string, { .string($0.check.name) }),
            ("Status", .string, { .string($0.check.status.rawValue) }),
            ("Notes", .string, { .string($0.check.notes) }),
            ("Output", .string, { .string($0.check.output) }),
            ("ServiceID", .string, { .string($0.service?.id ?? "") }),
            ("ServiceName", .string, { .string($0.service?.name.text ?? "") }),
            ("ServiceTags", .list(of: .string), { .strings($0.service?.tags ?? []) }),
        ])

    private struct CheckReading: Sendable {
        let check: HealthCheck
        /// `nil` for a check of the node.
        let service: ServiceInstance?
    }

    private var checkList: Value {
        let readings = checks.map { CheckReading(check: $0, service: $0.instance == nil ? nil : instance) }
        return .list(
            List(
                readings.map { .pointer(Self.check.structure($0)) }, of: .pointer(to: Self.check.type),
                named: "api.HealthChecks"))
    }
}
