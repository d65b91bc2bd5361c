import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct `Containers behind an nginx that Berth renders` {
        /// Two servers are reached through ports that Docker publishes, two on the host's own network: while dockerd is
        /// away its proxy is, too, and nginx passes on to those that need none.
        @Test func `requests flow while containers, dockerd and Berth come and go, and every view agrees`() async throws
        {
            try await withTemporaryDirectory { directory in
                try await withDockerEngine(liveRestore: true) { engine in
                    let containers = WebContainers(engine: engine)
                    try await containers.makeImage("web")
                    let front = try await freePort()
                    try prepareNginx(in: directory, port: front)
                    try await Nginx.run(in: directory) { nginx in
                        let arguments = [
                            "--docker", engine.url, "--advertise", WebContainers.advertised,
                            "--template",
                            "\(directory.path)/nginx.ctmpl:\(directory.path)/\(Nginx.name):\(Nginx.reload(in: directory))",
                            "--template-check", Nginx.check(in: directory),
                        ]
                        try await Berth.run(in: directory, arguments) { berth in
                            try await lifeOfAFront(berth, containers, nginx, port: front)
                        }
                    }
                }
            }
        }

        /// As compose labels its containers; the underscores and the dot are no part of a DNS label.
        private let labels = [
            "--label", "com.docker.compose.service=My_Web.App", "--label", "com.docker.compose.project=shop",
        ]
        private let service = "my-web-app"

        private func lifeOfAFront(
            _ berth: Berth, _ containers: WebContainers, _ nginx: Nginx, port: Int
        ) async throws {
            let engine = containers.engine
            for name in ["published-1", "published-2"] { try await containers.runPublished(name, labels) }
            for name in ["host-1", "host-2"] {
                try await containers.runOnHost(name, port: try await freePort(), labels)
            }
            let first = try await agree(berth, containers, nginx)
            #expect(first.count == 4)

            var stopped: [String] = []
            let failures = try await Traffic.run(to: port) { traffic in
                try await allAnswer(traffic, first.keys)

                try await engine.docker("stop", "published-1")
                stopped.append(try #require(first["published-1"]))
                #expect(try await agree(berth, containers, nginx).count == 3)

                try await containers.runPublished("published-3", labels)
                try await containers.runOnHost("host-3", port: try await freePort(), labels)
                let second = try await agree(berth, containers, nginx)
                #expect(second.count == 5)
                try await allAnswer(traffic, second.keys)

                for end in [engine.stop, engine.kill] {
                    try await end()
                    let away = try await berth.dig(service + ".service.consul", "SRV", "+tcp").endpoints
                    #expect(away == Set(second.values), "the services of a Docker that is away stay")
                    try await engine.start()
                    #expect(try await agree(berth, containers, nginx).count == 5)
                    try await allAnswer(traffic, second.keys)
                }

                try await berth.kill()
                try await engine.docker("stop", "host-1")
                stopped.append(try #require(first["host-1"]))
                try await containers.runPublished("published-4", labels)
                try await berth.start()
                let third = try await agree(berth, containers, nginx)
                #expect(third.count == 5)
                try await allAnswer(traffic, third.keys)
                #expect(traffic.sent > 500)
                return traffic.failures
            }

            // Only a request that nginx last gave to a container while that was being stopped may fail.
            let requests = try nginx.requests
            for failure in failures {
                let upstreams = requests["\(failure.number)"]?.upstreams ?? []
                #expect(upstreams.last.map { stopped.contains($0) } == true, "\(failure), sent on to \(upstreams)")
            }
        }

        /// Waits until requests are spread over all the containers of these names.
        private func allAnswer(_ traffic: Traffic, _ names: some Collection<String>) async throws {
            traffic.startCounting()
            try await retrying(for: .seconds(20)) {
                let silent = Set(names).subtracting(traffic.answers.keys)
                try expectNow(silent.isEmpty, "\(silent) answer nothing, of \(traffic.answers); \(traffic.failures)")
            }
        }

        /// Expects that within one second SRV, A, HTTP and the rendered file say what `docker ps` says, and prints how long
        /// that took.
        private func agree(
            _ berth: Berth, _ containers: WebContainers, _ nginx: Nginx
        ) async throws -> [String: String] {
            let running = try await containers.endpoints()
            let endpoints = Set(running.values)
            let start = ContinuousClock.now
            try await retrying(for: .seconds(1)) {
                let srv = try await berth.dig("\(service).service.consul", "SRV")
                try expectNow(srv.endpoints == endpoints, "SRV: \(srv.endpoints), docker ps: \(endpoints)")
                let a = try await berth.dig("\(service).service.consul", "A")
                try expectNow(a.addresses == [WebContainers.advertised], "A: \(a.addresses)")
                let catalog = try await berth.http.instances(of: service)
                try expectNow(catalog.count == endpoints.count, "HTTP lists \(catalog.count) instances")
                try expectNow(Set(catalog.map(\.endpoint)) == endpoints, "HTTP: \(catalog.map(\.endpoint))")
                let file = try nginx.directory.appending(path: Nginx.name).text()
                let servers = file.matches(of: /server (\S+:\d+) max_fails/).map { String($0.output.1) }
                try expectNow(servers.count == endpoints.count && Set(servers) == endpoints, "file: \(servers)")
            }
            print("every view agreed after \(ContinuousClock.now - start)")
            return running
        }

        /// A server that is refused stays in the round (`max_fails=0`): the tests want to see it answer again at once.
        private func prepareNginx(in directory: URL, port: Int) throws {
            func configuration(_ servers: String) -> String {
                Nginx.configuration(
                    http: """
                            upstream http_backend {
                            \(servers)
                            }
                            server {
                                listen 127.0.0.1:\(port);
                                location / { proxy_pass http://http_backend; }
                            }
                        """)
            }
            try directory.appending(path: Nginx.name).write(configuration("server 127.0.0.1:1 down;"))
            try directory.appending(path: "nginx.ctmpl").write(
                configuration(
                    """
                    {{range service "my-web-app"}}server {{.Address}}:{{.Port}} max_fails=0;
                    {{else}}server 127.0.0.1:1 down;{{end}}
                    """))
        }
    }
}
