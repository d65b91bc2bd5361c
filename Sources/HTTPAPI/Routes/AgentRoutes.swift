import Hummingbird
import Registry

/// `/v1/agent`: this node, and the registrations on it.
struct AgentRoutes {
    let agent: Agent
    let registry: Registry
    let namePolicy: NamePolicy
    let version: String

    var endpoints: [Endpoint] {
        [
            .get("/v1/agent/self") { try .json(AgentSelfJSON(agent, version: version), to: $0) },
            .get("/v1/agent/members") { try .json([MemberJSON(agent, version: version)], to: $0) },
            .get("/v1/agent/services", services),
            .put("/v1/agent/service/register", register),
            .put("/v1/agent/service/deregister") { _ in throw FieldError("ServiceID missing") },
            .put("/v1/agent/service/deregister/**", deregister),
        ]
    }

    @Sendable private func services(_ request: APIRequest) throws -> Response {
        try request.checkReadParameters(datacenter: agent.datacenter)
        let services = registry.snapshot.instances(on: agent.node).map { entry in
            (entry.instance.value.id, AgentServiceJSON(entry.instance.value))
        }
        return try .json(Dictionary(services) { $1 }, to: request)
    }

    @Sendable private func register(_ request: APIRequest) async throws -> Response {
        let replacesChecks = try request.flag("replace-existing-checks")
        let body = try await request.body()
        guard !body.isEmpty else { throw FieldError("the body is empty; send the service as a JSON object") }
        let registration = try ServiceRegistration(
            JSONReader.read(body), node: agent.node, policy: namePolicy)
        let checks = replacesChecks ? registration.checks : merged(registration)
        try await registry.submit([.putInstance(registration.instance, checks: checks)])
        return .done
    }

    /// The registered checks and those the instance has besides; `nil` leaves them as they are.
    private func merged(_ registration: ServiceRegistration) -> [HealthCheck]? {
        guard !registration.checks.isEmpty else { return nil }
        let ids = Set(registration.checks.map(\.id))
        let before = registry.snapshot.instance(registration.instance.key)?.checks.map(\.value) ?? []
        return before.filter { !ids.contains($0.id) } + registration.checks
    }

    @Sendable private func deregister(_ request: APIRequest) async throws -> Response {
        let key = InstanceKey(node: agent.node, id: try request.pathRest())
        try await registry.submit([.removeInstance(key)])
        return .done
    }
}
