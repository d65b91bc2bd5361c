import Hummingbird
import Registry

/// `/` and `/v1/status`: this process is the whole cluster, and its leader.
struct StatusRoutes {
    let agent: Agent

    var endpoints: [Endpoint] {
        [
            .get("/") { _ in .text("Berth: the API is under /v1, as Consul's is\n") },
            .get("/v1/status/leader") { try .json(agent.serverAddress, to: $0) },
            .get("/v1/status/peers") { try .json([agent.serverAddress], to: $0) },
        ]
    }
}
