import Hummingbird
import Registry

/// `/v1/catalog`: what is registered, healthy or not.
struct CatalogRoutes {
    let reads: CatalogReads

    private var agent: Agent { reads.agent }

    var endpoints: [Endpoint] {
        [
            .get("/v1/catalog/datacenters") { try .json([agent.datacenter], to: $0) },
            .read("/v1/catalog/nodes", nodes),
            .read("/v1/catalog/services", services),
            .get("/v1/catalog/service") { _ in throw FieldError("Missing service name") },
            .read("/v1/catalog/service/:name", service),
            // The plural is wrong in Consul's API and in the fingers of many.
            .read("/v1/catalog/services/:name", service),
            .get("/v1/catalog/node") { _ in throw FieldError("Missing node name") },
            .read("/v1/catalog/node/:name", node),
            .get("/v1/catalog/node-services") { _ in throw FieldError("Missing node name") },
            .read("/v1/catalog/node-services/:name", nodeServices),
        ]
    }

    @Sendable private func nodes(_ request: APIRequest) async throws -> Response {
        let filter = try Filter<NodeJSON>(request)
        return try await reads.answer(request, of: .nodes) { snapshot, options in
            snapshot.nodes.filter { options.selects($0.node.value) }.map {
                NodeJSON($0.node, datacenter: agent.datacenter)
            }.filter(filter)
        }
    }

    @Sendable private func services(_ request: APIRequest) async throws -> Response {
        try await reads.answer(request, of: .services) { snapshot, options in
            Dictionary(snapshot.services.compactMap { service in tags(of: service, options, in: snapshot) }) { $1 }
        }
    }

    /// A service with the tags of its instances on the nodes asked for; `nil`: it has none there.
    private func tags(
        of service: ServiceEntry, _ options: ReadOptions, in snapshot: CatalogSnapshot
    ) -> (String, [String])? {
        if options.selectsAllNodes { return (service.name.text, service.tags) }
        let instances = service.instances.filter { options.selects($0, in: snapshot) }
        return instances.isEmpty ? nil : (service.name.text, Set(instances.flatMap(\.instance.value.tags)).sorted())
    }

    @Sendable private func service(_ request: APIRequest) async throws -> Response {
        let filter = try Filter<CatalogServiceJSON>(request)
        return try await reads.answerService(request) { snapshot, instances in
            instances.compactMap { entry -> CatalogServiceJSON? in
                guard let node = snapshot.node(entry.instance.value.node) else { return nil }
                return CatalogServiceJSON(entry.instance, on: NodeJSON(node.node, datacenter: agent.datacenter))
            }.filter(filter)
        }
    }

    /// What is on one node, its services by their ids.
    @Sendable private func node(_ request: APIRequest) async throws -> Response {
        let name = try request.parameter("name")
        let filter = try Filter<ServiceJSON>(request)
        return try await reads.answer(request, of: .nodes, .services) { snapshot, _ in
            snapshot.node(called: name).map { node in
                let services = services(on: node, in: snapshot).filter(filter).map { ($0.service.id, $0) }
                return NodeServicesJSON(
                    node: NodeJSON(node.node, datacenter: agent.datacenter), services: Dictionary(services) { $1 })
            }
        }
    }

    /// The same as a list.
    @Sendable private func nodeServices(_ request: APIRequest) async throws -> Response {
        let name = try request.parameter("name")
        let filter = try Filter<ServiceJSON>(request)
        return try await reads.answer(request, of: .nodes, .services) { snapshot, _ in
            let node = snapshot.node(called: name)
            return NodeServicesJSON(
                node: node.map { NodeJSON($0.node, datacenter: agent.datacenter) },
                services: node.map { services(on: $0, in: snapshot).filter(filter) })
        }
    }

    private func services(on node: NodeEntry, in snapshot: CatalogSnapshot) -> [ServiceJSON] {
        snapshot.instances(on: node.node.value.name).map { ServiceJSON($0.instance) }
    }
}
