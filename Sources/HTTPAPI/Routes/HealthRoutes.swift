import Hummingbird
import Registry

/// `/v1/health`: instances with their checks.
struct HealthRoutes {
    let reads: CatalogReads

    var endpoints: [Endpoint] {
        [
            .get("/v1/health/service") { _ in throw FieldError("Missing service name") },
            .get("/v1/health/service/:name", service),
        ]
    }

    @Sendable private func service(_ request: APIRequest) async throws -> Response {
        let onlyPassing = try request.flag("passing")
        return try await reads.answerService(request) { snapshot, instances in
            instances.compactMap { entry -> HealthEntryJSON? in
                guard !onlyPassing || snapshot.health(of: entry) == .passing,
                    let node = snapshot.node(entry.instance.value.node)
                else { return nil }
                return HealthEntryJSON(entry, on: node, datacenter: reads.agent.datacenter)
            }
        }
    }
}
