import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

/// What Consul 1.8.7 answers to the same expressions, but for what is said to be better.
@Suite struct `Filters` {
    /// On an instance `jetty` of `service-name` with a warning and a critical check, and a node without.
    @Test(arguments: [
        ("Service.ID == jetty", true), ("Service.ID==jetty", true), (#"Service.ID=="jetty""#, true),
        ("Service.ID == `jetty`", true), (#"Service["ID"] == jetty"#, true), (#"Service [ "ID" ] == jetty"#, nil),
        ("Service.ID != jetty", false), ("Service.ID == Jetty", false), (#"Service.ID == """#, false),
        ("Service.Port == 8080", true), ("Service.Port != 8080", false), ("Service.Weights.Passing == -1", false),
        ("test in Service.Tags", true), (#""test" in Service.Tags"#, true), ("Service.Tags contains test", true),
        ("Service.Tags not contains test", false), ("x not in Service.Tags", true), ("te in Service.Tags", false),
        ("Service.Tags is empty", false), ("Service.Tags is not empty", true), ("Service.Tags  is\tnot  empty", true),
        ("Service.Meta.a == b", true), (#"Service.Meta["a"] == b"#, true), (#"Service.Meta["zz"] == b"#, false),
        ("Service.Meta.zz != b", true), ("a in Service.Meta", true), ("Service.Meta contains a", true),
        ("Service.Meta is empty", false), (#"Service.Meta.a matches "^b""#, true), ("Service.Meta.zz matches b", false),
        ("Service.Meta.zz not matches b", true),
        (#"Service.ID matches "^j.*y$""#, true), ("Service.ID not matches j", false), ("jet in Service.ID", true),
        ("Service.ID contains jet", true), (#""" in Service.ID"#, true), ("Service.Address matches 10.0", true),
        ("Checks.Status == critical", true), ("Checks.Status == passing", false), ("Checks.Status != critical", true),
        ("Checks is empty", false), ("Checks is not empty", true), ("critical in Checks.Status", true),
        ("Checks.Name == x and Checks.Status == critical", false), ("Checks.ServiceTags contains test", true),
        ("Checks.Type == http", true), (#"Checks.Output matches """#, true),
        (#"Service.TaggedAddresses["lan"].Address == "1.2.3.4""#, true),
        (#"Service.TaggedAddresses.nope.Address == "1.2.3.4""#, false),
        (#"Service.TaggedAddresses.nope.Address != "1.2.3.4""#, true), ("lan in Service.TaggedAddresses", true),
        ("Service.TaggedAddresses is empty", false), ("Service.TaggedAddresses.lan.Port == 5", true),
        ("Service.EnableTagOverride == false", true), ("Service.EnableTagOverride == 0", true),
        ("not Service.EnableTagOverride == true", true), ("not (Service.EnableTagOverride == true)", true),
        ("not(Service.ID == x)", true), ("not not Service.Port == 1", false),
        ("Node.Node == server01", true), ("Node.Datacenter == dc1", true), ("Node.Meta is empty", true),
        ("Node.ID == x or Service.ID == jetty and Service.Port == 1", false),
        ("Service.ID == jetty or Node.ID == x and Service.Port == 1", true),
        ("Service.ID == x or Service.ID == jetty", true), ("not Service.ID == x and Service.ID == y", false),
        ("test in Service.Tags and (v1 in Service.Tags or Service.ID == x)", true),
        ("((Service.ID == jetty))", true), (" ( Service.ID == jetty ) ", true),
        ("Service.ID == and", false), ("Service.ID == not", false), ("Service.ID == a_b", false),
        (#"Service.Kind == """#, true), ("Service.Connect.Native == false", true),
        (#"Service.ID == "été""#, false), (#"Service.ID == "je\"tty""#, false), ("Service.ID == `je\"tty`", false),
    ]) func `are true or false of an element`(_ text: String, _ expected: Bool?) throws {
        guard let expected else {
            #expect(throws: FilterError.self) { try Filter<HealthEntryJSON>(text) }
            return
        }
        #expect(try Filter<HealthEntryJSON>(text)(try Self.entry()) == expected)
    }

    private static func entry() throws -> HealthEntryJSON {
        let agent = try APIUnderTest.agent()
        let instance = ServiceInstance(
            node: agent.node, id: "jetty", name: try ServiceName("service-name"), tags: ["test", "v1"],
            address: try Address("10.0.0.7"), port: 8080, meta: ["a": "b"],
            taggedAddresses: ["lan": TaggedAddress(address: try Address("1.2.3.4"), port: 5)])
        let probe = CheckDefinition(probe: .http(.init(url: "http://h.example/")), interval: .seconds(1))
        let states: [(HealthStatus, CheckDefinition?)] = [(.critical, probe), (.warning, nil)]
        let checks = states.enumerated().map { position, check in
            HealthCheck(
                node: agent.node, id: "c\(position)", name: "c", status: check.0, instance: "jetty",
                definition: check.1)
        }
        var state = CatalogState()
        _ = try state.apply(.putNode(Node(name: agent.node, id: agent.nodeID, address: Address(agent.address))), at: 1)
        _ = try state.apply(.putInstance(instance, checks: checks), at: 2)
        let snapshot = state.snapshot
        return HealthEntryJSON(
            try #require(snapshot.instance(instance.key)), on: try #require(snapshot.node(agent.node)),
            datacenter: agent.datacenter)
    }

    @Test(arguments: [
        ("Foo == 1", #"Selector "Foo" is not valid"#), ("Service.Foo == 1", #"Selector "Service.Foo" is not valid"#),
        ("Service.ID.x == 1", #"Selector "Service.ID.x" is not valid"#), ("and == 1", #"Selector "and" is not valid"#),
        ("Node.CreateIndex == 6", #"Selector "Node.CreateIndex" is not valid"#),
        ("Checks.Definition.Interval == 0", #"Selector "Checks.Definition" is not valid"#),
        ("service.id == 1", #"Selector "service" is not valid"#),
        ("jetty == Service.ID", #"Selector "jetty" is not valid"#),
        ("Service.Tags in test", #"Selector "test" is not valid"#),
        ("Service.Tags == test", #"Invalid match operator "Equal" for selector "Service.Tags""#),
        ("8080 in Service.Port", #"Invalid match operator "In" for selector "Service.Port""#),
        ("Service.Port is empty", #"Invalid match operator "Is Empty" for selector "Service.Port""#),
        ("Service.ID is not empty", #"Invalid match operator "Is Not Empty" for selector "Service.ID""#),
        ("Service.Meta.a is empty", #"Invalid match operator "Is Empty" for selector "Service.Meta.a""#),
        ("Service == x", #"Invalid match operator "Equal" for selector "Service""#),
        (
            "Service.TaggedAddresses.lan == x",
            #"Invalid match operator "Equal" for selector "Service.TaggedAddresses.lan""#
        ),
        ("Service.Port == abc", #"Failed to coerce value "abc" for selector "Service.Port": it is not an integer"#),
        ("Service.Port == 1.5", #"Failed to coerce value "1.5" for selector "Service.Port": it is not an integer"#),
        (
            "Service.EnableTagOverride == maybe",
            #"Failed to coerce value "maybe" for selector "Service.EnableTagOverride": it is not true or false"#
        ),
        (
            #"Service.ID matches "(""#,
            #"Failed to compile regular expression "(": error parsing regexp: missing closing ): `(`"#
        ),
        ("(((", "1:4 (3): a selector, a number or a quoted string must stand here"),
        (" ", "1:2 (1): a selector, a number or a quoted string must stand here"),
        ("()", "1:2 (1): a selector, a number or a quoted string must stand here"),
        ("!Service.ID == x", "1:1 (0): a selector, a number or a quoted string must stand here"),
        ("Service.ID == 'x'", "1:15 (14): a selector, a number or a quoted string must stand here"),
        ("Service.ID == été", "1:15 (14): a selector, a number or a quoted string must stand here"),
        ("Service.ID ==", "1:14 (13): a selector, a number or a quoted string must stand here"),
        ("Service.ID", #"1:11 (10): "==", "!=", "in", "contains", "matches" or "is empty" must stand here"#),
        ("Service.ID = x", #"1:12 (11): "==", "!=", "in", "contains", "matches" or "is empty" must stand here"#),
        ("Service.Port < 3", #"1:14 (13): "==", "!=", "in", "contains", "matches" or "is empty" must stand here"#),
        ("(Service.ID == x", #"1:17 (16): "and", "or" or ")" must stand here"#),
        ("Service.ID == x)", #"1:16 (15): "and", "or" or the end must stand here"#),
        ("Service.ID ==\n x y", #"2:4 (17): "and", "or" or the end must stand here"#),
        ("Service.ID == x AND Node.ID == y", #"1:17 (16): "and", "or" or the end must stand here"#),
        ("Service.ID == a-b", #"1:16 (15): "and", "or" or the end must stand here"#),
        ("Service.ID == 10.0.0.7", "1:19 (18): this is no number; addresses and the like need quotation marks"),
        ("Service.Port == 08080", "1:17 (16): a number cannot begin with 0"),
        ("Service.Port == -", "1:18 (17): a digit must stand here"), ("3 == 3", "1:1 (0): a selector must stand here"),
        ("x in 3", "1:6 (5): a selector must stand here"), ("Service. == 3", "1:9 (8): a letter must stand here"),
        (#"Service.Meta["a" == b"#, #"1:18 (17): "]" must stand here"#),
        ("Service.Meta[a] == b", "1:14 (13): a quoted string must stand here"),
        (#"Service.ID == "x"#, "1:15 (14): the string that begins here does not end"),
        (#"Service.ID == "\x""#, #"1:17 (16): after a backslash must stand n, t, r, \ or ""#),
        ("Service.ID is full", #"1:15 (14): "empty" must stand here"#),
        (String(repeating: "(", count: 65), "1:65 (64): it is nested more than 64 deep"),
        (String(repeating: "not ", count: 65), "1:256 (255): it is nested more than 64 deep"),
        (String(repeating: "a", count: 8193), "it is longer than 8192 octets"),
    ]) func `say what is wrong with them`(_ text: String, _ reason: String) throws {
        let error = #expect(throws: FilterError.self) { try Filter<HealthEntryJSON>(text) }
        #expect(error?.description == "Failed to create boolean expression evaluator: \(reason)")
    }

    /// Consul took 4.9 seconds for five brackets.
    @Test func `are read in linear time, whatever they say`() {
        var random = SystemRandomNumberGenerator()
        let words = [
            "(", ")", "not ", " and ", " or ", "==", "!=", " in ", " contains ", " matches ", " is ", "empty", "a",
            "A.b",
            "Service.ID", "[", "]", "\"", "`", "\\", "1", "-", "0", ".", " ", "\n", "é", "\u{0}", "Service.ID == x",
        ]
        for round in 0..<3000 {
            // Long runs of few words are what such readers stumble over.
            let some = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }
            var text = ""
            let length = round.isMultiple(of: 100) ? FilterParser.maximumLength - 20 : 200
            while text.utf8.count < length { text += some[Int.random(in: 0..<some.count, using: &random)] }
            let steps = FilterParser.steps(reading: text)
            #expect(steps <= 20 * text.utf8.count, "\(text.prefix(300))")
        }
        for part in ["a == b or ", "(a == b) and ", "(", "not ", "a.", "a[\"b\"]", "\"", " "] {
            let text = String(repeating: part, count: FilterParser.maximumLength / part.utf8.count)
            #expect(FilterParser.steps(reading: text) <= 20 * text.utf8.count, "\(part)")
        }
    }

    @Test func `are read to the last of many parts`() throws {
        let parts = Array(repeating: "Service.ID == x", count: 400)
        let any = (parts + ["Service.ID == jetty"]).joined(separator: " or ")
        #expect(try Filter<HealthEntryJSON>(any)(try Self.entry()))
        let all = Array(repeating: "Service.ID == jetty", count: 300).joined(separator: " and ")
        #expect(try Filter<HealthEntryJSON>(all)(try Self.entry()))
    }

    @Test(arguments: [
        ("catalog/nodes", "Node == server01", "Node == x"), ("catalog/service/web", "ServiceID == a", "ServiceID == x"),
        ("catalog/service/web", #"ServiceKind != proxy and NodeMeta is empty"#, "ServicePort == 7"),
        ("catalog/service/web", "ServiceTaggedAddresses is empty", "ServiceTags contains x"),
        ("health/service/web", "Checks.Status == critical", "Checks.Status == passing"),
        ("health/checks/web", "Status == critical", "ServiceID == x"),
        ("health/node/server01", "CheckID == c", "Name == x"),
        ("health/state/any", "ServiceTags contains t", "ServiceTags contains x"),
        ("agent/services", "Service == web", "Port == 1"),
        ("agent/checks", "Status == critical", "Status == passing"),
        ("internal/ui/nodes", "Services.ID == a", "Services.ID == x"),
        ("internal/ui/services", "Service.Service == web", "Node.Node == x"),
    ]) func `choose what is answered`(_ path: String, _ some: String, _ none: String) async throws {
        try await APIUnderTest.run { api in
            try await Self.registerWeb(api)
            try await #expect(Self.filter(api, path, by: some).text.count > 10)
            let empty = try await Self.filter(api, path, by: none)
            #expect(empty.text == (path.hasPrefix("agent/") ? "{}" : "[]"))
            let wrong = try await Self.filter(api, path, by: "Nothing.Like == this")
            #expect(wrong.status == .badRequest)
            #expect(wrong.text == #"Failed to create boolean expression evaluator: Selector "Nothing" is not valid"#)
        }
    }

    @Test func `choose the services of a node, and not the node`() async throws {
        try await APIUnderTest.run { api in
            try await Self.registerWeb(api)
            let map = try await Self.filter(api, "catalog/node/server01", by: "ID == x").text
            #expect(map.contains(#""Node":"server01""#) && map.hasSuffix(#""Services":{}}"#))
            let list = try await Self.filter(api, "catalog/node-services/server01", by: "ID != a").text
            #expect(list.contains(#""Node":"server01""#) && list.hasSuffix(#""Services":[]}"#))
        }
    }

    @Test func `are understood with plus signs for spaces, as Go and Python write them`() async throws {
        try await APIUnderTest.run { api in
            try await Self.registerWeb(api)
            let path = "/v1/catalog/service/web?filter=ServiceID+%3D%3D+%22a%22+and+%22t%22+in+ServiceTags"
            try await #expect(api.get(path).text.contains(#""ServiceID":"a""#))
        }
    }

    private static func registerWeb(_ api: APIUnderTest) async throws {
        try await api.register(
            #"{"name":"web","id":"a","tags":["t"],"check":{"CheckID":"c","tcp":"h.example:1","interval":"1h"}}"#)
    }

    private static func filter(_ api: APIUnderTest, _ path: String, by filter: String) async throws -> TestResponse {
        let encoded = try #require(filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        return try await api.get("/v1/\(path)?filter=\(encoded)")
    }
}

extension FilterParser {
    /// What reading costs, whether it is an expression or not.
    fileprivate static func steps(reading text: String) -> Int {
        var steps = 0
        _ = try? parse(text, steps: &steps)
        return steps
    }
}
