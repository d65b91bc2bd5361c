import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Registering with the catalog` {
    private static let uuid = "40e4a748-2192-161a-0510-9bf59fe950b5"

    @Test func `a node of another host, its services and its checks`() async throws {
        try await LiveAPI.run { api in
            let answer = try await api.put(
                "/v1/catalog/register",
                #"""
                {"Datacenter": "DC1", "ID": "40E4A748-2192-161A-0510-9BF59FE950B5", "node": "db01", "Address": "192.0.2.7",
                 "TaggedAddresses": {"lan": "192.0.2.7", "wan": "198.51.100.7"},
                 "NodeMeta": {"external-node": "true", "consul-version": "1"}, "WriteRequest": {"Token": "t"},
                 "Service": {"ID": "redis1", "Service": "redis", "Tags": ["primary"], "Meta": {"v": "1"}, "Port": 8000,
                             "Weights": {"Passing": 3, "Warning": 1}, "EnableTagOverride": true,
                             "Proxy": {"MeshGateway": {}, "Expose": {}}, "Connect": {}, "CreateIndex": 3},
                 "Check": {"Node": "DB01", "CheckID": "service:redis1", "Name": "Redis health", "Status": "passing",
                           "Notes": "n", "Output": "o", "ServiceID": "redis1", "ServiceName": "x", "ServiceTags": [],
                           "Type": "", "Definition": {"TCP": "[::1]:8888", "Interval": "90s", "Timeout": "1.5s",
                                                      "DeregisterCriticalServiceAfter": "1m"}},
                 "Checks": [{"Name": "node check", "Status": "warning"}], "SkipNodeUpdate": false}
                """#)
            #expect(answer.status == 200)
            #expect(answer.body == "true")
            let service = try await api.get("/v1/health/service/redis").body
            for part in [
                #""Address":"192.0.2.7""#, #""ID":"\#(Self.uuid)""#, #""wan":"198.51.100.7""#,
                #""Meta":{"consul-version":"1","external-node":"true"}"#, #""Tags":["primary"]"#, #""Passing":3"#,
                #""Address":"","#, #""CheckID":"node check""#, #""Output":"o""#, #""Type":"tcp""#,
                #""Definition":{"DeregisterCriticalServiceAfter":"1m0s","Interval":"1m30s","TCP":"[::1]:8888","Timeout":"1.5s"}"#,
            ] { #expect(service.contains(part), "\(part) is not in \(service)") }
            #expect(try await api.get("/v1/agent/services").body == "{}")
            let listed = try await api.get("/v1/catalog/service/redis").body
            #expect(listed.contains(#""Address":"192.0.2.7""#) && listed.contains(#""ServiceAddress":"""#))
        }
    }

    @Test func `the node is replaced by every registration that does not skip it`() async throws {
        try await APIUnderTest.run { api in
            let name = try NodeName("db01")
            try await catalog(api, #"{"Node":"db01","Address":"192.0.2.7","ID":"\#(Self.uuid)","NodeMeta":{"a":"b"}}"#)
            try await catalog(
                api, #"{"Node":"db01","Address":"192.0.2.8","SkipNodeUpdate":true,"Service":{"Service":"db"}}"#)
            #expect(
                api.registry.snapshot.node(name)?.node.value
                    == Node(name: name, id: Self.uuid, address: try Address("192.0.2.7"), meta: ["a": "b"]))
            try await catalog(api, #"{"Node":"db01","Address":"db.example"}"#)
            #expect(
                api.registry.snapshot.node(name)?.node.value
                    == Node(name: name, id: Self.uuid, address: try Address("db.example")))
            #expect(api.registry.snapshot.instances(on: name).count == 1)
        }
    }

    @Test func `a node with another name is another node`() async throws {
        try await APIUnderTest.run { api in
            try await catalog(
                api, #"{"Node":"a","Address":"192.0.2.7","ID":"\#(Self.uuid)","Service":{"Service":"db"}}"#)
            try await catalog(api, #"{"Node":"b","Address":"192.0.2.7","ID":"\#(Self.uuid)"}"#)
            #expect(api.registry.snapshot.nodes.map(\.node.value.name.text) == ["b", "server01"])
            #expect(api.registry.snapshot.serviceCount == 0)
        }
    }

    @Test func `the same again changes no index`() async throws {
        try await APIUnderTest.run { api in
            let body =
                #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"db"},"Check":{"Name":"up","ServiceID":"db"}}"#
            try await catalog(api, body)
            let index = api.registry.snapshot.index
            try await catalog(api, body)
            #expect(api.registry.snapshot.index == index)
        }
    }

    @Test func `on this host it is what the agent shows as well, and this host stays where it is`() async throws {
        try await APIUnderTest.run { api in
            let own = try #require(api.registry.snapshot.node(APIUnderTest.agent().node)?.node)
            try await catalog(
                api,
                #"{"Node":"SERVER01","Address":"192.0.2.7","NodeMeta":{"x":"y"},"Service":{"Service":"web","Port":80}}"#
            )
            #expect(api.registry.snapshot.node(own.value.name)?.node == own)
            #expect(try await api.get("/v1/agent/service/web").text.contains(#""Port":80"#))
            try await api.register(#"{"name":"web","port":81}"#)
            #expect(try api.instance("web").instance.value.port == 81)
            try await deregister(api, #"{"Node":"server01","ServiceID":"web"}"#)
            #expect(try api.instances.isEmpty)
        }
    }

    /// What Consul's catalog comes to a minute later, when the agent has looked at it.
    @Test func `of what is registered with the agent it changes the tags, where the agent lets it`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","tags":["a"],"port":1,"enable_tag_override":true}"#)
            let write = #"{"Node":"server01","SkipNodeUpdate":true,"Service":{"Service":"web","Tags":["b"],"Port":2}}"#
            try await catalog(api, write)
            #expect(try api.instance("web").instance.value.tags == ["b"])
            #expect(try api.instance("web").instance.value.port == 1)
            #expect(try api.instance("web").instance.value.enableTagOverride)
            try await api.register(#"{"name":"web","tags":["a"],"port":1}"#)
            #expect(try api.instance("web").instance.value.tags == ["a"])
            let refused = try await api.put("/v1/catalog/register", write)
            #expect(refused.status == .conflict)
            #expect(refused.text.contains("is registered with the agent"))
            #expect(try api.instance("web").instance.value.tags == ["a"])
        }
    }

    @Test func `what goes is a service, a check, or a node with all it has`() async throws {
        try await APIUnderTest.run { api in
            let name = try NodeName("a")
            try await catalog(
                api,
                #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"db"},"Checks":[{"Name":"up"},{"Name":"in","ServiceID":"db"}]}"#
            )
            try await deregister(api, #"{"Datacenter":"dc1","Node":"a","Address":"x","CheckID":"up"}"#)
            #expect(api.registry.snapshot.node(name)?.checks.isEmpty == true)
            try await deregister(api, #"{"Node":"a","ServiceID":"db"}"#)
            #expect(api.registry.snapshot.instances(on: name).isEmpty)
            #expect(api.registry.snapshot.node(name) != nil)
            try await deregister(api, #"{"Node":"a"}"#)
            #expect(api.registry.snapshot.node(name) == nil)
            for nothing in [#"{"Node":"a"}"#, #"{"Node":"a","ServiceID":"x"}"#, #"{"Node":"a","CheckID":"x"}"#] {
                try await deregister(api, nothing)
            }
        }
    }

    @Test func `under rewrite a bad name is rewritten here too`() async throws {
        try await APIUnderTest.run(namePolicy: .rewrite) { api in
            let response = try await api.put(
                "/v1/catalog/register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"my_db"}}"#)
            #expect(response.headers[.berthServiceName] == "my-db")
            #expect(api.registry.snapshot.service(try ServiceName("my-db")) != nil)
        }
    }

    @Test func `what stands for a container or is run here is not taken over`() async throws {
        try await APIUnderTest.run { api in
            let derived = ServiceInstance(
                node: try APIUnderTest.agent().node, id: "c", name: try ServiceName("web"),
                owner: .docker(engine: "e", container: "c0ffee"))
            try await api.registry.submit([.putInstance(derived, checks: nil)])
            try await api.register(#"{"name":"db","check":{"ttl":"1m"}}"#)
            let index = api.registry.snapshot.index
            for (verb, body, says) in [
                (
                    "register", #"{"Node":"server01","Address":"192.0.2.7","Service":{"ID":"c","Service":"web"}}"#,
                    "stands for container c0ffee"
                ),
                ("deregister", #"{"Node":"server01","ServiceID":"c"}"#, "stands for container c0ffee"),
                (
                    "register",
                    #"{"Node":"server01","Address":"192.0.2.7","Check":{"CheckID":"service:db","Status":"passing"}}"#,
                    "is run by this agent"
                ),
                ("deregister", #"{"Node":"server01"}"#, "is this host and stays"),
                ("register", #"{"Node":"server01","Address":"192.0.2.7","ID":"\#(Self.uuid)"}"#, "cannot have the ID"),
                (
                    "register", #"{"Node":"a","Address":"192.0.2.7","ID":"76b17f02-18ed-7653-f6d0-c78fdc157c5c"}"#,
                    "cannot have the ID"
                ),
            ] {
                let response = try await api.put("/v1/catalog/\(verb)", body)
                #expect(response.status == .conflict, "\(body)")
                #expect(response.text.contains(says), "\(response.text)")
            }
            #expect(api.registry.snapshot.index == index)
        }
    }

    static let refusals: [(verb: String, body: String, says: String)] = [
        ("register", "", "the body is empty"), ("register", "[]", "the body must be an object"),
        ("register", "{}", "Must provide node"), ("register", #"{"Node":""}"#, "Must provide node"),
        ("register", #"{"Node":1}"#, "Node must be a string"),
        ("register", #"{"Node":"a"}"#, "Must provide address if SkipNodeUpdate is not set"),
        ("register", #"{"Node":"a","SkipNodeUpdate":true}"#, #"no node "a" is registered yet: give its Address"#),
        ("register", #"{"Node":"a b","Address":"192.0.2.7"}"#, "cannot be a DNS label"),
        ("register", #"{"Node":"a","Address":"0.0.0.0"}"#, "Address 0.0.0.0 names no host"),
        ("register", #"{"Node":"a","Address":"not an address"}"#, "neither an IP address nor a host name"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","ID":"nope"}"#, "Bad node ID"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Datacenter":"dc9"}"#, "No path to datacenter"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","node_meta":{}}"#, #"unknown field "node_meta""#),
        ("register", #"{"Node":"a","Address":"192.0.2.7","NodeMeta":{"a b":"c"}}"#, "NodeMeta key"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","TaggedAddresses":{"lan":1}}"#, "TaggedAddresses.lan must be"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","TaggedAddresses":{"lan":"::"}}"#, "TaggedAddresses.lan"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Service":{}}"#, "Missing service name"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Service":{"ID":"x"}}"#, "Missing service name"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Name":"x"}}"#, "Missing service name"),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w_x"}}"#, "cannot be a DNS label"),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w","Port":65536}}"#,
            "Service.Port must"
        ),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w","Address":"::"}}"#, "names no host"),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w","x":1}}"#,
            #"unknown field "Service.x""#
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w","Meta":{"consul-x":"1"}}}"#,
            "reserved"
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w","Weights":{"Warning":1}}}"#,
            "Service.Weights.Passing"
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w","Connect":{"Native":true}}}"#,
            "not a service mesh"
        ),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Check":{}}"#, "Check.CheckID or Name is missing"),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Node":"b","Name":"c"}}"#,
            #"check node "b" does not match node "a""#
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Name":"c","ServiceID":"nope"}}"#,
            #"no service with id "nope""#
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Name":"c","Status":"bad"}}"#,
            "must be passing, warning or critical"
        ),
        ("register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Name":"c","x":1}}"#, #"unknown field "Check.x""#),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Name":"c","Definition":{"HTTP":"file:///x"}}}"#,
            "Check.Definition.HTTP"
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Name":"c","Definition":{"y":1}}}"#,
            "Check.Definition.y"
        ),
        (
            "register", #"{"Node":"a","Address":"192.0.2.7","Check":{"Name":"c","Definition":false}}"#,
            "Check.Definition must be an object"
        ),
        (
            "register",
            #"{"Node":"a","Address":"192.0.2.7","Service":{"Service":"w"},"Checks":[{"Name":"c"},{"Name":"d","ServiceID":"x"}]}"#,
            "no service with id"
        ),
        ("register", #"{"Node":"a","Address":"192.0.2.7"}{}"#, "text after the value"),
        ("deregister", "", "the body is empty"), ("deregister", "{}", "Must provide node"),
        ("deregister", #"{"Node":"a","x":1}"#, #"unknown field "x""#),
        ("deregister", #"{"Node":"a","Datacenter":"dc9"}"#, "No path to datacenter"),
        ("deregister", #"{"Node":"a b"}"#, "cannot be a DNS label"),
        ("deregister", #"{"Node":"a","ServiceID":1}"#, "ServiceID must be a string"),
    ]

    @Test(arguments: refusals) func `what makes no sense is refused whole`(
        verb: String, body: String, says: String
    ) async throws {
        try await APIUnderTest.run { api in
            let index = api.registry.snapshot.index
            let response = try await api.put("/v1/catalog/\(verb)", body)
            #expect(response.status == .badRequest)
            #expect(response.text.contains(says), "\(response.text)")
            #expect(api.registry.snapshot.index == index)
        }
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.seconds(1), "1s"), (.seconds(60), "1m0s"), (.seconds(3600), "1h0m0s"),
        (.seconds(90), "1m30s"), (.milliseconds(1500), "1.5s"), (.milliseconds(20), "20ms"),
        (.microseconds(1500), "1.5ms"), (.nanoseconds(1001), "1.001µs"), (.nanoseconds(7), "7ns"),
        (.seconds(360_000) + .milliseconds(1), "100h0m0.001s"),
    ]) func `durations are shown as Go shows them`(_ duration: Duration, _ text: String) {
        #expect(GoDuration.text(duration) == text)
        #expect(GoDuration.parse(text) == duration)
    }

    private func catalog(_ api: APIUnderTest, _ body: String) async throws {
        let response = try await api.put("/v1/catalog/register", body)
        try #require(response.status == .ok, "\(response.text)")
    }

    private func deregister(_ api: APIUnderTest, _ body: String) async throws {
        let response = try await api.put("/v1/catalog/deregister", body)
        try #require(response.status == .ok && response.text == "true", "\(response.text)")
    }
}
