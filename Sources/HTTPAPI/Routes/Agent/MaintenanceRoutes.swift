import HTTPTypes
import Hummingbird
import Registry

/// `/v1/agent/maintenance` and `/v1/agent/service/maintenance`: taking this node or an instance on it out of service.
struct MaintenanceRoutes {
    let agent: Agent
    let registry: Registry

    var endpoints: [Endpoint] {
        [
            .put("/v1/agent/maintenance") { try await set(for: nil, $0) },
            .put("/v1/agent/service/maintenance") { _ in throw FieldError("Missing service ID") },
            .put("/v1/agent/service/maintenance/**") { try await set(for: $0.pathRest(), $0) },
        ]
    }

    /// - Parameter instance: `nil`: the node as a whole.
    private func set(for instance: InstanceID?, _ request: APIRequest) async throws -> Response {
        guard instance != "" else { throw FieldError("Missing service ID") }
        guard let word = request.text("enable") else { throw FieldError("Missing value for enable") }
        guard let isEnabled = GoBool.parse(word) else { throw FieldError("Invalid value for enable: \(quoted(word))") }
        let reason = CheckOutput.beginning(of: request.text("reason") ?? "", octets: 512)
        let check = HealthCheck.maintenance(of: agent.node, instance: instance, reason: reason)
        if let instance, registry.snapshot.instance(InstanceKey(node: agent.node, id: instance)) == nil {
            throw APIError.notFound("No service registered with ID \(quoted(instance))")
        }
        try await registry.submit { catalog in
            guard isEnabled else { return [.removeCheck(check.key)] }
            // As in Consul, the first reason stands.
            return catalog.check(check.key) == nil ? [.putCheck(check)] : []
        }
        return .done
    }
}
