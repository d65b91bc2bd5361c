import Foundation
import HTTPTypes
import Hummingbird
import Registry

/// `/v1/agent`, the reads: this process, and what is registered on its node.
struct AgentReadRoutes {
    let reads: CatalogReads
    let version: String
    let dnsPort: UInt16

    private var agent: Agent { reads.agent }
    private var snapshot: CatalogSnapshot { reads.registry.snapshot }

    var endpoints: [Endpoint] {
        [
            .get("/v1/agent/self") { request in
                try .json(AgentSelfJSON(agent, version: version, dnsPort: dnsPort, snapshot: snapshot), to: request)
            },
            .get("/v1/agent/members", members),
            .get("/v1/agent/host") { try .json(HostJSON(), to: $0) },
            .get("/v1/agent/services", services),
            .get("/v1/agent/service") { _ in throw APIError.notFound("unknown service ID: ") },
            .get("/v1/agent/service/:id", service),
            .get("/v1/agent/checks", checks),
        ]
    }

    @Sendable private func members(_ request: APIRequest) throws -> Response {
        // "All of them" is what Consul's own command line asks for.
        if let segment = request.text("segment"), segment != "_all" {
            throw FieldError("?segment=\(segment)", "names a network segment, and there are none")
        }
        let isWide = try request.flag("wan")
        return try .json([MemberJSON(agent, version: version, isWide: isWide)], to: request)
    }

    @Sendable private func services(_ request: APIRequest) throws -> Response {
        _ = try ReadOptions(request, datacenter: agent.datacenter)
        let filter = try Filter<AgentServiceJSON>(request)
        let services = snapshot.instances(on: agent.node).map { AgentServiceJSON($0.instance.value) }.filter(filter)
        return try .json(Dictionary(services.map { ($0.id, $0) }) { $1 }, to: request)
    }

    @Sendable private func checks(_ request: APIRequest) throws -> Response {
        _ = try ReadOptions(request, datacenter: agent.datacenter)
        let filter = try Filter<HealthCheckJSON>(request)
        let snapshot = snapshot
        let checks = snapshot.node(agent.node).map { HealthCheckJSON.checks(on: $0, in: snapshot).filter(filter) } ?? []
        return try .json(Dictionary(checks.map { ($0.checkID, $0) }) { $1 }, to: request)
    }

    /// Waits, for a reader that says what it has seen, for another content than that.
    @Sendable private func service(_ request: APIRequest) async throws -> Response {
        let key = InstanceKey(node: agent.node, id: try request.parameter("id"))
        let service = try await reads.differing(request) { snapshot in
            guard let instance = snapshot.instance(key)?.instance.value else {
                throw APIError.notFound("unknown service ID: \(key.id)")
            }
            return (try HashedServiceJSON(instance), .service(instance.name))
        }
        return try .json(service, to: request, headers: [.consulContentHash: service.contentHash])
    }
}

extension HTTPField.Name {
    fileprivate static let consulContentHash = own("X-Consul-ContentHash")
}
