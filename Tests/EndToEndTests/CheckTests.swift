import Testing

extension EndToEnd {
    @Suite struct `Checks` {
        @Test func `a reported status is there again after kill -9, and its time begins anew`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    for (path, body) in [
                        ("service/register", #"{"name": "web", "port": 80, "check": {"ttl": "1h"}}"#),
                        ("service/register", #"{"name": "db", "port": 81, "check": {"ttl": "2s"}}"#),
                        ("check/pass/service:web?note=well", ""), ("check/pass/service:db?note=well", ""),
                    ] {
                        let reply = try await berth.http.put("/v1/agent/\(path)", body)
                        try #require(reply.status == 200, "\(reply.body)")
                    }
                    try await berth.kill()
                    try await berth.start()
                    try await expectStatus(of: "web", "passing", berth)
                    #expect(try await berth.dig.batch(["web.service.consul SRV"]).count == 1)
                    try await retrying(for: .seconds(20)) { try await expectStatus(of: "db", "critical", berth) }
                    let output = try await berth.http.get("/v1/health/checks/db").body
                    #expect(output.contains("TTL expired (last output before timeout follows): well"))
                    try await expectStatus(of: "web", "passing", berth)
                }
            }
        }

        @Test func `a node of another host and its services are found over DNS, and gone with it`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let reply = try await berth.http.put(
                        "/v1/catalog/register",
                        #"{"Node": "db01", "Address": "192.0.2.7", "Service": {"Service": "db", "Port": 5432}}"#)
                    try #require(reply.status == 200, "\(reply.body)")
                    let names = ["db01.node.consul A", "db.service.consul A", "db.service.consul SRV"]
                    let rdata = try await berth.dig.batch(names).filter { $0.owner.hasPrefix("db") }.map(\.rdata.last)
                    #expect(rdata == ["192.0.2.7", "192.0.2.7", "db01.node.dc1.consul."])
                    try await berth.kill()
                    try await berth.start()
                    #expect(try await berth.dig.batch(names).count >= 3)
                    let gone = try await berth.http.put("/v1/catalog/deregister", #"{"Node": "db01"}"#)
                    #expect(gone.body == "true")
                    #expect(try await berth.dig.batch(names).isEmpty)
                }
            }
        }

        private func expectStatus(of service: String, _ status: String, _ berth: Berth) async throws {
            let reply = try await berth.http.get("/v1/agent/health/service/name/\(service)?format=text")
            try expectNow(reply.body == status, "\(service) is \(reply.body)")
        }
    }
}
