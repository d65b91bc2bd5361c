import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Reading the catalog` {
    private static let node =
        #""Address":"10.11.97.181","CreateIndex":N,"Datacenter":"dc1","ID":"76b17f02-18ed-7653-f6d0-c78fdc157c5c","Meta":{},"ModifyIndex":N,"Node":"server01","TaggedAddresses":{"lan":"10.11.97.181","lan_ipv4":"10.11.97.181","wan":"10.11.97.181","wan_ipv4":"10.11.97.181"}"#
    private static let serviceNode =
        #""Address":"10.11.97.181","CreateIndex":N,"Datacenter":"dc1","ID":"76b17f02-18ed-7653-f6d0-c78fdc157c5c","ModifyIndex":N,"Node":"server01","NodeMeta":{}"#
    private static let member =
        #"{"Addr":"10.11.97.181","DelegateCur":4,"DelegateMax":5,"DelegateMin":2,"Name":"server01","Port":8301,"ProtocolCur":2,"ProtocolMax":5,"ProtocolMin":1,"Status":1,"Tags":{"build":"0.1.0","dc":"dc1","id":"76b17f02-18ed-7653-f6d0-c78fdc157c5c","port":"8300","role":"consul","segment":""}}"#

    /// The bodies of Consul 1.8.7 for the same registrations, less what Berth has not (a service `consul`, serfHealth,
    /// network segments, raft), with members in the order of their names.
    @Test(arguments: [
        ("/v1/status/leader", #""10.11.97.181:8300""#),
        ("/v1/status/peers", #"["10.11.97.181:8300"]"#),
        ("/v1/catalog/datacenters", #"["dc1"]"#),
        ("/v1/catalog/services", #"{"service-name":["test"],"web":[]}"#),
        ("/v1/catalog/nodes", "[{\(node)}]"),
        (
            "/v1/catalog/service/service-name",
            #"[{\#(serviceNode),"ServiceAddress":"10.0.0.7","ServiceConnect":{},"ServiceEnableTagOverride":false,"ServiceID":"jetty","ServiceKind":"","ServiceMeta":{},"ServiceName":"service-name","ServicePort":8080,"ServiceProxy":{"Expose":{},"MeshGateway":{}},"ServiceTaggedAddresses":{"lan_ipv4":{"Address":"10.0.0.7","Port":8080},"wan_ipv4":{"Address":"10.0.0.7","Port":8080}},"ServiceTags":["test"],"ServiceWeights":{"Passing":1,"Warning":1},"TaggedAddresses":{"lan":"10.11.97.181","lan_ipv4":"10.11.97.181","wan":"10.11.97.181","wan_ipv4":"10.11.97.181"}}]"#
        ),
        (
            "/v1/catalog/services/WEB",
            #"[{\#(serviceNode),"ServiceAddress":"","ServiceConnect":{},"ServiceEnableTagOverride":false,"ServiceID":"web","ServiceKind":"","ServiceMeta":{},"ServiceName":"web","ServicePort":0,"ServiceProxy":{"Expose":{},"MeshGateway":{}},"ServiceTags":[],"ServiceWeights":{"Passing":1,"Warning":1},"TaggedAddresses":{"lan":"10.11.97.181","lan_ipv4":"10.11.97.181","wan":"10.11.97.181","wan_ipv4":"10.11.97.181"}}]"#
        ),
        (
            "/v1/health/service/service-name",
            #"[{"Checks":[{"CheckID":"service:jetty","CreateIndex":N,"Definition":{},"ModifyIndex":N,"Name":"Service 'service-name' check","Node":"server01","Notes":"","Output":"","ServiceID":"jetty","ServiceName":"service-name","ServiceTags":["test"],"Status":"critical","Type":"http"}],"Node":{\#(node)},"Service":{"Address":"10.0.0.7","Connect":{},"CreateIndex":N,"EnableTagOverride":false,"ID":"jetty","Meta":{},"ModifyIndex":N,"Port":8080,"Proxy":{"Expose":{},"MeshGateway":{}},"Service":"service-name","TaggedAddresses":{"lan_ipv4":{"Address":"10.0.0.7","Port":8080},"wan_ipv4":{"Address":"10.0.0.7","Port":8080}},"Tags":["test"],"Weights":{"Passing":1,"Warning":1}}}]"#
        ),
        (
            "/v1/agent/services",
            #"{"jetty":{"Address":"10.0.0.7","EnableTagOverride":false,"ID":"jetty","Meta":{},"Port":8080,"Service":"service-name","TaggedAddresses":{"lan_ipv4":{"Address":"10.0.0.7","Port":8080},"wan_ipv4":{"Address":"10.0.0.7","Port":8080}},"Tags":["test"],"Weights":{"Passing":1,"Warning":1}},"web":{"Address":"","EnableTagOverride":false,"ID":"web","Meta":{},"Port":0,"Service":"web","Tags":[],"Weights":{"Passing":1,"Warning":1}}}"#
        ),
        ("/v1/agent/members", "[\(member)]"),
        ("/v1/agent/members?segment=_all", "[\(member)]"),
        ("/v1/catalog/service/nothing", "[]"),
        ("/v1/catalog/service/no_such.name", "[]"),
        ("/v1/health/service/nothing", "[]"),
        ("/v1/health/service/service-name?passing", "[]"),
        ("/v1/catalog/service/service-name?tag=other", "[]"),
        ("/v1/catalog/service/service-name?tag=test&tag=other", "[]"),
        ("/v1/catalog/services?dc=dc1&stale&near=_agent&token=x", #"{"service-name":["test"],"web":[]}"#),
    ]) func `gives Consul's shapes`(_ path: String, _ golden: String) async throws {
        try await APIUnderTest.run { api in
            try await api.register(
                #"{"id":"jetty","name":"service-name","address":"10.0.0.7","port":8080,"tags":["test"],"checks":[{"http":"http://10.0.0.7:8080/","interval":"5s"}]}"#
            )
            try await api.register(#"{"name":"web"}"#)
            let response = try await api.get(path)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.withoutIndexes == golden)
        }
    }

    @Test func `tags match without case`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","tags":["Blue","v1"]}"#)
            for query in ["?tag=blue", "?tag=BLUE&tag=V1"] {
                try await #expect(api.get("/v1/catalog/service/web\(query)").text.contains(#""ServiceID":"web""#))
                try await #expect(api.get("/v1/health/service/web\(query)").text.contains(#""ID":"web""#))
            }
        }
    }

    @Test(arguments: [
        ("?passing", 1), ("?passing=true", 1), ("?passing=1", 1), ("?passing=false", 3), ("?passing=0", 3), ("", 3),
    ]) func `only instances whose checks all pass are passing`(_ query: String, _ count: Int) async throws {
        try await APIUnderTest.run { api in
            for status in HealthStatus.allCases {
                try await api.register(
                    #"{"name":"web","id":"\#(status)","check":{"tcp":"h.example:1","interval":"1s","status":"\#(status)"}}"#
                )
            }
            let text = try await api.get("/v1/health/service/web\(query)").text
            #expect(text.matches(of: /"Connect"/).count == count)
        }
    }

    @Test func `indexes move with what is read, and are never 0`() async throws {
        try await APIUnderTest.run { api in
            func index(_ path: String) async throws -> UInt64 {
                let headers = try await api.get(path).headers
                #expect(headers[.own("X-Consul-KnownLeader")] == "true")
                #expect(headers[.own("X-Consul-LastContact")] == "0")
                return try #require(headers[.own("X-Consul-Index")].flatMap { UInt64($0) })
            }
            try await #expect(index("/v1/catalog/service/web") >= 1)
            try await #expect(index("/v1/catalog/services") >= 1)
            try await api.register(#"{"name":"web"}"#)
            let web = try await index("/v1/health/service/web")
            let nodes = try await index("/v1/catalog/nodes")
            let services = try await index("/v1/catalog/services")
            try await api.register(#"{"name":"db"}"#)
            try await #expect(index("/v1/health/service/web") == web)
            try await #expect(index("/v1/catalog/service/db") > web)
            try await #expect(index("/v1/catalog/services") > services)
            try await #expect(index("/v1/catalog/nodes") == nodes)
        }
    }

    @Test func `pretty is laid out as Consul does`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(#"{"name":"web","tags":["a\\\"{[,:"]}"#)
            let text = try await api.get("/v1/agent/services?pretty").text
            #expect(
                text == #"""
                    {
                        "web": {
                            "Address": "",
                            "EnableTagOverride": false,
                            "ID": "web",
                            "Meta": {},
                            "Port": 0,
                            "Service": "web",
                            "Tags": [
                                "a\\\"{[,:"
                            ],
                            "Weights": {
                                "Passing": 1,
                                "Warning": 1
                            }
                        }
                    }

                    """#)
        }
    }

    @Test(arguments: [
        ("/v1/health/service/web?passing=banana", "Invalid value for ?passing"),
        ("/v1/catalog/services?dc=nope", #"No path to datacenter "nope""#),
        ("/v1/catalog/services?index=abc", "Invalid index"),
        ("/v1/catalog/services?wait=5", "Invalid wait time"),
        ("/v1/catalog/nodes?filter=%28%28%28", "Failed to create boolean expression evaluator: 1:4 (3): "),
        ("/v1/catalog/service/", "Missing service name"),
        ("/v1/health/service", "Missing service name"),
        ("/v1/berth/explain/", "name a service or a container"),
    ]) func `questions that cannot be answered are refused`(_ path: String, _ says: String) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get(path)
            #expect(response.status == .badRequest)
            #expect(response.text.contains(says), "\(response.text)")
        }
    }
}

@Suite struct `Paths and methods` {
    @Test(arguments: ["/v1/nothing", "/v1", "/v2/catalog/services", "/v1/catalog/nodes/x", "/etc/passwd"])
    func `an unknown path is 404 and says so`(_ path: String) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get(path)
            #expect(response.status == .notFound)
            #expect(response.text == "no such endpoint")
        }
    }

    @Test(arguments: [
        ("/v1/catalog/nodes", HTTPRequest.Method.put, "OPTIONS,GET"), ("/v1/catalog/nodes", .head, "OPTIONS,GET"),
        ("/v1/catalog/nodes", .trace, "OPTIONS,GET"), ("/v1/agent/service/register", .get, "OPTIONS,PUT"),
        ("/v1/agent/service/register", .post, "OPTIONS,PUT"), ("/v1/agent/service/deregister/x", .get, "OPTIONS,PUT"),
        ("/v1/agent/service/deregister/x", .delete, "OPTIONS,PUT"),
    ]) func `another method is 405 with Allow`(
        _ path: String, _ method: HTTPRequest.Method, _ allow: String
    ) async throws {
        try await APIUnderTest.run { api in
            let response = try await api.client.execute(uri: path, method: method)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == allow)
            let options = try await api.client.execute(uri: path, method: .options)
            #expect(options.status == .ok)
            #expect(options.headers[.allow] == allow)
        }
    }

    @Test func `the root says what this is`() async throws {
        try await APIUnderTest.run { api in
            let response = try await api.get("/")
            #expect(response.status == .ok)
            #expect(response.text.hasPrefix("Berth"))
        }
    }
}
