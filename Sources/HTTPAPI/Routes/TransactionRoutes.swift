import Hummingbird
import Registry

/// `/v1/txn`: several operations on keys, nodes, services and checks, all of them or none.
struct TransactionRoutes {
    let reads: CatalogReads
    let bodies: BodyBudget

    private var registry: Registry { reads.registry }

    var endpoints: [Endpoint] { [.put("/v1/txn", perform)] }

    @Sendable private func perform(_ request: APIRequest) async throws -> Response {
        _ = try ReadOptions(request, datacenter: reads.agent.datacenter)
        return try await request.withBody(within: bodies, atMost: bodies.largestValue) { body in
            let transaction = try TransactionBody(body, agent: reads.agent, policy: reads.namePolicy).transaction
            let outcome = try await registry.perform(transaction)
            var response = try Response.json(
                TransactionJSON(
                    outcome, datacenter: reads.agent.datacenter,
                    readIndex: transaction.isReadOnly ? registry.snapshot.index : nil), to: request)
            if case .failed = outcome { response.status = .conflict }
            return response
        }
    }
}
