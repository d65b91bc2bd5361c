import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct `Starts that are refused` {
        @Test(arguments: ["--dns-port", "--http-port"])
        func `a port that is taken is one clear sentence and status 1`(flag: String) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { first in
                    let port = flag == "--dns-port" ? first.ports.dns : first.ports.http
                    let second = try await Berth.refusal(in: directory, [flag, "\(port)", "--data-dir", "other"])
                    #expect(second.status == 1, "\(second.text)")
                    #expect(second.text.contains("\(port)"), "\(second.text)")
                    #expect(second.err.sentences == 1, "\(second.err)")
                    // Nothing was promised that it did not come to.
                    #expect(!second.text.contains("Answering"), "\(second.text)")
                    #expect(second.out.isEmpty, "\(second.out)")
                }
            }
        }

        @Test func `a template is not rendered where a port is taken`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "in").write("rendered")
                try await Berth.run(in: directory, []) { first in
                    let flags = ["--http-port", "\(first.ports.http)", "--data-dir", "other", "--template", "in:out"]
                    let second = try await Berth.refusal(in: directory, flags)
                    #expect(second.status == 1, "\(second.text)")
                    #expect(!FileManager.default.fileExists(atPath: directory.appending(path: "out").path))
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
                #expect(path == "a-file" || berth.text.contains("cannot be made"), "\(berth.text)")
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
    }
}

extension String {
    /// How many lines speak to the person, besides those of the log.
    fileprivate var sentences: Int {
        split(separator: "\n").count { $0.hasPrefix("berth: ") }
    }
}
