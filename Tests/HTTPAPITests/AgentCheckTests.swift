import DNS
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Checks over the agent API` {
    private static let ttl = #"{"name":"memory","ttl":"30s","notes":"of this host"}"#

    @Test func `a check of the node is registered, reported for, shown and deregistered`() async throws {
        try await LiveAPI.run { api in
            try await expect(api, "/v1/agent/check/register", Self.ttl, 200)
            #expect(try await shown(api, "memory") == ["critical", "", "of this host", "", "ttl"])
            for (verb, status) in [("pass", "passing"), ("warn", "warning"), ("fail", "critical")] {
                try await expect(api, "/v1/agent/check/\(verb)/memory?note=60%25+used", "", 200)
                #expect(try await shown(api, "memory") == [status, "60% used", "of this host", "", "ttl"])
            }
            try await expect(
                api, "/v1/agent/check/update/memory", #"{"Status":"passing","Output":"one\ntwo"}"#, 200)
            #expect(try await shown(api, "memory") == ["passing", "one\ntwo", "of this host", "", "ttl"])
            #expect(try await api.get("/v1/health/node/server01").body.contains(#""CheckID":"memory""#))
            try await expect(api, "/v1/agent/check/deregister/memory", "", 200)
            try await expect(api, "/v1/agent/check/deregister/memory", "", 200)
            #expect(try await api.get("/v1/agent/checks").body == "{}")
        }
    }

    @Test func `a check of a service counts for the service`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","check":{"ttl":"10s"}}"#)
            try await expect(
                api, "/v1/agent/check/register", #"{"id":"own","name":"n","service_id":"web","ttl":"1m"}"#, 200)
            try await expect(api, "/v1/agent/check/pass/service:web", "", 200)
            #expect(try await api.get("/v1/agent/health/service/id/web?format=text").body == "critical")
            try await expect(api, "/v1/agent/check/warn/own", "", 200)
            #expect(try await api.get("/v1/agent/health/service/id/web?format=text").body == "warning")
            try await expect(api, "/v1/agent/check/pass/own", "", 200)
            #expect(try await api.get("/v1/agent/health/service/id/web?format=text").body == "passing")
            #expect(try await shown(api, "own") == ["passing", "", "", "web", "ttl"])
            try await expect(api, "/v1/agent/service/deregister/web", "", 200)
            #expect(try await api.get("/v1/agent/checks").body == "{}")
        }
    }

    @Test func `a container's own check is shown, and is the container's`() async throws {
        try await APIUnderTest.run { api in
            let node = try APIUnderTest.agent().node
            let derived = ServiceInstance(
                node: node, id: "c", name: try ServiceName("web"), owner: .docker(engine: "e", container: "c"))
            let check = HealthCheck(
                node: node, id: "docker:c", name: "Docker HEALTHCHECK", status: .passing, instance: "c",
                definition: CheckDefinition(source: .container))
            try await api.registry.submit([.putInstance(derived, checks: nil), .putCheck(check)])
            #expect(try await api.get("/v1/agent/checks").text.contains(#""Type":"docker""#))
            for (path, body, status) in [
                ("agent/check/deregister/docker:c", "", HTTPResponse.Status.conflict),
                ("agent/check/register", #"{"id":"docker:c","name":"n","ttl":"1m"}"#, .conflict),
                ("catalog/deregister", #"{"Node":"server01","CheckID":"docker:c"}"#, .conflict),
                ("catalog/register", #"{"Node":"server01","Address":"::1","Check":{"CheckID":"docker:c"}}"#, .conflict),
                ("agent/check/pass/docker:c", "", .badRequest),
            ] {
                let response = try await api.put("/v1/\(path)", body)
                #expect(response.status == status, "\(path): \(response.text)")
                #expect(api.registry.snapshot.check(check.key)?.value == check)
            }
            // Others may check it as well.
            try await #expect(
                api.put("/v1/agent/check/register", #"{"name":"own","serviceid":"c","ttl":"1m"}"#).status == .ok)
        }
    }

    @Test func `a report that says nothing new is noted and changes no index`() async throws {
        try await APIUnderTest.run { api in
            try await api.put("/v1/agent/check/register", Self.ttl)
            let key = CheckKey(node: try APIUnderTest.agent().node, id: "memory")
            try await api.put("/v1/agent/check/pass/memory")
            let (index, before) = (api.registry.snapshot.index, api.registry.heartbeats.last(key))
            try await api.put("/v1/agent/check/pass/memory")
            #expect(api.registry.snapshot.index == index)
            #expect(try #require(api.registry.heartbeats.last(key)) > #require(before))
        }
    }

    @Test func `programs and places are let in where the host says so`() async throws {
        let permissions = CheckPermissions(targets: [try #require(IPPrefix("10.0.0.0/8"))], scripts: true)
        try await APIUnderTest.run(checkPermissions: permissions) { api in
            for (fields, isLet) in [
                (#""args":["/bin/true","-v"]"#, true), (#""docker_container_id":"app","shell":"","args":["x"]"#, true),
                (#""script_args":["/bin/true","-v"]"#, true),
                (#""http":"http://10.0.0.1/""#, true), (#""tcp":"h.example:1""#, true),
                (#""http":"http://127.0.0.1:8500/""#, false), (#""http":"http://[::1]/""#, false),
                (#""tcp":"169.254.169.254:80""#, false), (#""udp":"127.0.0.1:53""#, false),
                (#""grpc":"127.0.0.1:53/x""#, false),
            ] {
                for (path, body) in [
                    ("check/register", #"{"name":"n",\#(fields),"interval":"5s"}"#),
                    ("service/register", #"{"name":"n","check":{\#(fields),"interval":"5s"}}"#),
                ] {
                    let response = try await api.put("/v1/agent/\(path)", body)
                    #expect(response.status == (isLet ? .ok : .badRequest), "\(fields)")
                    #expect(isLet || response.text.hasSuffix("check-targets leaves it out"))
                }
            }
            let script = CheckDefinition(
                probe: .script(["/bin/true", "-v"]), interval: .seconds(5), timeout: .seconds(30))
            try await api.put("/v1/agent/check/register", #"{"name":"s","args":["/bin/true","-v"],"interval":"5s"}"#)
            let key = CheckKey(node: try APIUnderTest.agent().node, id: "s")
            #expect(api.registry.snapshot.check(key)?.value.definition == script)
        }
    }

    @Test func `registered again it keeps its status, unless it is another check now`() async throws {
        try await APIUnderTest.run { api in
            let key = CheckKey(node: try APIUnderTest.agent().node, id: "memory")
            try await api.put("/v1/agent/check/register", Self.ttl)
            try await api.put("/v1/agent/check/pass/memory?note=well")
            try await api.put("/v1/agent/check/register", Self.ttl)
            #expect(api.registry.snapshot.check(key)?.value.output == "well")
            try await api.put("/v1/agent/check/register", #"{"name":"memory","ttl":"31s","status":"warning"}"#)
            #expect(api.registry.snapshot.check(key)?.value.status == .warning)
            #expect(api.registry.snapshot.check(key)?.value.output == "")
        }
    }

    @Test func `a check has all its options`() async throws {
        try await APIUnderTest.run { api in
            try await api.put(
                "/v1/agent/check/register",
                #"""
                {"ID": "x", "Name": "n", "Status": "passing", "http": "https://10.0.0.1/", "interval": "5s", "timeout": "1s",
                 "TLSServerName": "web.example", "SuccessBeforePassing": 3, "failuresbeforewarning": 2,
                 "FailuresBeforeCritical": 4, "OutputMaxSize": 80, "deregister_critical_service_after": "90s",
                 "DisableRedirects": true, "token": "t"}
                """#)
            var definition = CheckDefinition(
                probe: .http(.init(url: "https://10.0.0.1/", tlsServerName: "web.example")), interval: .seconds(5),
                timeout: .seconds(1))
            definition.thresholds.successesBeforePassing = 3
            definition.thresholds.failuresBeforeWarning = 2
            definition.thresholds.failuresBeforeCritical = 4
            definition.outputLimit = 80
            definition.removesInstanceAfter = .seconds(90)
            let node = try APIUnderTest.agent().node
            #expect(
                api.registry.snapshot.node(node)?.checks.map(\.value) == [
                    HealthCheck(node: node, id: "x", name: "n", status: .passing, definition: definition)
                ])
        }
    }

    @Test(arguments: [
        (
            #""udp":"[::1]:53","interval":"5s""#, "udp",
            CheckDefinition(probe: .udp(host: Address(.v6(high: 0, low: 1)), port: 53), interval: .seconds(5))
        ),
        (
            #""grpc":"10.0.0.1:50051/my.Service","interval":"5s","grpc_use_tls":true,"tls_skip_verify":true"#, "grpc",
            CheckDefinition(
                probe: .grpc(
                    .init(
                        host: Address(.v4(0x0a00_0001)), port: 50051, service: "my.Service", usesTLS: true,
                        skipsTLSVerification: true)), interval: .seconds(5))
        ),
        (#""aliasservice":"db""#, "alias", CheckDefinition(source: .alias(.init(instance: "db")))),
    ]) func `a check may be of any kind`(_ fields: String, _ type: String, _ definition: CheckDefinition) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.put("/v1/agent/check/register", #"{"name":"n",\#(fields)}"#)
            #expect(response.status == .ok, "\(response.text)")
            let node = try APIUnderTest.agent().node
            #expect(api.registry.snapshot.node(node)?.checks.map(\.value.definition) == [definition])
            #expect(try await api.get("/v1/agent/checks").text.contains(#""Type":"\#(type)""#))
        }
    }

    @Test(arguments: [
        (#""ttl":"1m""#, 5000, 4096), (#""ttl":"1m","outputmaxsize":10"#, 11, 10),
        (#""ttl":"1m","outputmaxsize":10"#, 10, nil), (#""ttl":"1m","outputmaxsize":9999"#, 4097, 4096),
    ]) func `a long report is cut and says so`(
        _ options: String, _ octets: Int, _ kept: Int?
    )
        async throws
    {
        try await APIUnderTest.run { api in
            try await api.put("/v1/agent/check/register", #"{"name":"m",\#(options)}"#)
            let output = String(repeating: "a", count: octets)
            try await api.put("/v1/agent/check/update/m", #"{"status":"passing","output":"\#(output)"}"#)
            let says = kept.map { "\(output.prefix($0)) ... (captured \($0) of \(octets) bytes)" } ?? output
            let node = try APIUnderTest.agent().node
            #expect(api.registry.snapshot.node(node)?.checks.map(\.value.output) == [says])
        }
    }

    static let refusals: [(path: String, body: String, status: HTTPResponse.Status, says: String)] = [
        ("register", "", .badRequest, "the body is empty"),
        ("register", "[]", .badRequest, "the body must be an object, not an array"),
        ("register", "{}", .badRequest, "TTL must be > 0 for TTL checks"),
        ("register", #"{"ttl":"1s"}"#, .badRequest, "Missing check name"),
        ("register", #"{"name":"m"}"#, .badRequest, "TTL must be > 0 for TTL checks"),
        ("register", #"{"name":"m","ttl":"1s","interval":"5s"}"#, .badRequest, "cannot both be specified"),
        ("register", #"{"name":"m","ttl":"1s","serviceid":"nope"}"#, .badRequest, #"ServiceID "nope" does not exist"#),
        ("register", #"{"name":"m","ttl":"1s","checkid":"x"}"#, .badRequest, #"unknown field "checkid""#),
        ("register", #"{"name":"m","ttl":"1s","status":"bad"}"#, .badRequest, "must be passing, warning or critical"),
        ("register", #"{"name":"m\n","ttl":"1s"}"#, .badRequest, "Name contains a control character"),
        ("register", #"{"id":"\u0000","name":"m","ttl":"1s"}"#, .badRequest, "ID contains a control character"),
        ("register", #"{"name":"m","notes":1,"ttl":"1s"}"#, .badRequest, "Notes must be a string"),
        ("register", #"{"name":"m","ttl":"1s"}{}"#, .badRequest, "text after the value"),
        (
            "pass/nope", "", .notFound,
            #"Unknown check ID "nope". Ensure that the check ID is passed, not the check name."#
        ),
        ("warn/nope", "", .notFound, #"Unknown check ID "nope"."#),
        ("fail/nope", "", .notFound, #"Unknown check ID "nope"."#),
        ("update/nope", #"{"Status":"passing"}"#, .notFound, #"Unknown check ID "nope"."#),
        ("pass/tcp", "", .badRequest, #"CheckID "tcp" does not have associated TTL"#),
        ("update/tcp", #"{"Status":"passing"}"#, .badRequest, #"CheckID "tcp" does not have associated TTL"#),
        ("pass/", "", .badRequest, "CheckID missing"), ("update", "{}", .badRequest, "CheckID missing"),
        ("deregister/", "", .badRequest, "CheckID missing"), ("pass/a%00b", "", .badRequest, "control character"),
        ("update/ttl", "", .badRequest, "the body is empty"),
        ("update/ttl", "{}", .badRequest, #"Invalid check status: """#),
        ("update/ttl", #"{"Status":"banana"}"#, .badRequest, #"Invalid check status: "banana""#),
        ("update/ttl", #"{"Status":"passing","x":1}"#, .badRequest, #"unknown field "x""#),
        ("update/ttl", #"{"Status":"passing","Output":1}"#, .badRequest, "Output must be a string"),
        ("update/ttl", #"{"Status":"passing"#, .badRequest, "ends too early"),
    ]

    @Test(arguments: refusals) func `what makes no sense is refused and changes nothing`(
        path: String, body: String, status: HTTPResponse.Status, says: String
    ) async throws {
        try await APIUnderTest.run { api in
            try await api.put("/v1/agent/check/register", #"{"name":"ttl","ttl":"1m"}"#)
            try await api.put("/v1/agent/check/register", #"{"name":"tcp","tcp":"h.example:1","interval":"1s"}"#)
            let index = api.registry.snapshot.index
            let response = try await api.put("/v1/agent/check/\(path)", body)
            #expect(response.status == status)
            #expect(response.text.contains(says), "\(response.text)")
            #expect(api.registry.snapshot.index == index)
        }
    }

    private func expect(_ api: LiveAPI, _ path: String, _ body: String, _ status: Int) async throws {
        let answer = try await api.put(path, body)
        try #require(answer.status == status, "\(answer.body)")
    }

    /// Status, output, notes, service and type of a check as the agent lists it.
    private func shown(_ api: LiveAPI, _ id: String) async throws -> [String] {
        let body = Data(try await api.get("/v1/agent/checks").body.utf8)
        let check = try #require(JSONDecoder().decode([String: ShownCheck].self, from: body)[id])
        return [check.Status, check.Output, check.Notes, check.ServiceID, check.`Type`]
    }

    private struct ShownCheck: Decodable {
        let Status, Output, Notes, ServiceID, `Type`: String
    }
}
