import Hummingbird
import Registry

/// `/v1/health`: instances with their checks.
struct HealthRoutes {
    let agent: Agent
    let registry: Registry
    let namePolicy: NamePolicy

    var endpoints: [Endpoint] {
        [
            .get("/v1/health/service") { _ in throw FieldError("Missing service name") },
            .get("/v1/health/service/:name", service),
        ]
    }

    @Sendable private func service(_ request: APIRequest) throws -> Response {
        let onlyPassing = try request.flag("passing")
        let read = try ServiceRead(
            request, of: registry.snapshot, datacenter: agent.datacenter, policy: namePolicy)
        let entries = read.instances.compactMap { entry -> HealthEntryJSON? in
            guard !onlyPassing || read.snapshot.health(of: entry) == .passing,
                let node = read.snapshot.node(entry.instance.value.node)
            else { return nil }
            return HealthEntryJSON(entry, on: node, datacenter: agent.datacenter)
        }
        return try .json(entries, to: request, index: read.index)
    }
}
