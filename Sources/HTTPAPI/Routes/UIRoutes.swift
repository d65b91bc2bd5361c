import Hummingbird
import Registry

/// `/v1/internal/ui`: whole overviews, which pages for people read.
struct UIRoutes {
    let reads: CatalogReads

    private var datacenter: String { reads.agent.datacenter }

    var endpoints: [Endpoint] {
        [
            .get("/v1/internal/ui/nodes", nodes),
            .get("/v1/internal/ui/node") { _ in throw FieldError("Missing node name") },
            .get("/v1/internal/ui/node/:name", node),
            .get("/v1/internal/ui/services", services),
        ]
    }

    @Sendable private func nodes(_ request: APIRequest) async throws -> Response {
        let filter = try Filter<UINodeJSON>(request)
        return try await reads.answer(request, of: .nodes, .services, .checks) { snapshot, options in
            snapshot.nodes.filter { options.selects($0.node.value) }.map {
                UINodeJSON($0, in: snapshot, datacenter: datacenter)
            }.filter(filter)
        }
    }

    @Sendable private func node(_ request: APIRequest) async throws -> Response {
        let name = try request.parameter("name")
        return try await reads.answer(request, of: .nodes, .services, .checks) { snapshot, _ in
            guard let node = snapshot.node(called: name) else {
                throw APIError.notFound("no node \(quoted(name)) is registered")
            }
            return UINodeJSON(node, in: snapshot, datacenter: datacenter)
        }
    }

    @Sendable private func services(_ request: APIRequest) async throws -> Response {
        // As in Consul, it is for the instances that a summary is made of.
        let filter = try Filter<HealthEntryJSON>(request)
        return try await reads.answer(request, of: .nodes, .services, .checks) { snapshot, options in
            snapshot.services.compactMap { service -> UIServiceJSON? in
                let instances = service.instances.compactMap { entry -> HealthEntryJSON? in
                    guard let node = snapshot.node(entry.instance.value.node), options.selects(node.node.value) else {
                        return nil
                    }
                    return HealthEntryJSON(entry, on: node, datacenter: datacenter)
                }.filter(filter)
                guard !instances.isEmpty else { return nil }
                return UIServiceJSON(name: service.name, instances: instances, datacenter: datacenter)
            }
        }
    }
}
