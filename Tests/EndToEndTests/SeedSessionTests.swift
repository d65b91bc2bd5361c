import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The session that a newcomer from Consul, Registrator and consul-template types, as the README walks through it.
    @Suite struct `The session of the README` {
        @Test func `four containers are found by DNS, HTTP and nginx`() async throws {
            try await withSession([]) { berth, containers, directory in
                for number in 1...4 {
                    try await containers.engine.docker(
                        "run", "-d", "-P", "--name", "nginx-\(number)", "--env", "WHO=nginx-\(number)", "nginx")
                }
                let endpoints = Set(try await containers.endpoints().values)
                let name = "nginx.service.consul"
                let answer = try await retrying(for: .seconds(20)) {
                    let answer = try await berth.dig(name, "SRV")
                    try expectNow(answer.answer.count == 4, answer.text)
                    return answer
                }
                #expect(answer.status == "NOERROR" && answer.flags.contains("aa"), "\(answer.text)")
                #expect(answer.additional.contains { $0.rdata == [WebContainers.advertised] }, "\(answer.text)")
                #expect(answer.endpoints == endpoints, "\(answer.text)")
                #expect(answer.answer.allSatisfy { $0.rdata[3] == "7f0a61b5.addr.dc1.consul." }, "\(answer.text)")

                let leader = try await curl(berth, "/v1/status/leader")
                let peers = try await curl(berth, "/v1/status/peers")
                #expect(leader.contains(/^"[^"]+:\d+"\s*$/), "\(leader)")
                #expect(peers.filter { !$0.isWhitespace } == "[\(leader.filter { !$0.isWhitespace })]", "\(peers)")

                let services = try JSONDecoder().decode(
                    [String: [String]].self, from: Data(try await curl(berth, "/v1/catalog/services").utf8))
                #expect(services["nginx"] == [])
                for path in ["/v1/catalog/services/nginx", "/v1/catalog/service/nginx"] {
                    let instances = try JSONDecoder().decode(
                        [CatalogInstance].self, from: Data(try await curl(berth, path).utf8))
                    #expect(Set(instances.map(\.endpoint)) == endpoints)
                    #expect(instances.allSatisfy { $0.name == "nginx" })
                }
                let nodes = try await curl(berth, "/v1/catalog/nodes")
                #expect(nodes.contains("server01") && nodes.contains(WebContainers.advertised), "\(nodes)")

                try await retrying(for: .seconds(20)) {
                    let file = try directory.appending(path: "default.conf").text()
                    let servers = file.matches(of: /server (\S+:\d+);/).map { String($0.output.1) }
                    try expectNow(Set(servers) == endpoints, file)
                }
                let front = try #require(
                    try directory.appending(path: "default.conf").text().firstMatch(of: /listen (\d+);/)
                ).output.1
                var answers: Set<String> = []
                try await retrying(for: .seconds(20)) {
                    answers.insert(try await Tool.curl("--silent", "--max-time", "5", "http://127.0.0.1:\(front)/").out)
                    try expectNow(answers.isSuperset(of: (1...4).map { "nginx-\($0)\n" }), "\(answers)")
                }
            }
        }

        @Test func `a name that DNS can't carry is refused with the reason and a name that it can`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let reply = try await register(berth)
                    #expect(reply.hasSuffix("\n400"), "\(reply)")
                    #expect(reply.contains("service_name") && reply.contains("service-name"), "\(reply)")
                    #expect(try await berth.http.get("/v1/agent/services").body.contains("jetty") == false)
                }
            }
        }

        @Test(arguments: [("rewrite", "service-name"), ("allow", "service_name")])
        func `the registration works under a name policy that takes it, and so does its end`(
            policy: String, name: String
        ) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--name-policy", policy]) { berth in
                    let reply = try await register(berth)
                    #expect(reply.hasSuffix("200"), "\(reply)")
                    let instance = try #require(try await berth.http.instances(of: name).first)
                    #expect(instance.id == "jetty" && instance.endpoint == "10.11.97.181:8080")
                    // Nothing listens there: the check turns critical, and a critical instance is in no answer.
                    try await retrying(for: .seconds(20)) {
                        let health = try await berth.http.get("/v1/health/service/\(name)").body
                        try expectNow(health.contains("critical"), health)
                        let answer = try await berth.dig("\(name).service.consul", "SRV")
                        try expectNow(answer.answer.isEmpty, answer.text)
                    }
                    let passing = try await berth.http.get("/v1/health/service/\(name)?passing").body
                    #expect(passing.filter { !$0.isWhitespace } == "[]")

                    let gone = try await Tool.curl(
                        "--silent", "--write-out", "%{http_code}",
                        "http://127.0.0.1:\(berth.ports.http)/v1/agent/service/deregister/jetty", "-X", "PUT")
                    #expect(gone.out == "200", "\(gone.out)")
                    #expect(try await berth.http.instances(of: name).isEmpty)
                }
            }
        }

        private func register(_ berth: Berth) async throws -> String {
            try await Tool.curl(
                "--silent", "--write-out", "\n%{http_code}", "-X", "PUT", "-d",
                #"{"id": "jetty","name": "service_name","address": "10.11.97.181","port": 8080,"tags": ["test"],"#
                    + #""checks": [{"http": "http://10.11.97.181:8080/","interval": "5s"}]}"#,
                "http://127.0.0.1:\(berth.ports.http)/v1/agent/service/register"
            ).out
        }

        private func curl(_ berth: Berth, _ path: String) async throws -> String {
            try await Tool.curl("--silent", "--fail", "--max-time", "5", "127.0.0.1:\(berth.ports.http)\(path)").out
        }

        /// Runs Berth and nginx as the session does: on every address, with a template that is one server of a larger
        /// configuration, and without a check.
        private func withSession(
            _ arguments: [String], _ body: (Berth, WebContainers, URL) async throws -> Void
        ) async throws {
            try await withTemporaryDirectory { directory in
                try await withDockerEngine { engine in
                    let containers = WebContainers(engine: engine)
                    try await containers.makeImage("nginx", exposing: 80)
                    let port = try await freePort()
                    try directory.appending(path: Nginx.name).write(
                        Nginx.configuration(http: "    include \(directory.path)/default*.conf;"))
                    try directory.appending(path: "nginx.ctmpl").write(Self.template.replacing("8888", with: "\(port)"))
                    try await Nginx.run(in: directory) { _ in
                        let own = [
                            "--listen", "0.0.0.0", "--advertise", WebContainers.advertised, "--node", "server01",
                            "--docker", engine.url, "--template",
                            "./nginx.ctmpl:\(directory.path)/default.conf:\(Nginx.reload(in: directory))",
                        ]
                        try await Berth.run(in: directory, own + arguments) { berth in
                            try await body(berth, containers, directory)
                        }
                    }
                }
            }
        }

        private static let template = """
            upstream http_backend {
            {{range service "nginx"}}
            server {{ .Address }}:{{ .Port }};
            {{ end }}
            }
            server {
            listen 8888;
            server_name localhost;
            location / {
            proxy_pass http://http_backend;
            }
            }

            """
    }
}
