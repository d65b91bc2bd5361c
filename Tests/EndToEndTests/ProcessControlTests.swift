import Foundation
import Testing

extension EndToEnd {
    @Suite struct `The process, told over HTTP` {
        @Test func `to leave answers first and then ends without fault`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    _ = try await berth.http.put("/v1/kv/a", "1")
                    let held = try await Tool.curl.run([
                        "-s", "-i", "-X", "PUT", "http://127.0.0.1:\(berth.ports.http)/v1/agent/leave",
                    ])
                    #expect(held.status == 0 && held.out.hasPrefix("HTTP/1.1 200 OK"), "\(held.text)")
                    try await #expect(berth.status(within: .seconds(10)) == 0)
                    try await berth.start()
                    try await #expect(berth.http.get("/v1/kv/a?raw").body == "1")
                }
            }
        }

        @Test func `to reload takes over what it may, and says what is wrong`() async throws {
            try await withTemporaryDirectory { directory in
                let file = directory.appending(path: "berth.yaml")
                let zones = directory.appending(path: "zones")
                try FileManager.default.createDirectory(at: zones, withIntermediateDirectories: true)
                try file.write("log-level: info\n")
                try await Berth.run(in: directory, ["--config", file.path]) { berth in
                    try zones.appending(path: "example.zone").write(
                        "@ 60 SOA ns host 1 60 60 60 60\n@ 60 NS ns\nns 60 A 192.0.2.1\n")
                    try await #expect(berth.http.put("/v1/agent/reload").status == 200)
                    try await #expect(berth.dig("ns.example", "A").answer.count == 1)

                    try file.write("log-level: loud\nzones: []\n")
                    let refused = try await berth.http.put("/v1/agent/reload")
                    #expect(refused.status == 500)
                    #expect(refused.body.contains("berth.yaml:1: log-level: must be"), "\(refused.body)")
                    #expect(refused.body.contains("berth.yaml:2: zones: must be"), "\(refused.body)")

                    try file.write("log-level: debug\n")
                    try zones.appending(path: "example.zone").write("@ 60 NONSENSE\n")
                    let mistaken = try await berth.http.put("/v1/agent/reload")
                    #expect(mistaken.status == 500)
                    #expect(mistaken.body.contains("example.zone:1:"), "\(mistaken.body)")
                    try await #expect(berth.dig("ns.example", "A").answer.count == 1)
                }
            }
        }

        @Test func `to show its log does, down to any level`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--log-level", "error"]) { berth in
                    let log = directory.appending(path: "monitor")
                    let curl = try BackgroundProcess(
                        URL(filePath: "/usr/bin/env"),
                        ["curl", "-sN", "http://127.0.0.1:\(berth.ports.http)/v1/agent/monitor?loglevel=info&logjson"],
                        in: directory, log: log)
                    try await retrying(for: .seconds(20)) {
                        _ = try await berth.http.put("/v1/agent/reload")
                        let text = try log.text()
                        try expectNow(text.contains(#""message":"configuration reloaded""#), "\(text)")
                    }
                    #expect(try !berth.output.contains("configuration reloaded"))
                    berth.send(SIGTERM)
                    try await #expect(berth.status(within: .seconds(10)) == 0)
                    try await #expect(curl.status(within: .seconds(10)) == 0)
                }
            }
        }
    }
}
