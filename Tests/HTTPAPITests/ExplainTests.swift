import DNS
import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Explanations` {
    private struct Containers: DerivationReporting {
        var reports: [DerivationReport]
        var view = ContainerView.current

        func reports(matching text: String) -> [DerivationReport] {
            reports.filter { $0.containerName == text || $0.containerID.hasPrefix(text) }
        }
    }

    private static let id = String(repeating: "ab", count: 32)

    private static func containers() throws -> Containers {
        let key = InstanceKey(node: try APIUnderTest.agent().node, id: "server01:nginx-1:80")
        return Containers(reports: [
            DerivationReport(
                engine: "engine", containerID: id, containerName: "nginx-1", image: "nginx:latest", state: "running",
                decisions: [
                    .init(
                        port: "80/tcp",
                        outcome: .registered(
                            .init(
                                key: key, service: try ServiceName("nginx"), address: "10.11.97.181", port: 32768,
                                sources: .init(
                                    name: "label SERVICE_80_NAME", tags: nil,
                                    address: "the address and port that Docker publishes")))),
                    .init(port: "443/tcp", outcome: .skipped(reason: "port 443/tcp is not published")),
                ], notes: ["the name \"nginx_1\" was rewritten to \"nginx-1\""])
        ])
    }

    private static func answers() throws -> @Sendable (DomainName) -> OwnerRecords? {
        let owner = try DomainName(text: "nginx.service.consul.")
        let target = try DomainName(text: "0a0b61b5.addr.consul.")
        let records = OwnerRecords(
            owner: owner,
            sets: [
                RRSet(owner: owner, type: .a, timeToLive: 1, rdata: [[10, 11, 97, 181]]),
                RRSet(owner: owner, type: .srv, timeToLive: 1, rdata: [[0, 1, 0, 1, 0x80, 0] + target.wire]),
                RRSet(owner: owner, type: RecordType(rawValue: 4711), timeToLive: 1, rdata: [[1, 0xff]]),
            ])
        return { $0 == owner ? records : nil }
    }

    private static let nginx =
        #"{"name":"nginx","id":"server01:nginx-1:80","port":32768,"tags":["a"],"check":{"tcp":"10.0.0.1:1","interval":"1s","status":"passing"}}"#

    @Test(arguments: ["nginx", "nginx-1", "abab"])
    func `a service or its container shows instances and records`(_ subject: String) async throws {
        try await APIUnderTest.run(containers: Self.containers(), answers: Self.answers()) { api in
            try await api.register(Self.nginx)
            let response = try await api.get("/v1/berth/explain/\(subject)")
            #expect(response.status == .ok)
            for part in [
                #""address": "10.11.97.181""#, #""health": "passing""#, #""owner": "registered over HTTP""#,
                #""nginx.service.consul. 1 IN A 10.11.97.181""#,
                #""nginx.service.consul. 1 IN SRV 1 1 32768 0a0b61b5.addr.consul.""#,
                ##""nginx.service.consul. 1 IN TYPE4711 \\# 2 01ff""##, #""published": true"#,
                #""dig @127.0.0.1 -p 8600 nginx.service.consul SRV""#,
            ] {
                #expect(response.text.contains(part), "\(part) in \(response.text)")
            }
            let showsContainer = response.text.contains("port 443/tcp is not published")
            #expect(showsContainer == (subject != "nginx"))
            #expect(response.text.contains(#""nameFrom": "label SERVICE_80_NAME""#) == showsContainer)
            #expect(response.text.contains(#""addressFrom": "the address and port"#) == showsContainer)
        }
    }

    @Test(arguments: ["My_Web", "my_web", "my-web", "site/1", "nginx-1"])
    func `an instance is found by its id and by the name it had before`(_ subject: String) async throws {
        try await APIUnderTest.run(namePolicy: .rewrite) { api in
            try await api.register(#"{"name":"My_Web","id":"site/1"}"#)
            try await api.register(#"{"name":"nginx","id":"nginx-1"}"#)
            let text = try await api.get("/v1/berth/explain/\(subject)").text
            #expect(text.contains(#""id": "site/1""#) == (subject != "nginx-1"), "\(text)")
            #expect(text.contains(#""id": "nginx-1""#) == (subject == "nginx-1"), "\(text)")
        }
    }

    @Test func `a check without a result has not run yet`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(Self.nginx)
            let check = try api.instance("server01:nginx-1:80").checks[0].value
            try await #expect(api.get("/v1/berth/explain/nginx").text.contains(#""output": "has not run yet""#))
            try await api.registry.submit([.setStatus(check.key, .passing, output: "TCP connect: Success")])
            try await #expect(api.get("/v1/berth/explain/nginx").text.contains(#""output": "TCP connect: Success""#))
        }
    }

    @Test func `a service whose instances are critical is not in DNS, and why`() async throws {
        try await APIUnderTest.run { api in
            try await api.register(Self.nginx.replacing("passing", with: "critical"))
            let text = try await api.get("/v1/berth/explain/NGINX").text
            #expect(text.contains(#""published": false"#))
            #expect(text.contains(#""reason": "its only instance is critical; see the output of its checks""#))
        }
    }

    @Test(arguments: [
        ("ngnix", #"no service "ngnix" is registered and containers are not watched; the nearest names are "nginx""#),
        ("quite-different", #"no service "quite-different" is registered and containers are not watched"#),
    ]) func `an unknown name is 404 with the nearest names`(_ subject: String, _ sentence: String) async throws {
        try await APIUnderTest.run { api in
            try await api.register(Self.nginx)
            let response = try await api.get("/v1/berth/explain/\(subject)")
            #expect(response.status == .notFound)
            #expect(response.text == sentence)
        }
    }

    @Test(arguments: [
        (ContainerView.current, "no container goes by that name"),
        (.outdated, "no container went by that name when Docker last answered, which it does not now"),
        (.unseen, "nothing is known of containers, because Docker has not answered since Berth was started"),
    ])
    func `an unknown name is no container only if Docker answers`(view: ContainerView, words: String) async throws {
        try await APIUnderTest.run(containers: Containers(reports: [], view: view)) { api in
            let response = try await api.get("/v1/berth/explain/nobody")
            #expect(response.status == .notFound)
            #expect(response.text == "no service \"nobody\" is registered and \(words)")
        }
    }

    @Test(arguments: [
        (ContainerView.current, nil), (.outdated, "as they were when Docker last answered"),
        (.unseen, "nothing is known of containers"),
    ])
    func `the containers of a service are told to be old when Docker does not answer`(
        view: ContainerView, words: String?
    ) async throws {
        try await APIUnderTest.run(containers: Containers(reports: [], view: view)) { api in
            try await api.register(Self.nginx)
            let text = try await api.get("/v1/berth/explain/nginx").text
            #expect(text.contains("containersNote") == (words != nil))
            #expect(words.map(text.contains) ?? true)
        }
    }

    @Test(arguments: [
        ("x", []), ("we", []), ("wob", ["web"]), ("dbs", ["db"]), ("wbe", []), ("ngnix", ["nginx"]),
        ("NGINY", ["nginx"]),
    ])
    func `names are near if few letters differ`(text: String, names: [String]) {
        #expect(NearestNames.to(text, among: ["db", "nginx", "web", "y"]) == names)
    }
}
