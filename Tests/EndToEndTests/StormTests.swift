import TestSupport
import Testing

extension EndToEnd {
    @Suite struct `Thirty containers at once` {
        @Test func `after every round of start, kill and restart the registry equals docker ps`() async throws {
            try await withTemporaryDirectory { directory in
                try await withDockerEngine { engine in
                    let containers = WebContainers(engine: engine)
                    try await containers.makeImage("web")
                    let names = (1...30).map { "storm-\($0)" }
                    let arguments = ["--docker", engine.url, "--advertise", WebContainers.advertised]
                    try await Berth.run(in: directory, arguments) { berth in
                        for name in names {
                            try await engine.docker(
                                "create", "--name", name, "--expose", "80", "--publish-all", "--entrypoint",
                                "/bin/busybox",
                                "web", "sleep", "1000000")
                        }
                        for _ in 1...2 {
                            try await engine.docker(["start"] + names)
                            #expect(try await agree(berth, containers) == 30)
                            // Half of them, so that those that stay are told from those that go.
                            try await engine.docker(["kill"] + names.prefix(15))
                            #expect(try await agree(berth, containers) == 15)
                            try await engine.docker(["restart", "--time", "0"] + names)
                            #expect(try await agree(berth, containers) == 30)
                            try await engine.docker(["kill"] + names)
                            #expect(try await agree(berth, containers) == 0)
                        }
                    }
                }
            }
        }

        /// Expects that the registry has the running containers' endpoints, all of them and nothing else.
        private func agree(_ berth: Berth, _ containers: WebContainers) async throws -> Int {
            let running = try await containers.endpoints().values.sorted()
            try await retrying(for: .seconds(20)) {
                let instances = try await berth.http.instances(of: "web").map(\.endpoint).sorted()
                try expectNow(instances == running, "registry: \(instances), docker ps: \(running)")
                let all = try await berth.http.get("/v1/agent/services").decoded(as: [String: Anything].self)
                try expectNow(all.count == running.count, "instances of other names: \(all.keys)")
                let answer = try await berth.dig("web.service.consul", "SRV", "+tcp")
                try expectNow(answer.endpoints == Set(running), "SRV: \(answer.endpoints), docker ps: \(running)")
            }
            return running.count
        }
    }
}

/// A JSON value of which only the presence counts.
private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}
