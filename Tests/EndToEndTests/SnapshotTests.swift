import Foundation
import Testing

extension EndToEnd {
    @Suite struct `A snapshot of all there is` {
        private static let keys = 1500

        /// Killed at another moment each time, which nothing tells from outside.
        @Test func `is restored as a whole or not at all, the process killed in the middle of it`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let archive = "\(directory.path)/all.tgz"
                    try await fill(berth)
                    try await curl(berth, "/v1/snapshot", "-o", archive)
                    var outcomes: Set<String> = []
                    for milliseconds in [0, 50, 100, 200, 400, 800, 1600, 3200] {
                        try await curl(berth, "/v1/kv/?recurse", "-X", "DELETE")
                        try await curl(berth, "/v1/kv/old", "-X", "PUT", "-d", "1")
                        let url = "http://127.0.0.1:\(berth.ports.http)/v1/snapshot"
                        async let restoring = Tool.curl.run(["-s", "-T", archive, url])
                        try await Task.sleep(for: .milliseconds(milliseconds))
                        try await berth.kill()
                        _ = try await restoring
                        try await berth.start()
                        let keys = try await curl(berth, "/v1/kv/?keys", "-s")
                        let count = keys.split(separator: ",").count
                        #expect(keys == #"["old"]"# || count == Self.keys && !keys.contains("old"), "\(count) keys")
                        outcomes.insert(count == 1 ? "old" : "new")
                    }
                    #expect(outcomes.contains("old"))
                    try await curl(berth, "/v1/snapshot", "-T", archive)
                    #expect(try await curl(berth, "/v1/kv/key-7?raw", "-s") == "value")
                }
            }
        }

        private func fill(_ berth: Berth) async throws {
            for start in stride(from: 0, to: Self.keys, by: 50) {
                let operations = (start..<start + 50).map {
                    #"{"KV":{"Verb":"set","Key":"key-\#($0)","Value":"dmFsdWU="}}"#
                }
                try await curl(berth, "/v1/txn", "-X", "PUT", "-d", "[\(operations.joined(separator: ","))]")
            }
        }

        /// - Returns: the answer's body.
        @discardableResult
        private func curl(_ berth: Berth, _ path: String, _ arguments: String...) async throws -> String {
            let output = try await Tool.curl.run(
                ["-sS", "--fail-with-body"] + arguments + ["http://127.0.0.1:\(berth.ports.http)\(path)"])
            try #require(output.status == 0, "\(path): \(output.text)")
            return output.out
        }
    }
}
