import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct `Starting and stopping` {
        @Test func `the banner says what listens where, where the data is, and a dig line that works`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let banner = try berth.output
                    #expect(banner.contains("\(berth.ports.dns)"))
                    #expect(banner.contains("data"))
                    #expect(try await suggestedAnswers(banner).contains("\tA\t127.0.0.1"))
                    #expect(try await berth.http.get("/v1/status/leader").status == 200)

                    for body in [
                        #"{"name": "broken", "port": 1, "check": {"tcp": "127.0.0.1:1", "interval": "1h"}}"#,
                        #"{"name": "web", "port": 80}"#,
                    ] {
                        #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
                    }
                    try await berth.kill()
                    try await berth.start()
                    let later = try berth.output.dropFirst(banner.count)
                    #expect(later.contains("web.service.consul SRV"), "\(later)")
                    #expect(try await suggestedAnswers(later).contains("\tSRV\t1 1 80 "))
                }
            }
        }

        /// The answers to the `dig` line of a banner.
        private func suggestedAnswers(_ banner: some StringProtocol) async throws -> String {
            let line = try #require(String(banner).firstMatch(of: /dig (@\S+ -p \d+ .*)/)).output.1
            return try await Tool.dig.run(["+noall", "+answer"] + line.split(separator: " ").map(String.init)).text
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func `a signal ends it within two seconds and without fault, open connections or not`(
            signal: Int32
        ) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    _ = try await berth.http.get("/v1/status/leader")
                    try await withTCPConnection(to: berth.ports.dns) { _ in
                        berth.send(signal)
                        let status = try await berth.status(within: .seconds(2))
                        #expect(status == 0)
                    }
                }
            }
        }

        @Test func `readers that wait for a change are answered when it is told to stop`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let http = berth.http
                    let path = "/v1/catalog/services?index=1000000"
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for _ in 0..<20 {
                            group.addTask { try await Int(http.get("\(path)&wait=5m").status) }
                        }
                        // When this one has waited, the others do.
                        #expect(try await http.get("\(path)&wait=500ms").status == 200)
                        berth.send(SIGTERM)
                        let status = try await berth.status(within: .seconds(2))
                        #expect(status == 0)
                        for try await status in group { #expect(status == 200) }
                    }
                }
            }
        }

        @Test func `a file of the documented keys is obeyed, and flags win over it`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "berth.yaml").write("datacenter: harbour\nnode: file\n")
                try await Berth.run(in: directory, ["--config", "berth.yaml", "--node", "flag"]) { berth in
                    let nodes = try await berth.http.get("/v1/catalog/nodes").body
                    #expect(nodes.contains("harbour"))
                    #expect(nodes.contains("flag"))
                    #expect(!nodes.contains("\"file\""))
                }
            }
        }

        @Test(arguments: [["127.0.0.1", "::1"], ["::1", "127.0.0.1"], ["::"], ["0.0.0.0", "::1"]])
        func `every address that it is told to listen on answers`(_ addresses: [String]) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, addresses.flatMap { ["--listen", $0] }) { berth in
                    for host in ["127.0.0.1", "::1"] {
                        let answer = try await Tool.dig(
                            "@\(host)", "-p", "\(berth.ports.dns)", "consul", "SOA", "+time=2")
                        #expect(answer.out.contains("status: NOERROR"), "\(answer.text)")
                        let url = "http://\(host == "::1" ? "[::1]" : host):\(berth.ports.http)/v1/status/leader"
                        #expect(try await Tool.curl("--silent", "--fail", "--max-time", "5", url).status == 0)
                    }
                }
            }
        }

        @Test func `the log as JSON is one object a line`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--log-format", "json", "--log-level", "debug"]) { berth in
                    _ = try await berth.http.put("/v1/agent/service/register", #"{"name": "web"}"#)
                    let lines = try berth.output.split(separator: "\n").filter {
                        !$0.hasPrefix(" ") && !$0.hasPrefix("Berth")
                    }
                    #expect(!lines.isEmpty)
                    for line in lines {
                        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                        #expect(object?.isEmpty == false, "\(line)")
                    }
                }
            }
        }

        @Test func `a journal in memory leaves nothing on disk`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(try await berth.http.put("/v1/agent/service/register", #"{"name": "web"}"#).status == 200)
                    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
                    #expect(files.allSatisfy { $0.hasSuffix(".log") }, "\(files)")
                }
            }
        }

        @Test func `what was registered is answered from the journal after a restart`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let body = #"{"name": "web", "address": "10.0.0.7", "port": 80}"#
                    #expect(try await berth.http.put("/v1/agent/service/register", body).status == 200)
                    berth.send(SIGTERM)
                    #expect(try await berth.status(within: .seconds(2)) == 0)
                    try await berth.start()
                    #expect(try await berth.dig("web.service.consul", "SRV").endpoints == ["10.0.0.7:80"])
                }
            }
        }

        @Test func `what Docker may still tell of is no name error until it was given time`() async throws {
            try await withTemporaryDirectory { directory in
                let flags = ["--docker", "unix://\(directory.path)/nothing.sock", "--zones", "none"]
                try await Berth.run(in: directory, flags) { berth in
                    func status() async throws -> String {
                        let answer = try await Tool.dig(
                            "@127.0.0.1", "-p", "\(berth.ports.dns)", "web.service.consul", "A", "+tries=1"
                        ).out
                        return answer.firstMatch(of: /status: (\w+)/).map { String($0.output.1) } ?? answer
                    }
                    #expect(try await status() == "SERVFAIL")
                    try await retrying(for: .seconds(20)) {
                        let status = try await status()
                        try expectNow(status == "NXDOMAIN", "the answer is \(status)")
                    }
                }
            }
        }

        @Test func `SIGHUP loads the zone files anew`() async throws {
            try await withTemporaryDirectory { directory in
                let zones = directory.appending(path: "zones")
                try FileManager.default.createDirectory(at: zones, withIntermediateDirectories: true)
                try zones.appending(path: "example.test.zone").write(zone(address: "192.0.2.1"))
                try await Berth.run(in: directory, ["--zones", "zones"]) { berth in
                    #expect(try await berth.dig("www.example.test", "A").addresses == ["192.0.2.1"])
                    try zones.appending(path: "example.test.zone").write(zone(address: "192.0.2.2"))
                    berth.send(SIGHUP)
                    try await retrying(for: .seconds(20)) {
                        let addresses = try await berth.dig("www.example.test", "A").addresses
                        try expectNow(addresses == ["192.0.2.2"], "the zone still says \(addresses)")
                    }
                }
            }
        }

        @Test func `a zone file with a fault is named with its line, and the others are served`() async throws {
            try await withTemporaryDirectory { directory in
                let zones = directory.appending(path: "zones")
                try FileManager.default.createDirectory(at: zones, withIntermediateDirectories: true)
                try zones.appending(path: "example.test.zone").write(zone(address: "192.0.2.1"))
                try zones.appending(path: "broken.test.zone").write(
                    zone(address: "192.0.2.1000").replacing("example.test", with: "broken.test"))
                try await Berth.run(in: directory, ["--zones", "zones"]) { berth in
                    let output = try berth.output
                    #expect(output.contains(/broken\.test\.zone\D+4/), "\(output)")
                    #expect(try await berth.dig("www.example.test", "A").addresses == ["192.0.2.1"])
                    #expect(try await berth.dig("www.broken.test", "A").status == "REFUSED")
                }
            }
        }

        private func zone(address: String) -> String {
            """
            $ORIGIN example.test.
            @   3600 IN SOA ns hostmaster 1 3600 600 86400 60
            @   3600 IN NS  ns
            www 3600 IN A   \(address)
            ns  3600 IN A   192.0.2.53

            """
        }
    }
}
