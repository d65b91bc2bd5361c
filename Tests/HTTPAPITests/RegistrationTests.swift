import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Registering over the agent API` {
    @Test func `takes every field under Go's case rules`() async throws {
        try await APIUnderTest.run { api in
            let response = try await api.register(
                #"""
                {"ID": "jetty", "nAmE": "service-name", "address": "10.11.97.181", "port": 8080, "tags": ["test", "b"],
                 "META": {"version": "1"}, "weights": {"Passing": 10}, "enable_tag_override": true, "kind": "", "token": "x",
                 "tagged_addresses": {"wan": {"Address": "198.51.100.7", "Port": 80}}, "proxy": null,
                 "checks": [{"http": "http://10.11.97.181:8080/", "interval": "5s"}]}
                """#)
            #expect(response.status == .ok)
            #expect(response.text.isEmpty)
            #expect(response.headers[.contentType] == nil)
            let agent = try APIUnderTest.agent()
            let entry = try api.instance("jetty")
            #expect(
                entry.instance.value
                    == ServiceInstance(
                        node: agent.node, id: "jetty", name: try ServiceName("service-name"), tags: ["test", "b"],
                        address: try Address("10.11.97.181"), port: 8080, meta: ["version": "1"],
                        taggedAddresses: ["wan": TaggedAddress(address: try Address("198.51.100.7"), port: 80)],
                        weights: Weights(passing: 10, warning: 0), enableTagOverride: true, owner: .agent))
            #expect(
                entry.checks.map(\.value) == [
                    HealthCheck(
                        node: agent.node, id: "service:jetty", name: "Service 'service-name' check", status: .critical,
                        instance: "jetty",
                        definition: CheckDefinition(
                            probe: .http(.init(url: "http://10.11.97.181:8080/")), interval: .seconds(5)))
                ])
        }
    }

    /// Go's rule, which Consul's decoder follows: a name given twice is no error.
    @Test func `the last of several fields that mean the same counts`() async throws {
        try await APIUnderTest.run { api in
            try await #expect(api.register(#"{"name":"a","name":"twice","port":1,"port":2}"#).status == .ok)
            #expect(try api.instance("twice").instance.value.port == 2)
            try await api.put("/v1/agent/service/deregister/twice")
            try await api.register(#"{"name":"a","Name":"b","NAME":"c","id":"x","ID":null}"#)
            #expect(try api.instance("x").instance.value.name.text == "c")
        }
    }

    @Test func `the id is the name where none is given`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","check":{},"checks":[]}"#)
            #expect(try api.instance("web").checks.isEmpty)
        }
    }

    @Test func `several checks are numbered, in the order Check, Checks`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(
                #"""
                {"name":"web","check":{"tcp":"10.0.0.1:80","interval":"1s","timeout":"250ms"},
                 "checks":[{"http":"https://[::1]:8443/","interval":1500000000,"tls_skip_verify":true,"status":"passing",
                            "header":{"Host":["a.example"]},"method":"POST","body":"x\ny","notes":"n"},
                           {"checkid":"own","name":"mine","tcp":"db.example:5432","interval":"10ms"}]}
                """#)
            let checks = try api.instance("web").checks.map(\.value)
            #expect(checks.map(\.id) == ["own", "service:web:1", "service:web:2"])
            #expect(checks.map(\.name) == ["mine", "Service 'web' check", "Service 'web' check"])
            #expect(checks.map(\.status) == [.critical, .critical, .passing])
            #expect(
                checks.map(\.definition) == [
                    CheckDefinition(
                        probe: .tcp(host: try Address("db.example"), port: 5432), interval: .seconds(1)),
                    CheckDefinition(
                        probe: .tcp(host: try Address("10.0.0.1"), port: 80), interval: .seconds(1),
                        timeout: .milliseconds(250)),
                    CheckDefinition(
                        probe: .http(
                            .init(
                                url: "https://[::1]:8443/", method: "POST", headers: ["Host": ["a.example"]],
                                body: "x\ny", skipsTLSVerification: true)), interval: .milliseconds(1500)),
                ])
        }
    }

    @Test func `again without checks keeps those there are, unless they are to be replaced`() async throws {
        try await APIUnderTest.run { api in
            let check = #"{"checkid":"x","tcp":"h.example:1","interval":"1s"}"#
            try await api.register(#"{"name":"web","check":\#(check)}"#)
            let key = try api.instance("web").checks[0].value.key
            try await api.registry.submit([.setStatus(key, .passing, output: "up")])

            try await api.register(#"{"name":"web","port":1}"#)
            #expect(try api.instance("web").checks.map(\.value.status) == [.passing])
            #expect(try api.instance("web").instance.value.port == 1)

            try await api.register(#"{"name":"web","check":{"checkid":"y","tcp":"h.example:2","interval":"1s"}}"#)
            #expect(try api.instance("web").checks.map(\.value.id) == ["x", "y"])
            #expect(try api.instance("web").checks.map(\.value.status) == [.passing, .critical])

            try await api.register(#"{"name":"web","check":\#(check)}"#, query: "?replace-existing-checks=true")
            #expect(try api.instance("web").checks.map(\.value.id) == ["x"])
            #expect(try api.instance("web").checks.map(\.value.output) == ["up"])

            try await api.register(#"{"name":"web"}"#, query: "?replace-existing-checks")
            #expect(try api.instance("web").checks.isEmpty)
        }
    }

    @Test func `the same again changes no index`() async throws {
        try await APIUnderTest.run { api in
            let body = #"{"name":"web","port":80,"check":{"tcp":"h.example:1","interval":"1s"}}"#
            try await api.register(body)
            let index = api.registry.snapshot.index
            try await api.register(body)
            #expect(api.registry.snapshot.index == index)
        }
    }

    @Test(arguments: [
        ("service_name", "service-name"), ("My.Web__App", "my-web-app"), ("-web-", "web"),
    ]) func `under rewrite a bad name is rewritten and kept in the meta`(
        _ name: String, _ rewritten: String
    ) async throws {
        try await APIUnderTest.run(namePolicy: .rewrite) { api in
            try await #expect(api.register(#"{"name":"\#(name)"}"#).status == .ok)
            let instance = try api.instance(name).instance.value
            #expect(instance.name.text == rewritten)
            #expect(instance.meta == ["original-name": name])
        }
    }

    @Test func `the client is told the rewritten name, and the log each name once`() async throws {
        let log = KeptLog()
        try await APIUnderTest.run(namePolicy: .rewrite, logger: log.logger) { api in
            for id in ["a", "a", "b"] {
                let response = try await api.register(#"{"name":"My_Web","id":"\#(id)"}"#)
                #expect(response.headers[.berthServiceName] == "my-web")
            }
            try await api.register(#"{"name":"my.web","id":"c"}"#)
        }
        #expect(
            log.lines == [
                "a service is registered under a rewritten name asked=My_Web name=my-web",
                "a service is registered under a rewritten name asked=my.web name=my-web",
            ])
    }

    @Test func `a check asked to run more often than once a second runs once a second, and the log says so once`()
        async throws
    {
        let log = KeptLog()
        try await APIUnderTest.run(logger: log.logger) { api in
            for interval in ["1ms", "1ms", "1s"] {
                try await api.register(
                    #"{"name":"web","check":{"tcp":"h.example:1","interval":"\#(interval)"}}"#)
                #expect(
                    try api.instance("web").checks[0].value.definition
                        == CheckDefinition(
                            probe: .tcp(host: try Address("h.example"), port: 1), interval: .seconds(1)))
            }
        }
        #expect(
            log.lines == [
                "a check runs once a second, not as often as it was asked to asked=0.001 seconds check=service:web"
            ])
    }

    @Test func `under rewrite a good name needs no meta`() async throws {
        try await APIUnderTest.run(namePolicy: .rewrite) { api in
            let response = try await api.register(#"{"name":"web"}"#)
            #expect(response.headers[.berthServiceName] == nil)
            #expect(try api.instance("web").instance.value.meta == [:])
        }
    }

    @Test func `under allow underscores go in as they are and dots do not`() async throws {
        try await APIUnderTest.run(namePolicy: .allow) { api in
            try await #expect(api.register(#"{"name":"service_name"}"#).status == .ok)
            #expect(try api.instance("service_name").instance.value.name.text == "service_name")
            try await #expect(api.register(#"{"name":"a.b"}"#).status == .badRequest)
            #expect(
                try await api.get("/v1/catalog/service/service_name").text.contains(#""ServiceName":"service_name""#))
        }
    }

    @Test(arguments: [
        ("jetty", "jetty"), ("a/b c", "a/b%20c"), ("a/b", "a%2Fb"), ("../../../tmp/x", "../../../tmp/x"),
        ("ü", "%C3%BC"),
        ("server01:nginx:80", "server01:nginx:80"), ("a//b", "a//b"), ("100%", "100%25"),
    ]) func `deregistering finds any id`(_ id: String, _ path: String) async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","id":"\#(id)"}"#)
            _ = try api.instance(id)
            let response = try await api.put("/v1/agent/service/deregister/\(path)")
            #expect(response.status == .ok)
            #expect(try api.instances.isEmpty)
        }
    }

    @Test func `registrations at the same moment lose none of each other's checks`() async throws {
        try await APIUnderTest.run { api in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for port in 1...40 {
                    group.addTask {
                        let check = #"{"checkid":"c\#(port)","tcp":"h.example:\#(port)","interval":"1s"}"#
                        try await api.register(#"{"name":"web","check":\#(check)}"#)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try Set(api.instance("web").checks.map(\.value.id)) == Set((1...40).map { "c\($0)" }))
        }
    }

    @Test func `what stands for a container is neither replaced nor removed`() async throws {
        try await APIUnderTest.run { api in
            let container = String(repeating: "0123456789abcdef", count: 4)
            let derived = ServiceInstance(
                node: try APIUnderTest.agent().node, id: "web", name: try ServiceName("web"), port: 80,
                owner: .docker(engine: "e", container: container))
            try await api.registry.submit([.putInstance(derived, checks: nil)])
            for refused in [
                try await api.register(#"{"name":"web","port":81}"#),
                try await api.put("/v1/agent/service/deregister/web"),
            ] {
                #expect(refused.status == .conflict)
                #expect(
                    refused.text
                        == "the service with id \"web\" stands for container 0123456789ab: use another id, or stop the container"
                )
            }
            #expect(try api.instance("web").instance.value == derived)
        }
    }

    @Test func `deregistering what nobody registered is fine`() async throws {
        try await APIUnderTest.run { api in
            try await #expect(api.put("/v1/agent/service/deregister/nothing").status == .ok)
            try await #expect(api.put("/v1/agent/service/deregister/").status == .badRequest)
            try await #expect(api.put("/v1/agent/service/deregister/a%00b").status == .badRequest)
            try await #expect(api.put("/v1/agent/service/deregister/a%ffb").status == .badRequest)
        }
    }
}
