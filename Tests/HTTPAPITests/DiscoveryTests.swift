import Foundation
import Testing

@testable import HTTPAPI

/// The requests of Prometheus' `consul_sd_configs`, in its order, with what it reads of the answers.
@Suite(.timeLimit(.minutes(1))) struct `Who discovers services as Prometheus does` {
    private struct AgentSelf: Decodable {
        struct Config: Decodable { let Datacenter: String }
        let Config: Config
    }

    private struct Entry: Decodable {
        struct Node: Decodable {
            let Node: String
            let Address: String
            let Datacenter: String
            let TaggedAddresses: [String: String]
            let Meta: [String: String]
        }
        struct Service: Decodable {
            let ID: String
            let Service: String
            let Address: String
            let Port: Int
            let Tags: [String]
            let Meta: [String: String]
        }
        struct Check: Decodable { let Status: String }
        let Node: Node
        let Service: Service
        let Checks: [Check]
    }

    @Test func `is told the datacenter, the services, their instances, and of each change`() async throws {
        try await LiveAPI.run { api in
            try await api.register(
                #"{"ID":"one","Name":"web","Address":"10.0.0.5","Port":8080,"Tags":["metrics"],"Meta":{"k":"v"}}"#)
            let agent = try await api.get("/v1/agent/self")
            #expect(try decoded(agent, as: AgentSelf.self).Config.Datacenter == "dc1")

            let list = "/v1/catalog/services?stale=&wait=120000ms"
            let services = try await api.get(list)
            #expect(services.status == 200)
            #expect(try decoded(services, as: [String: [String]].self) == ["web": ["metrics"]])

            let instances = "/v1/health/service/web?stale=&wait=120000ms"
            let health = try await api.get(instances)
            let entry = try #require(try decoded(health, as: [Entry].self).first)
            #expect(entry.Node.Datacenter == "dc1" && !entry.Node.Node.isEmpty && !entry.Node.Address.isEmpty)
            #expect(entry.Service.ID == "one" && entry.Service.Service == "web" && entry.Service.Tags == ["metrics"])
            #expect(entry.Service.Address == "10.0.0.5" && entry.Service.Port == 8080)
            #expect(entry.Service.Meta == ["k": "v"] && entry.Checks.allSatisfy { $0.Status == "passing" })

            let ofServices = try await api.reader("\(list)&index=\(services.index)")
            let ofInstances = try await api.reader("\(instances)&index=\(health.index)")
            try await api.register(#"{"ID":"two","Name":"web","Address":"10.0.0.6","Port":8080}"#)
            let more = try decoded(try await ofInstances.answer(), as: [Entry].self)
            #expect(more.map(\.Service.Address) == ["10.0.0.5", "10.0.0.6"])
            let next = try await ofServices.answer()
            #expect(next.index > services.index)
        }
    }

    private func decoded<Value: Decodable>(_ answer: Answer, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(answer.body.utf8))
    }
}
