import Hummingbird
import Registry

/// `/v1/catalog`: what is registered, healthy or not.
struct CatalogRoutes {
    let reads: CatalogReads

    private var agent: Agent { reads.agent }

    var endpoints: [Endpoint] {
        [
            .get("/v1/catalog/datacenters") { try .json([agent.datacenter], to: $0) },
            .get("/v1/catalog/nodes", nodes),
            .get("/v1/catalog/services", services),
            .get("/v1/catalog/service") { _ in throw FieldError("Missing service name") },
            .get("/v1/catalog/service/:name", service),
            // The plural is wrong in Consul's API and in the fingers of many.
            .get("/v1/catalog/services/:name", service),
        ]
    }

    @Sendable private func nodes(_ request: APIRequest) async throws -> Response {
        try await reads.answer(request, of: .nodes) { snapshot, options in
            snapshot.nodes.filter { options.selects($0.node.value) }.map {
                NodeJSON($0.node, datacenter: agent.datacenter)
            }
        }
    }

    @Sendable private func services(_ request: APIRequest) async throws -> Response {
        try await reads.answer(request, of: .services) { snapshot, _ in
            Dictionary(snapshot.services.map { ($0.name.text, $0.tags) }) { $1 }
        }
    }

    @Sendable private func service(_ request: APIRequest) async throws -> Response {
        try await reads.answerService(request) { snapshot, instances in
            instances.compactMap { entry -> CatalogServiceJSON? in
                guard let node = snapshot.node(entry.instance.value.node) else { return nil }
                return CatalogServiceJSON(entry.instance, on: NodeJSON(node.node, datacenter: agent.datacenter))
            }
        }
    }
}
