import Foundation
import Hummingbird
import Registry

/// `/v1/query`: searches for instances under names of their own.
struct PreparedQueryRoutes {
    let reads: CatalogReads
    let bodies: BodyBudget

    private var registry: Registry { reads.registry }
    private var agent: Agent { reads.agent }

    /// What is looked up may be a name in DNS, and is matched with regular expressions.
    private static let longestName = 512

    var endpoints: [Endpoint] {
        [
            .get("/v1/query", list),
            Endpoint(method: .post, path: "/v1/query", respond: create),
            .get("/v1/query/:id", get),
            .put("/v1/query/:id", replace),
            .delete("/v1/query/:id", delete),
            .get("/v1/query/:id/execute", execute),
            .get("/v1/query/:id/explain", explain),
        ]
    }

    // MARK: Queries themselves

    @Sendable private func list(_ request: APIRequest) async throws -> Response {
        try await reads.answer(request, of: .queries) { snapshot, _ in
            snapshot.queries.all.map { PreparedQueryJSON($0) }
        }
    }

    @Sendable private func get(_ request: APIRequest) async throws -> Response {
        guard let id = try id(of: request) else { throw FieldError(Self.notAnID) }
        return try await reads.answer(request, of: .queries) { snapshot, _ in
            guard let query = snapshot.queries.query(id) else { throw Self.notFound }
            return [PreparedQueryJSON(query)]
        }
    }

    @Sendable private func create(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: agent.datacenter)
        return try await request.withBody(within: bodies) { body in
            let query = try PreparedQueryBody(body, id: nil).query
            try await registry.submit([.query(.put(query))])
            return try .json(PreparedQueryIDJSON(id: query.id), to: request)
        }
    }

    @Sendable private func replace(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: agent.datacenter)
        let id = try existing(request)
        return try await request.withBody(within: bodies) { body in
            let query = try PreparedQueryBody(body, id: id).query
            return try await change(.put(query), of: id)
        }
    }

    @Sendable private func delete(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: agent.datacenter)
        let id = try existing(request)
        return try await change(.remove(id), of: id)
    }

    private func change(_ change: PreparedQueryChange, of id: PreparedQueryID) async throws -> Response {
        try await registry.submit { snapshot throws(CatalogError) in
            guard snapshot.queries.query(id) != nil else { throw .unknownQuery(id) }
            return [.query(change)]
        }
        return .done
    }

    private func existing(_ request: APIRequest) throws -> PreparedQueryID {
        guard let id = try id(of: request) else { throw FieldError("Prepared Query lookup failed: \(Self.notAnID)") }
        return id
    }

    /// - Returns: `nil` for what no query can have as its id.
    private func id(of request: APIRequest) throws(FieldError) -> PreparedQueryID? {
        let text = try request.parameter("id")
        return UUID(uuidString: text) == nil ? nil : text.lowercased()
    }

    private static let notAnID = "failed prepared query lookup: index error: UUID must be 36 characters"
    private static let notFound = APIError.notFound("Query not found")

    // MARK: What they find

    @Sendable private func execute(_ request: APIRequest) async throws -> Response {
        let options = try ReadOptions(request, datacenter: agent.datacenter)
        let limit = try Self.limit(request)
        guard try !request.flag("connect") else {
            throw FieldError("?connect", "is not supported: there is no service mesh")
        }
        let snapshot = registry.snapshot
        let query = try rendered(request, in: snapshot).value
        let near = request.text("near") ?? query.search.near
        let instances = query.search.instances(
            in: snapshot, near: PreparedQuery.Search.nearestNode(near, agent: agent.node))
        let found = limit.map { instances.prefix($0) } ?? instances[...]
        let nodes = found.compactMap { entry in
            snapshot.node(entry.instance.value.node).map {
                HealthEntryJSON(entry, on: $0, datacenter: agent.datacenter)
            }
        }
        return try .json(
            PreparedQueryResultJSON(query, nodes: nodes, datacenter: agent.datacenter, options), to: request,
            headers: ReadHeaders(index: 1, options: options).fields)
    }

    @Sendable private func explain(_ request: APIRequest) throws -> Response {
        let options = try ReadOptions(request, datacenter: agent.datacenter)
        let query = try rendered(request, in: registry.snapshot)
        return try .json(
            PreparedQueryExplanationJSON(query: PreparedQueryJSON(query), options), to: request,
            headers: ReadHeaders(index: 1, options: options).fields)
    }

    /// The query that the path's id or name is of, as it is for this name.
    private func rendered(_ request: APIRequest, in snapshot: CatalogSnapshot) throws -> Indexed<PreparedQuery> {
        let name = try request.parameter("id")
        guard name.utf8.count <= Self.longestName else {
            throw FieldError("the query's name", "is longer than \(Self.longestName) octets")
        }
        guard let query = snapshot.queries.find(name) else { throw Self.notFound }
        return Indexed(
            value: try query.value.rendered(for: name), createIndex: query.createIndex, modifyIndex: query.modifyIndex)
    }

    /// - Returns: `nil`: all.
    private static func limit(_ request: APIRequest) throws(FieldError) -> Int? {
        guard let text = request.text("limit") else { return nil }
        guard let limit = Int(text) else {
            throw FieldError("Bad limit: \(quoted(text)) is not a whole number")
        }
        return limit > 0 ? limit : nil
    }
}
