import Hummingbird
import Registry

/// `/v1/health`: checks, and instances with their checks.
struct HealthRoutes {
    let reads: CatalogReads

    var endpoints: [Endpoint] {
        [
            .get("/v1/health/service") { _ in throw FieldError("Missing service name") },
            .read("/v1/health/service/:name", service),
            .get("/v1/health/checks") { _ in throw FieldError("Missing service name") },
            .read("/v1/health/checks/:name", checks),
            .get("/v1/health/node") { _ in throw FieldError("Missing node name") },
            .read("/v1/health/node/:name", node),
            .get("/v1/health/state") { _ in throw FieldError("Missing check state") },
            .read("/v1/health/state/:state", state),
        ]
    }

    @Sendable private func service(_ request: APIRequest) async throws -> Response {
        let onlyPassing = try request.flag("passing")
        let filter = try Filter<HealthEntryJSON>(request)
        return try await reads.answerService(request) { snapshot, instances in
            instances.compactMap { entry -> HealthEntryJSON? in
                guard !onlyPassing || snapshot.health(of: entry) == .passing,
                    let node = snapshot.node(entry.instance.value.node)
                else { return nil }
                return HealthEntryJSON(entry, on: node, datacenter: reads.agent.datacenter)
            }.filter(filter)
        }
    }

    @Sendable private func checks(_ request: APIRequest) async throws -> Response {
        let filter = try Filter<HealthCheckJSON>(request)
        return try await reads.answerService(request) { _, instances in
            instances.flatMap { HealthCheckJSON.checks(of: $0) }.filter(filter)
        }
    }

    @Sendable private func node(_ request: APIRequest) async throws -> Response {
        let name = try request.parameter("name")
        let filter = try Filter<HealthCheckJSON>(request)
        return try await reads.answer(request, of: .checks) { snapshot, _ in
            snapshot.node(called: name).map { HealthCheckJSON.checks(on: $0, in: snapshot).filter(filter) } ?? []
        }
    }

    /// Any other word than Consul's is a state that no check is in.
    @Sendable private func state(_ request: APIRequest) async throws -> Response {
        let state = try request.parameter("state")
        let filter = try Filter<HealthCheckJSON>(request)
        return try await reads.answer(request, of: .checks) { snapshot, options in
            let nodes = snapshot.nodes.filter { options.selects($0.node.value) }
            let checks = nodes.flatMap { HealthCheckJSON.checks(on: $0, in: snapshot) }.filter(filter)
            return state == "any" ? checks : checks.filter { $0.status == state }
        }
    }
}
