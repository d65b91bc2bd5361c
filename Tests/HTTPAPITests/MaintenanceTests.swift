import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Maintenance` {
    private static let noReason =
        "Maintenance mode is enabled for this node, but no reason was provided. This is a default message."

    @Test func `of a service takes it out of service and back`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","id":"web/1"}"#)
            try await #expect(
                api.put("/v1/agent/service/maintenance/web%2F1?enable=true&reason=new+disk").status == 200)
            let health = try await api.get("/v1/agent/health/service/id/web%2F1")
            #expect(health.status == 503)
            #expect(health.headers.contains("X-Consul-Reason: maintenance"))
            #expect(try await api.get("/v1/health/service/web?passing").body == "[]")
            let checks = try await api.get("/v1/agent/checks").body
            for part in [
                #""_service_maintenance:web/1":{"#, #""Name":"Service Maintenance Mode""#, #""Notes":"new disk""#,
                #""Status":"critical""#, #""Type":"maintenance""#, #""ServiceID":"web/1""#,
            ] { #expect(checks.contains(part), "\(checks)") }

            try await #expect(api.put("/v1/agent/service/maintenance/web%2F1?enable=false").status == 200)
            try await #expect(api.put("/v1/agent/service/maintenance/web%2F1?enable=false").status == 200)
            #expect(try await api.get("/v1/agent/health/service/id/web%2F1?format=text").body == "passing")
        }
    }

    @Test func `of the node takes all its services out of service`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web"}"#)
            try await api.put("/v1/agent/maintenance?enable=true")
            try await api.put("/v1/agent/maintenance?enable=1&reason=second")
            let check = try #require(api.registry.snapshot.node(APIUnderTest.agent().node)?.checks.map(\.value))
            #expect(check.map(\.id) == ["_node_maintenance"])
            #expect(check.map(\.notes) == [Self.noReason])
            let health = try await api.get("/v1/agent/health/service/name/web?format=text")
            #expect(health.status == .serviceUnavailable)
            #expect(health.text == "maintenance")
            try await api.put("/v1/agent/maintenance?enable=false")
            try await #expect(api.get("/v1/agent/health/service/name/web").status == .ok)
        }
    }

    @Test func `outlives a registration that replaces the checks`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","check":{"ttl":"1m"}}"#)
            try await api.put("/v1/agent/service/maintenance/web?enable=true")
            try await api.register(#"{"name":"web","port":1}"#, query: "?replace-existing-checks")
            #expect(try api.instance("web").checks.map(\.value.id) == ["_service_maintenance:web"])
        }
    }

    @Test func `is there for what stands for a container as well`() async throws {
        try await APIUnderTest.run { api in
            let derived = ServiceInstance(
                node: try APIUnderTest.agent().node, id: "c", name: try ServiceName("web"),
                owner: .docker(engine: "e", container: "c"))
            try await api.registry.submit([.putInstance(derived, checks: nil)])
            try await #expect(api.put("/v1/agent/service/maintenance/c?enable=true").status == .ok)
            // The watcher says what it said.
            try await api.registry.submit([.putInstance(derived, checks: nil)])
            #expect(try api.instance("c").checks.map(\.value.status) == [.critical])
        }
    }

    @Test(arguments: [
        ("/v1/agent/maintenance", HTTPResponse.Status.badRequest, "Missing value for enable"),
        ("/v1/agent/maintenance?enable", .badRequest, "Missing value for enable"),
        ("/v1/agent/maintenance?enable=banana", .badRequest, #"Invalid value for enable: "banana""#),
        ("/v1/agent/service/maintenance/", .badRequest, "Missing service ID"),
        ("/v1/agent/service/maintenance", .badRequest, "Missing service ID"),
        ("/v1/agent/service/maintenance/web", .badRequest, "Missing value for enable"),
        ("/v1/agent/service/maintenance/web?enable=maybe", .badRequest, "Invalid value for enable"),
        ("/v1/agent/service/maintenance/nope?enable=true", .notFound, #"No service registered with ID "nope""#),
        ("/v1/agent/service/maintenance/nope?enable=false", .notFound, #"No service registered with ID "nope""#),
    ]) func `that makes no sense is refused and changes nothing`(
        _ path: String, _ status: HTTPResponse.Status, _ says: String
    ) async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web"}"#)
            let index = api.registry.snapshot.index
            let response = try await api.put(path)
            #expect(response.status == status)
            #expect(response.text.contains(says), "\(response.text)")
            #expect(api.registry.snapshot.index == index)
        }
    }
}
