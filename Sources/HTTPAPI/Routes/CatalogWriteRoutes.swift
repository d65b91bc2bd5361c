import HTTPTypes
import Hummingbird
import Registry

/// `/v1/catalog`, the writes: nodes, instances and checks of other hosts, and of this one.
struct CatalogWriteRoutes {
    let agent: Agent
    let registry: Registry
    let namePolicy: NamePolicy
    let bodies: BodyBudget

    var endpoints: [Endpoint] {
        [.put("/v1/catalog/register", register), .put("/v1/catalog/deregister", deregister)]
    }

    @Sendable private func register(_ request: APIRequest) async throws -> Response {
        try await request.withBody(within: bodies) { body in
            guard !body.isEmpty else { throw FieldError("the body is empty; send the registration as a JSON object") }
            let registration = try CatalogRegistration(
                JSONReader.read(body), datacenter: agent.datacenter, policy: namePolicy)
            try await registry.submit { catalog throws(CatalogError) in
                try registration.changes(to: catalog, agent: agent)
            }
            var headers: HTTPFields = [:]
            if let service = registration.service, service.originalName != nil {
                headers[.berthServiceName] = service.instance.name.text
            }
            return try .json(true, to: request, headers: headers)
        }
    }

    @Sendable private func deregister(_ request: APIRequest) async throws -> Response {
        try await request.withBody(within: bodies) { body in
            guard !body.isEmpty else { throw FieldError("the body is empty; send what is to go as a JSON object") }
            let deregistration = try CatalogDeregistration(JSONReader.read(body), datacenter: agent.datacenter)
            try await registry.submit { catalog throws(CatalogError) in
                try deregistration.changes(to: catalog, agent: agent)
            }
            return try .json(true, to: request)
        }
    }
}
