import HTTPTypes
import Hummingbird
import Registry

/// `/v1/agent/health`: how this node's services are, told by the status code so that load balancers understand it.
struct AgentHealthRoutes {
    let reads: CatalogReads

    var endpoints: [Endpoint] {
        [
            .get("/v1/agent/health/service/id") { _ in throw FieldError("Bad request: Missing serviceID") },
            .get("/v1/agent/health/service/id/:id", byID),
            .get("/v1/agent/health/service/name") { _ in throw FieldError("Bad request: Missing service Name") },
            .get("/v1/agent/health/service/name/:name", byName),
        ]
    }

    @Sendable private func byID(_ request: APIRequest) throws -> Response {
        let id = try request.parameter("id")
        let entry = reads.registry.snapshot.instance(InstanceKey(node: reads.agent.node, id: id))
        let health = entry.map(health) ?? ServiceHealthJSON.unknown
        return try response(
            health, entry.map { _ in health.aggregatedStatus }, unknown: "ServiceId \(id) not found", to: request)
    }

    @Sendable private func byName(_ request: APIRequest) throws -> Response {
        let text = try request.parameter("name")
        let name = try? ServiceName(text, policy: reads.namePolicy == .rewrite ? .rewrite : .allow)
        let instances = name.flatMap { reads.registry.snapshot.service($0)?.instances } ?? []
        let health = instances.filter { $0.instance.value.node == reads.agent.node }.map(health)
        return try response(
            health, health.map(\.aggregatedStatus).max(), unknown: "ServiceName \(text) Not Found", to: request)
    }

    private func health(of entry: InstanceEntry) -> ServiceHealthJSON {
        ServiceHealthJSON(entry, on: reads.registry.snapshot.node(reads.agent.node))
    }

    /// - Parameters:
    ///   - status: `nil`: there is no such service.
    ///   - unknown: the sentence for that.
    private func response(
        _ health: some Encodable, _ status: AggregatedStatus?, unknown: String, to request: APIRequest
    ) throws -> Response {
        let reason = status?.rawValue ?? unknown
        var response: Response
        if request.text("format") == "text" {
            response = .text(reason)
        } else {
            response = try .json(health, to: request)
        }
        response.status = status?.httpStatus ?? .notFound
        // A name may have octets that no header can carry.
        response.headers[.consulReason] = HTTPField.isValidValue(reason) ? reason : nil
        return response
    }
}

extension AggregatedStatus {
    fileprivate var httpStatus: HTTPResponse.Status {
        switch self {
        case .passing: .ok
        case .warning: .tooManyRequests
        case .critical, .maintenance: .serviceUnavailable
        }
    }
}

extension HTTPField.Name {
    fileprivate static let consulReason = own("X-Consul-Reason")
}
