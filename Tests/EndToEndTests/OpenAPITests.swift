import Foundation
import Testing

extension EndToEnd {
    /// What the program says of its HTTP API, held against the program by requests that are made from it.
    @Suite struct `The OpenAPI document` {
        @Test func `is one`() async throws {
            try await withTemporaryDirectory { directory in
                let document = try await Tool.env.run([try Berth.executable.path, "openapi"])
                let file = directory.appending(path: "openapi.json")
                try file.write(document.out)
                let verdict = try await PythonTool.run("openapi-spec-validator", [file.path], in: directory)
                #expect(verdict.status == 0, "\(verdict.text)")
            }
        }

        @Test func `keeps its promises`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--check-targets", "127.0.0.0/8"]) { berth in
                    try await fill(berth.http)
                    let report = try await PythonTool.run(
                        "schemathesis",
                        [
                            "--config-file", PythonTool.folder.appending(path: "schemathesis.toml").path, "run",
                            "--no-color", "http://127.0.0.1:\(berth.ports.http)/v1/berth/openapi.json",
                        ], in: directory)
                    #expect(report.status == 0, "\(report.abridged)")
                    // It has asked, and the server is there still.
                    #expect(report.out.contains(/(\d{4,}) generated, \1 passed/), "\(report.abridged)")
                    try await #expect(berth.http.get("/v1/status/leader").status == 200)
                }
            }
        }

        /// Something of everything, so that not only emptiness is asked for.
        private func fill(_ http: HTTP) async throws {
            for (path, body) in [
                (
                    "/v1/agent/service/register",
                    """
                    {"Name": "web", "Address": "10.0.0.1", "Port": 80, "Tags": ["blue"], "Meta": {"version": "2"},
                     "Check": {"CheckID": "report", "TTL": "1h", "Status": "passing"}}
                    """
                ),
                (
                    "/v1/catalog/register",
                    """
                    {"Node": "node2", "Address": "10.0.0.2", "Service": {"Service": "db", "Port": 5432},
                     "Check": {"CheckID": "db", "Name": "db", "ServiceID": "db", "Status": "passing",
                     "Definition": {"HTTP": "http://10.0.0.2/", "Interval": "10s", "Header": {"A": ["b"]}}}}
                    """
                ),
                ("/v1/kv/config/colour", "blue"), ("/v1/session/create", #"{"Name": "one"}"#),
                ("/v1/event/fire/deploy", "now"),
            ] {
                let reply = try await http.put(path, body)
                #expect(reply.status == 200, "\(path): \(reply.body)")
            }
        }
    }
}

/// A program of the Python environment that `make test` sets up for these tests.
private enum PythonTool {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    static let folder = root.appending(path: "Tests/OpenAPI")

    static func run(_ name: String, _ arguments: [String], in directory: URL) async throws -> Tool.Output {
        let program = root.appending(path: ".build/schemathesis/bin/\(name)")
        guard FileManager.default.isExecutableFile(atPath: program.path) else { throw Missing(name: name) }
        return try await Tool.env.run(
            ["-C", directory.path, "PYTHONPATH=\(folder.path)", "PYTHONDONTWRITEBYTECODE=1", program.path] + arguments)
    }

    struct Missing: Error, CustomStringConvertible {
        let name: String

        var description: String {
            """
            \(name) is not installed: make test does it, and so does \
            scripts/python-environment .build/schemathesis Tests/OpenAPI/requirements.txt
            """
        }
    }
}

extension Tool.Output {
    /// Requests may be very long.
    fileprivate var abridged: String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.prefix(300) }.joined(separator: "\n")
    }
}
