import Hummingbird
import Registry

/// `/v1/operator`: the cluster, which this process is alone.
struct OperatorRoutes {
    let agent: Agent

    var endpoints: [Endpoint] {
        [.get("/v1/operator/raft/configuration") { try .json(RaftConfigurationJSON(agent), to: $0) }]
    }
}
