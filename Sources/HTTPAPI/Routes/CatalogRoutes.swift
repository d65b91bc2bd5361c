import Hummingbird
import Registry

/// `/v1/catalog`: what is registered, healthy or not.
struct CatalogRoutes {
    let agent: Agent
    let registry: Registry
    let namePolicy: NamePolicy

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

    @Sendable private func nodes(_ request: APIRequest) throws -> Response {
        try request.checkReadParameters(datacenter: agent.datacenter)
        let snapshot = registry.snapshot
        let nodes = snapshot.nodes.map { NodeJSON($0.node, datacenter: agent.datacenter) }
        return try .json(nodes, to: request, index: snapshot.nodesIndex)
    }

    @Sendable private func services(_ request: APIRequest) throws -> Response {
        try request.checkReadParameters(datacenter: agent.datacenter)
        let snapshot = registry.snapshot
        let tags = Dictionary(snapshot.services.map { ($0.name.text, $0.tags) }) { $1 }
        return try .json(tags, to: request, index: snapshot.servicesIndex)
    }

    @Sendable private func service(_ request: APIRequest) throws -> Response {
        let read = try ServiceRead(
            request, of: registry.snapshot, datacenter: agent.datacenter, policy: namePolicy)
        let services = read.instances.compactMap { entry -> CatalogServiceJSON? in
            guard let node = read.snapshot.node(entry.instance.value.node) else { return nil }
            return CatalogServiceJSON(entry.instance, on: NodeJSON(node.node, datacenter: agent.datacenter))
        }
        return try .json(services, to: request, index: read.index)
    }
}
