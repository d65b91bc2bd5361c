import Foundation
import Registry

/// The `Stats` of `/v1/agent/self`: figures as text, in Consul's sections.
struct AgentStatistics {
    let sections: [String: [String: String]]

    init(_ agent: Agent, version: String, snapshot: CatalogSnapshot) {
        let instances = snapshot.instances(on: agent.node)
        let checks = instances.reduce(snapshot.node(agent.node)?.checks.count ?? 0) { $0 + $1.checks.count }
        let index = String(snapshot.index)
        let process = ProcessInfo.processInfo
        sections = [
            "agent": ["checks": "\(checks)", "services": "\(instances.count)"],
            "build": ["prerelease": "", "revision": "", "version": version],
            "consul": [
                "acl": "disabled", "bootstrap": "true", "known_datacenters": "1", "leader": "true",
                "leader_addr": agent.serverAddress, "server": "true",
            ],
            "raft": [
                "applied_index": index, "commit_index": index, "last_log_index": index, "num_peers": "0",
                "state": "Leader",
            ],
            "runtime": ["cpu_count": "\(process.activeProcessorCount)", "os": "linux"],
        ]
    }
}
