import HTTPTypes
import Hummingbird
import Logging
import Registry

/// `/v1/agent/check`: checks on this node, and what others report for them.
struct AgentCheckRoutes {
    let agent: Agent
    let registry: Registry
    let permissions: CheckPermissions
    let bodies: BodyBudget
    let logger: Logger

    var endpoints: [Endpoint] {
        [
            .put("/v1/agent/check/register", register),
            .put("/v1/agent/check/deregister") { _ in throw FieldError("CheckID missing") },
            .put("/v1/agent/check/deregister/**", deregister),
            .put("/v1/agent/check/update/**", update),
        ]
            + [("pass", HealthStatus.passing), ("warn", .warning), ("fail", .critical)].map { verb, status in
                .put("/v1/agent/check/\(verb)/**") { request in
                    try await report(CheckReport(status, output: request.text("note") ?? ""), request)
                }
            }
            + ["pass", "warn", "fail", "update"].map { verb in
                .put("/v1/agent/check/\(verb)") { _ in throw FieldError("CheckID missing") }
            }
    }

    @Sendable private func register(_ request: APIRequest) async throws -> Response {
        try await request.withBody(within: bodies) { body in
            guard !body.isEmpty else { throw FieldError("the body is empty; send the check as a JSON object") }
            let registration = try NodeCheckRegistration(JSONReader.read(body), node: agent.node)
            let check = registration.check
            try check.definition?.ensure(permissions)
            let before = registry.snapshot
            if let instance = check.instance, before.instance(InstanceKey(node: agent.node, id: instance)) == nil {
                throw FieldError("ServiceID \(quoted(instance)) does not exist")
            }
            try await registry.submit { catalog throws(CatalogError) in
                try catalog.ensureNoContainer(has: check.key)
                return [.putCheck(check.resuming(catalog.check(check.key)?.value))]
            }
            registry.heartbeats.note(registered: check)
            if let asked = registration.refusedInterval, before.check(check.key) == nil {
                logger.noteSlowedCheck(check.key, asked: asked)
            }
            return .done
        }
    }

    @Sendable private func deregister(_ request: APIRequest) async throws -> Response {
        let key = CheckKey(node: agent.node, id: try request.pathRest())
        try await registry.submit { catalog throws(CatalogError) in
            try catalog.ensureNoContainer(has: key)
            return [.removeCheck(key)]
        }
        return .done
    }

    @Sendable private func update(_ request: APIRequest) async throws -> Response {
        try await request.withBody(within: bodies) { body in
            guard !body.isEmpty else { throw FieldError("the body is empty; send Status and Output as a JSON object") }
            return try await report(CheckReport(JSONReader.read(body)), request)
        }
    }

    private func report(_ report: CheckReport, _ request: APIRequest) async throws -> Response {
        let key = CheckKey(node: agent.node, id: try request.pathRest())
        guard let check = registry.snapshot.check(key)?.value else {
            throw APIError.notFound(
                "Unknown check ID \(quoted(key.id)). Ensure that the check ID is passed, not the check name.")
        }
        guard let definition = check.definition, case .reports = definition.source else {
            throw FieldError("CheckID \(quoted(key.id)) does not have associated TTL")
        }
        registry.heartbeats.note(key)
        let output = CheckOutput.report(report.output, octets: definition.outputLimit)
        // In its turn even if it says nothing new: an expiry may be under way.
        try await registry.submit([.setStatus(key, report.status, output: output)])
        return .done
    }
}

extension Heartbeats {
    /// Who registers a check that is to be reported for is alive.
    func note(registered check: HealthCheck) {
        if case .reports = check.definition?.source { note(check.key) }
    }
}

extension Logger {
    func noteSlowedCheck(_ key: CheckKey, asked: Duration) {
        notice(
            "a check runs once a second, not as often as it was asked to",
            metadata: ["check": "\(key.id)", "asked": "\(asked)"])
    }
}
