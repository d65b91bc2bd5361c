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
                    let line = try #require(banner.firstMatch(of: /dig (@\S+ -p \d+ .*)/)).output.1
                    let answer = try await Tool.dig.run(line.split(separator: " ").map(String.init))
                    #expect(answer.out.contains("status: "), "\(answer.text)")
                    #expect(try await berth.http.get("/v1/status/leader").status == 200)
                }
            }
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

        @Test(arguments: ["--dns-port", "--http-port"])
        func `a port that is taken is one clear sentence and status 1`(flag: String) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { first in
                    let port = flag == "--dns-port" ? first.ports.dns : first.ports.http
                    let second = try await Berth.refusal(in: directory, [flag, "\(port)", "--data-dir", "other"])
                    #expect(second.status == 1, "\(second.text)")
                    #expect(second.text.contains("\(port)"), "\(second.text)")
                    #expect(second.err.sentences == 1, "\(second.err)")
                }
            }
        }

        @Test func `a journal in use by another process is one clear sentence and status 1`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { first in
                    let second = try await Berth.refusal(in: directory, [])
                    #expect(second.status == 1, "\(second.text)")
                    #expect(second.text.contains("data"), "\(second.text)")
                    #expect(second.err.sentences == 1, "\(second.err)")
                    #expect(try await first.http.put("/v1/agent/service/register", #"{"name": "web"}"#).status == 200)
                }
            }
        }

        @Test(arguments: ["a-file", "/proc/berth"])
        func `a data directory that can't be one is one clear sentence and status 1`(path: String) async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "a-file").write("no folder")
                let berth = try await Berth.refusal(in: directory, ["--data-dir", path])
                #expect(berth.status == 1, "\(berth.text)")
                #expect(berth.text.contains(path), "\(berth.text)")
                #expect(berth.err.sentences == 1, "\(berth.err)")
            }
        }

        @Test func `a journal of junk is refused in one sentence that names it, and left as it is`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    _ = try await berth.http.put("/v1/agent/service/register", #"{"name": "web", "port": 80}"#)
                    berth.send(SIGTERM)
                    #expect(try await berth.status(within: .seconds(2)) == 0)
                }
                let data = directory.appending(path: "data")
                let journals = try FileManager.default.contentsOfDirectory(at: data, includingPropertiesForKeys: nil)
                    .filter { try Data(contentsOf: $0).starts(with: Data("SQLite format 3".utf8)) }
                let journal = try #require(journals.first)
                let junk = Data(repeating: 0x2A, count: 20_000)
                try junk.write(to: journal)
                let berth = try await Berth.refusal(in: directory, [])
                #expect(berth.status == 1, "\(berth.text)")
                #expect(berth.text.contains("data"), "\(berth.text)")
                #expect(try Data(contentsOf: journal) == junk)
            }
        }

        @Test func `all faults of a config file are shown at once, each with file, line and key`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "berth.yaml").write(
                    """
                    domain: consul
                    dns-port: seventy
                    colour: red
                    http-port: 70000
                    log-format: xml
                    """)
                let berth = try await Berth.refusal(in: directory, ["--config", "berth.yaml"])
                #expect(berth.status == 2, "\(berth.text)")
                for (line, key) in [(2, "dns-port"), (3, "colour"), (4, "http-port"), (5, "log-format")] {
                    #expect(
                        berth.err.split(separator: "\n").contains {
                            $0.contains("berth.yaml:\(line)") && $0.contains(key)
                        },
                        "line \(line), \(key): \(berth.text)")
                }
            }
        }

        @Test(arguments: [
            ["--dns-port", "70000"], ["--listen", "everywhere"], ["--docker", "nowhere"], ["--name-policy", "none"],
            ["--template", "alone"], ["--config", "absent.yaml"], ["--unheard-of"],
        ])
        func `a flag that makes no sense is named, and the status is 2`(flag: [String]) async throws {
            try await withTemporaryDirectory { directory in
                let berth = try await Berth.refusal(in: directory, flag)
                #expect(berth.status == 2, "\(berth.text)")
                #expect(berth.err.contains(flag[0] == "--config" ? flag[1] : flag[0]), "\(berth.text)")
                #expect(!FileManager.default.fileExists(atPath: directory.appending(path: "data").path))
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

        @Test func `SIGHUP loads the zone files anew`() async throws {
            try await withTemporaryDirectory { directory in
                let zones = directory.appending(path: "zones")
                try FileManager.default.createDirectory(at: zones, withIntermediateDirectories: true)
                try zones.appending(path: "example.test.zone").write(zone(address: "192.0.2.1"))
                try await Berth.run(in: directory, ["--zones", "zones"]) { berth in
                    #expect(try await berth.dig("www.example.test", "A").addresses == ["192.0.2.1"])
                    try zones.appending(path: "example.test.zone").write(zone(address: "192.0.2.2"))
                    berth.send(SIGHUP)
                    try await retrying(for: .seconds(5)) {
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

extension String {
    /// How many lines speak to the person, besides those of the log.
    fileprivate var sentences: Int {
        split(separator: "\n").count { $0.hasPrefix("berth: ") }
    }
}
