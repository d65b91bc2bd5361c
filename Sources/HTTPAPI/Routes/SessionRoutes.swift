import Hummingbird
import Registry

/// `/v1/session`: who may hold locks.
struct SessionRoutes {
    let reads: CatalogReads
    let bodies: BodyBudget

    private var registry: Registry { reads.registry }

    var endpoints: [Endpoint] {
        [
            .put("/v1/session/create", create),
            .put("/v1/session/destroy") { _ in throw FieldError("Missing session") },
            .put("/v1/session/destroy/:id", destroy),
            .put("/v1/session/renew") { _ in throw FieldError("Missing session") },
            .put("/v1/session/renew/:id", renew),
            .get("/v1/session/info") { _ in throw FieldError("Missing session") },
            .get("/v1/session/info/:id", info),
            .get("/v1/session/list", list),
            .get("/v1/session/node") { _ in throw FieldError("Missing node name") },
            .get("/v1/session/node/:name", onNode),
        ]
    }

    @Sendable private func create(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        return try await request.withBody(within: bodies) { body in
            let session = try SessionCreation(body, node: reads.agent.node).session
            try await registry.submit([.session(.put(session))])
            return try .json(SessionIDJSON(id: session.id), to: request)
        }
    }

    @Sendable private func destroy(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        try await registry.submit([.session(.remove(request.parameter("id").lowercased()))])
        return try .json(true, to: request)
    }

    @Sendable private func renew(_ request: APIRequest) throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        let id = try request.parameter("id")
        guard let session = registry.renewSession(id.lowercased()) else {
            throw APIError.notFound("Session id '\(id.prefix(80))' not found")
        }
        return try .json([SessionJSON(session)], to: request)
    }

    @Sendable private func info(_ request: APIRequest) async throws -> Response {
        let id = try request.parameter("id").lowercased()
        return try await reads.answer(request, of: .sessions) { snapshot, _ in
            snapshot.sessions.session(id).map { [SessionJSON($0)] } ?? []
        }
    }

    @Sendable private func list(_ request: APIRequest) async throws -> Response {
        try await reads.answer(request, of: .sessions) { snapshot, _ in snapshot.sessions.all.map { SessionJSON($0) } }
    }

    @Sendable private func onNode(_ request: APIRequest) async throws -> Response {
        let name = try? NodeName(request.parameter("name"))
        return try await reads.answer(request, of: .sessions) { snapshot, _ in
            (name.map { snapshot.sessions.sessions(on: $0) } ?? []).map { SessionJSON($0) }
        }
    }
}
