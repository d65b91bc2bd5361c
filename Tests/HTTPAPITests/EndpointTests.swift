import DNS
import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Every read that Consul's clients make` {
    private static let id = "76b17f02-18ed-7653-f6d0-c78fdc157c5c"
    private static let addresses =
        #""TaggedAddresses":{"lan":"10.11.97.181","lan_ipv4":"10.11.97.181","wan":"10.11.97.181","wan_ipv4":"10.11.97.181"}"#
    private static let node =
        #"{"Address":"10.11.97.181","CreateIndex":N,"Datacenter":"dc1","ID":"\#(id)","Meta":{},"ModifyIndex":N,"Node":"server01",\#(addresses)}"#
    private static let jettyTagged =
        #""TaggedAddresses":{"lan":{"Address":"1.2.3.4","Port":5},"lan_ipv4":{"Address":"10.0.0.7","Port":8080},"wan_ipv4":{"Address":"10.0.0.7","Port":8080}},"Tags":["test","v1"],"Weights":{"Passing":1,"Warning":1}}"#
    private static let jetty =
        #"{"Address":"10.0.0.7","Connect":{},"CreateIndex":N,"EnableTagOverride":false,"ID":"jetty","Meta":{"a":"b"},"ModifyIndex":N,"Port":8080,"Proxy":{"Expose":{},"MeshGateway":{}},"Service":"service-name",\#(jettyTagged)"#
    private static let web =
        #"{"Address":"","Connect":{},"CreateIndex":N,"EnableTagOverride":false,"ID":"web","Meta":{},"ModifyIndex":N,"Port":0,"Proxy":{"Expose":{},"MeshGateway":{}},"Service":"web","Tags":[],"Weights":{"Passing":1,"Warning":1}}"#
    private static let agentWeb =
        #"{"Address":"","EnableTagOverride":false,"ID":"web","Meta":{},"Port":0,"Service":"web","Tags":[],"Weights":{"Passing":1,"Warning":1}}"#
    private static let coordinate =
        #"{"Coord":{"Adjustment":0,"Error":1.5,"Height":1e-05,"Vec":[0,0,0,0,0,0,0,0]},"Node":"server01","Segment":""}"#
    private static let first = check(1, "critical", "http")
    private static let second = check(2, "warning", "tcp")

    private static func check(_ number: Int, _ status: String, _ type: String) -> String {
        #"{"CheckID":"service:jetty:\#(number)","CreateIndex":N,"Definition":{},"ModifyIndex":N,"Name":"Service 'service-name' check","Node":"server01","Notes":"","Output":"","ServiceID":"jetty","ServiceName":"service-name","ServiceTags":["test","v1"],"Status":"\#(status)","Type":"\#(type)"}"#
    }

    private static func registerBoth(_ api: APIUnderTest) async throws {
        try await api.register(
            #"{"id":"jetty","name":"service-name","address":"10.0.0.7","port":8080,"tags":["test","v1"],"meta":{"a":"b"},"tagged_addresses":{"lan":{"address":"1.2.3.4","port":5}},"checks":[{"http":"http://127.0.0.1:1/","interval":"500s"},{"tcp":"127.0.0.1:1","interval":"100s","status":"warning"}]}"#
        )
        try await api.register(#"{"name":"web"}"#)
    }

    /// The bodies of Consul 1.8.7 for the same registrations, less what Berth has not.
    @Test(arguments: [
        ("/v1/catalog/node/server01", #"{"Node":\#(node),"Services":{"jetty":\#(jetty),"web":\#(web)}}"#),
        ("/v1/catalog/node/SERVER01", #"{"Node":\#(node),"Services":{"jetty":\#(jetty),"web":\#(web)}}"#),
        ("/v1/catalog/node/\(id)", #"{"Node":\#(node),"Services":{"jetty":\#(jetty),"web":\#(web)}}"#),
        ("/v1/catalog/node/nope", "null"),
        ("/v1/catalog/node/no%20name", "null"),
        ("/v1/catalog/node-services/server01", #"{"Node":\#(node),"Services":[\#(jetty),\#(web)]}"#),
        ("/v1/catalog/node-services/nope", #"{"Node":null,"Services":null}"#),
        ("/v1/health/node/server01", "[\(first),\(second)]"),
        ("/v1/health/node/nope", "[]"),
        ("/v1/health/checks/service-name", "[\(first),\(second)]"),
        ("/v1/health/checks/web", "[]"),
        ("/v1/health/checks/nope", "[]"),
        ("/v1/health/state/any", "[\(first),\(second)]"),
        ("/v1/health/state/critical?near=_agent", "[\(first)]"),
        ("/v1/health/state/warning", "[\(second)]"),
        ("/v1/health/state/passing", "[]"),
        ("/v1/health/state/bogus", "[]"),
        ("/v1/agent/checks", #"{"service:jetty:1":\#(first),"service:jetty:2":\#(second)}"#),
        (
            "/v1/agent/health/service/id/web", #"{"AggregatedStatus":"passing","Checks":[],"Service":\#(agentWeb)}"#
        ),
        (
            "/v1/agent/health/service/name/web",
            #"[{"AggregatedStatus":"passing","Checks":[],"Service":\#(agentWeb)}]"#
        ),
        (
            "/v1/operator/raft/configuration",
            #"{"Index":0,"Servers":[{"Address":"10.11.97.181:8300","ID":"\#(id)","Leader":true,"Node":"server01","ProtocolVersion":"3","Voter":true}]}"#
        ),
        ("/v1/coordinate/datacenters", #"[{"AreaID":"wan","Coordinates":[\#(coordinate)],"Datacenter":"dc1"}]"#),
        ("/v1/coordinate/nodes", "[\(coordinate)]"),
        ("/v1/coordinate/node/server01", "[\(coordinate)]"),
        (
            "/v1/internal/ui/nodes",
            #"[{"Address":"10.11.97.181","Checks":[\#(first),\#(second)],"ID":"\#(id)","Meta":{},"Node":"server01","Services":[\#(jetty),\#(web)],\#(addresses)}]"#
        ),
        (
            "/v1/internal/ui/node/server01",
            #"{"Address":"10.11.97.181","Checks":[\#(first),\#(second)],"ID":"\#(id)","Meta":{},"Node":"server01","Services":[\#(jetty),\#(web)],\#(addresses)}"#
        ),
        (
            "/v1/internal/ui/services",
            #"[{"ChecksCritical":1,"ChecksPassing":0,"ChecksWarning":1,"Datacenter":"dc1","ExternalSources":[],"GatewayConfig":{},"InstanceCount":1,"Name":"service-name","Nodes":["server01"],"Tags":["test","v1"]},{"ChecksCritical":0,"ChecksPassing":0,"ChecksWarning":0,"Datacenter":"dc1","ExternalSources":[],"GatewayConfig":{},"InstanceCount":1,"Name":"web","Nodes":["server01"],"Tags":[]}]"#
        ),
    ]) func `has Consul's shape`(_ path: String, _ golden: String) async throws {
        try await APIUnderTest.run { api in
            try await Self.registerBoth(api)
            let response = try await api.get(path)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.withoutIndexes == golden)
        }
    }

    @Test(arguments: [
        ("/v1/catalog/node/", 400, "Missing node name"), ("/v1/catalog/node-services/", 400, "Missing node name"),
        ("/v1/health/node/", 400, "Missing node name"), ("/v1/health/checks/", 400, "Missing service name"),
        ("/v1/health/state/", 400, "Missing check state"), ("/v1/coordinate/node/", 400, "Missing node name"),
        ("/v1/agent/service/nope", 404, "unknown service ID: nope"),
        ("/v1/agent/service/", 404, "unknown service ID: "),
        ("/v1/agent/health/service/id/", 400, "Bad request: Missing serviceID"),
        ("/v1/agent/health/service/name/", 400, "Bad request: Missing service Name"),
        ("/v1/agent/members?segment=x", 400, "?segment=x names a network segment, and there are none"),
        ("/v1/coordinate/node/nope", 404, #"no node "nope" is registered"#),
        ("/v1/internal/ui/node/nope", 404, #"no node "nope" is registered"#),
        ("/v1/catalog/nodes?max_stale=1", 400, #"Invalid max_stale value "1""#),
        ("/v1/catalog/nodes?index=-1", 400, "Invalid index"),
        ("/v1/health/state/any?wait=-1s", 400, "Invalid wait time"),
        (
            "/v1/health/service/web?stale&consistent", 400,
            "Cannot specify ?stale with ?consistent, conflicting semantics."
        ),
        (
            "/v1/catalog/services?cached&consistent", 400,
            "Cannot specify ?cached with ?consistent, conflicting semantics."
        ),
        ("/v1/catalog/nodes?dc=nope", 400, #"No path to datacenter "nope": this is "dc1""#),
        ("/v1/catalog/nodes?ns=team", 400, "?ns is not supported"),
    ]) func `wrong questions get a plain sentence`(_ path: String, _ status: Int, _ text: String) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get(path)
            #expect(response.status.code == status)
            #expect(response.text == text)
            #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        }
    }

    @Test(arguments: [
        ("", "leader", false), ("?leader", "leader", false), ("?consistent", "consistent", false),
        ("?stale", "stale", false), ("?max_stale=10s", "stale", false), ("?cached", "leader", true),
        ("?cached&stale", "stale", true),
    ]) func `consistency is told as it was asked for`(
        _ query: String, _ consistency: String, _ cached: Bool
    ) async throws {
        try await APIUnderTest.run { api in
            for path in ["catalog/nodes", "catalog/services", "catalog/service/web", "health/service/web"] {
                let headers = try await api.get("/v1/\(path)\(query)").headers
                #expect(headers[.own("X-Consul-Effective-Consistency")] == consistency)
                #expect(headers[.own("X-Cache")] == (cached ? "HIT" : nil))
                #expect(headers[.age] == (cached ? "0" : nil))
            }
        }
    }

    @Test(arguments: [
        ("max-age=30, must-revalidate, stale-if-error=60", true), ("no-cache", true), ("max-age=0", true), ("", true),
        ("max-age=x", false), ("max-age", false), ("must-revalidate, stale-if-error=-1", false),
    ]) func `Cache-Control is read, and changes nothing`(_ header: String, _ isGood: Bool) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get("/v1/health/service/web?cached", headers: [.cacheControl: header])
            #expect(response.status.code == (isGood ? 200 : 400))
            if !isGood { #expect(response.text == "Invalid Cache-Control header.") }
        }
    }

    @Test func `node-meta keeps the nodes that have it all, and what is on them`() async throws {
        try await APIUnderTest.run { api in
            for (name, meta) in [("a", ["rack": "1", "os": "x"]), ("b", ["rack": "2", "os": "x"]), ("c", [:])] {
                let node = try NodeName(name)
                try await api.registry.submit([
                    .putNode(Node(name: node, id: "", address: Address(.v4(0x0a00_0001)), meta: meta)),
                    .putInstance(
                        ServiceInstance(node: node, id: "w", name: try ServiceName("web"), tags: [name]), checks: nil),
                    .putCheck(HealthCheck(node: node, id: "c", name: "c", instance: "w")),
                ])
            }
            let paths = [
                "catalog/nodes", "catalog/service/web", "health/service/web", "health/state/any", "health/checks/web",
                "coordinate/nodes", "internal/ui/nodes",
            ]
            for path in paths {
                for (query, names) in [
                    ("node-meta=rack:1", "a"), ("node-meta=os:x", "ab"), ("node-meta=os:x&node-meta=rack:2", "b"),
                    ("node-meta=os:y", ""), ("node-meta=os", ""),
                ] {
                    let text = try await api.get("/v1/\(path)?\(query)").text
                    let found = Set(text.matches(of: /"Node":"(\w)"/).map { String($0.1) })
                    #expect(found == Set(names.map(String.init)), "\(path)?\(query)")
                }
            }
            try await #expect(api.get("/v1/catalog/services?node-meta=rack:1").text == #"{"web":["a"]}"#)
            try await #expect(api.get("/v1/catalog/services?node-meta=rack:9").text == "{}")
            let summary = try await api.get("/v1/internal/ui/services?node-meta=os:x").text
            #expect(summary.contains(#""InstanceCount":2"#) && summary.contains(#""Nodes":["a","b"]"#))
        }
    }

    @Test func `members over the wide area have the datacenter in their names`() async throws {
        try await APIUnderTest.run { api in
            let text = try await api.get("/v1/agent/members?wan=1").text
            #expect(text.contains(#""Name":"server01.dc1""#) && text.contains(#""Port":8302"#))
        }
    }

    @Test func `self and host tell of this process and machine`() async throws {
        try await APIUnderTest.run { api in
            try await Self.registerBoth(api)
            let agent = try await api.get("/v1/agent/self").text
            for part in [
                #""Config":{"Datacenter":"dc1","NodeID":"\#(Self.id)","NodeName":"server01","Revision":"","Server":true,"Version":"0.1.0"}"#,
                #""DNSDomain":"consul.","DNSPort":8600"#, #""agent":{"checks":"2","services":"2"}"#,
                #""leader":"true","leader_addr":"10.11.97.181:8300""#, #""num_peers":"0","state":"Leader""#,
            ] { #expect(agent.contains(part), "\(agent)") }
            let host = try await api.get("/v1/agent/host").text
            for part in [/"CPU":\[\{"cpu":0/, /"os":"linux"/, /"Errors":null/, /"total":[1-9]\d+/] {
                #expect(host.contains(part), "\(host)")
            }
        }
    }

    @Test(arguments: [
        "/v1/connect/intentions", "/v1/connect/ca/roots", "/v1/agent/connect/ca/roots", "/v1/catalog/connect/web",
        "/v1/catalog/gateway-services/web", "/v1/health/connect/web", "/v1/health/ingress/web",
        "/v1/config/service-defaults", "/v1/discovery-chain/web", "/v1/internal/ui/service-topology/web",
        "/v1/acl/tokens", "/v1/acl/bootstrap", "/v1/agent/token/default",
    ]) func `what Berth leaves out is 404 and says so`(_ path: String) async throws {
        try await APIUnderTest.run { api in
            for method in [HTTPRequest.Method.get, .put, .post, .delete] {
                let response = try await api.client.execute(uri: path, method: method)
                #expect(response.status == .notFound)
                #expect(response.text.contains("Berth has no "), "\(response.text)")
            }
        }
    }
}

@Suite struct `A service's health by status code` {
    @Test(arguments: [
        ([], 200, "passing"), ([HealthStatus.passing], 200, "passing"), ([.passing, .warning], 429, "warning"),
        ([.warning, .critical], 503, "critical"),
    ]) func `is the worst of its checks`(_ statuses: [HealthStatus], _ code: Int, _ word: String) async throws {
        try await APIUnderTest.run { api in
            let checks = statuses.map { #"{"tcp":"h.example:1","interval":"1h","status":"\#($0)"}"# }
            try await api.register(#"{"name":"web","id":"w","checks":[\#(checks.joined(separator: ","))]}"#)
            for path in ["id/w", "name/web", "name/WEB"] {
                let response = try await api.get("/v1/agent/health/service/\(path)")
                #expect(response.status.code == code)
                #expect(response.headers[.own("X-Consul-Reason")] == word)
                #expect(response.text.contains(#""AggregatedStatus":"\#(word)""#))
                let text = try await api.get("/v1/agent/health/service/\(path)?format=text")
                #expect(text.status.code == code)
                #expect(text.text == word)
            }
        }
    }

    @Test func `is that of the worst instance, and of the node's checks`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","id":"a"}"#)
            try await api.register(
                #"{"name":"web","id":"b","check":{"tcp":"h.example:1","interval":"1h","status":"warning"}}"#)
            try await #expect(api.get("/v1/agent/health/service/name/web").status.code == 429)
            try await #expect(api.get("/v1/agent/health/service/id/a").status.code == 200)
            let node = try APIUnderTest.agent().node
            try await api.registry.submit([.putCheck(HealthCheck(node: node, id: "disk", name: "disk"))])
            try await #expect(api.get("/v1/agent/health/service/id/a").status.code == 503)
        }
    }

    @Test(arguments: ["_node_maintenance", "_service_maintenance:a"])
    func `is maintenance when somebody says so`(_ id: String) async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","id":"a"}"#)
            let instance = id.hasPrefix("_node") ? nil : "a"
            try await api.registry.submit([
                .putCheck(HealthCheck(node: try APIUnderTest.agent().node, id: id, name: "", instance: instance))
            ])
            let response = try await api.get("/v1/agent/health/service/name/web?format=text")
            #expect(response.status.code == 503)
            #expect(response.text == "maintenance")
        }
    }

    @Test(arguments: [
        ("id/nope", #"{"AggregatedStatus":"critical","Checks":null,"Service":null}"#, "ServiceId nope not found"),
        ("name/nope", "[]", "ServiceName nope Not Found"),
        ("name/no_such.name", "[]", "ServiceName no_such.name Not Found"),
    ]) func `is 404 for what is not there`(_ path: String, _ body: String, _ reason: String) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get("/v1/agent/health/service/\(path)")
            #expect(response.status == .notFound)
            #expect(response.text == body)
            #expect(response.headers[.own("X-Consul-Reason")] == reason)
            try await #expect(api.get("/v1/agent/health/service/\(path)?format=text").text == reason)
        }
    }

    @Test func `is told of a name that no header can carry`() async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get("/v1/agent/health/service/id/%E2%9C%93?format=text")
            #expect(response.status == .notFound)
            #expect(response.text == "ServiceId ✓ not found")
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Waiting for another content` {
    @Test func `a reader that knows the hash waits until the service differs`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","id":"w","port":1}"#)
            let first = try await api.get("/v1/agent/service/w")
            let hash = try #require(first.body.firstMatch(of: /"ContentHash":"([0-9a-f]{16})"/)).1
            #expect(first.headers.contains("X-Consul-ContentHash: \(hash)"))
            try await #expect(api.get("/v1/agent/service/w?hash=other").body == first.body)
            try await #expect(api.get("/v1/agent/service/w?hash=\(hash)&wait=10ms").body == first.body)

            let reader = try await api.reader("/v1/agent/service/w?hash=\(hash)")
            try await api.register(#"{"name":"web","id":"other"}"#)
            try await eventually { api.waiting == 1 }
            try await api.register(#"{"name":"web","id":"w","port":2}"#)
            try await #expect(reader.answer().body.contains(#""Port":2"#))
        }
    }

    @Test func `a service that goes away is 404 for who waits on it`() async throws {
        try await LiveAPI.run { api in
            try await api.register(#"{"name":"web","id":"w"}"#)
            let body = try await api.get("/v1/agent/service/w").body
            let hash = try #require(body.firstMatch(of: /"ContentHash":"(\w+)"/)).1
            let reader = try await api.reader("/v1/agent/service/w?hash=\(hash)")
            let key = InstanceKey(node: try APIUnderTest.agent().node, id: "w")
            try await api.registry.submit([.removeInstance(key)])
            try await #expect(reader.answer().status == 404)
        }
    }
}
