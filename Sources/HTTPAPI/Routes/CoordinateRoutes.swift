import Hummingbird
import Registry

/// `/v1/coordinate`: network coordinates. Nobody measures any: all nodes are at the origin, as in a Consul of one server.
struct CoordinateRoutes {
    let reads: CatalogReads

    var endpoints: [Endpoint] {
        [
            .get("/v1/coordinate/datacenters", datacenters),
            .get("/v1/coordinate/nodes", nodes),
            .get("/v1/coordinate/node") { _ in throw FieldError("Missing node name") },
            .get("/v1/coordinate/node/:name", node),
        ]
    }

    @Sendable private func datacenters(_ request: APIRequest) throws -> Response {
        let coordinates = [NodeCoordinateJSON(reads.agent.node)]
        return try .json(
            [DatacenterCoordinatesJSON(datacenter: reads.agent.datacenter, coordinates: coordinates)], to: request)
    }

    @Sendable private func nodes(_ request: APIRequest) async throws -> Response {
        try await reads.answer(request, of: .nodes) { snapshot, options in
            snapshot.nodes.map(\.node.value).filter(options.selects).map { NodeCoordinateJSON($0.name) }
        }
    }

    @Sendable private func node(_ request: APIRequest) async throws -> Response {
        let name = try request.parameter("name")
        return try await reads.answer(request, of: .nodes) { snapshot, _ in
            guard let node = snapshot.node(called: name) else {
                throw APIError.notFound("no node \(quoted(name)) is registered")
            }
            return [NodeCoordinateJSON(node.node.value.name)]
        }
    }
}
