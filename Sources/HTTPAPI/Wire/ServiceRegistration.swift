import Registry

/// The body of `PUT /v1/agent/service/register`: one instance on this node and its checks.
///
/// - SeeAlso: Consul's "Register Service" page; Go's `api.AgentServiceRegistration`.
struct ServiceRegistration {
    var instance: ServiceInstance
    var checks: [HealthCheck]
    /// The name that was asked for, where the policy rewrote it.
    var originalName: String?
    /// Checks that were asked to run more often than Berth runs any, with the interval that was asked for.
    var slowedChecks: [(key: CheckKey, asked: Duration)]

    /// Whether it is taken otherwise than it was asked for.
    var isAltered: Bool { originalName != nil || !slowedChecks.isEmpty }

    private static let maximumChecks = 64

    /// - Throws: ``FieldError``, or `LabelError` for a name that `policy` does not let in.
    init(_ body: JSONValue, node: NodeName, policy: NamePolicy) throws {
        var fields = try JSONFields(body)
        let service = try InstanceFields(from: &fields, nameField: "Name", node: node, policy: policy)
        instance = service.instance
        instance.owner = .agent
        originalName = service.originalName
        (checks, slowedChecks) = try Self.checks(&fields, of: instance)
        // Access control lists are off, as in a Consul agent without them: a token is taken and not looked at.
        _ = try fields.text("Token")
        try fields.end()
    }

    private static func checks(
        _ fields: inout JSONFields, of instance: ServiceInstance
    ) throws -> (all: [HealthCheck], slowed: [(key: CheckKey, asked: Duration)]) {
        var given: [CheckRegistration] = []
        if let value = fields.take("Check"), value != .object([]) {
            given.append(try CheckRegistration(value, at: "Check"))
        }
        for (position, value) in try (fields.list("Checks", atMost: maximumChecks) ?? []).enumerated() {
            given.append(try CheckRegistration(value, at: "Checks[\(position)]"))
        }
        let checks = given.enumerated().map { position, check in
            let number = given.count > 1 ? ":\(position + 1)" : ""
            return check.check(of: instance, defaultID: "service:\(instance.id)\(number)")
        }
        var ids: Set<CheckID> = []
        if let double = checks.first(where: { !ids.insert($0.id).inserted }) {
            throw FieldError("two checks have the CheckID \(quoted(double.id))")
        }
        let slowed = zip(checks, given).compactMap { check, given in
            given.refusedInterval.map { (key: check.key, asked: $0) }
        }
        return (checks, slowed)
    }
}
