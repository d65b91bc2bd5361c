import Foundation
import Testing

extension EndToEnd {
    @Suite struct `The snapshot commands` {
        @Test func `what was saved is told of, and restored elsewhere`() async throws {
            try await withTemporaryDirectory { directory in
                try directory.appending(path: "bad.snap").write("no archive")
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { berth in
                    #expect(try await berth.command("kv put k saved").status == 0)
                    let saved = try await berth.command("snapshot save b.snap")
                    let index = try #require(
                        saved.text.firstMatch(of: /^Saved and verified snapshot to index (\d+)\n$/)
                    ).1
                    let inspected = try await berth.command("snapshot inspect b.snap").text
                    #expect(
                        inspected.contains(
                            /^ID           \S+\nSize         \d+\nIndex        \d+\nVersion      1\nRecords      \d+\nNode         server01\n/
                        ),
                        "\(inspected)")
                    #expect(inspected.contains("\nIndex        \(index)\n"), "\(inspected)")
                    let mode =
                        try FileManager.default.attributesOfItem(
                            atPath: directory.appending(path: "b.snap").path)[.posixPermissions] as? Int
                    #expect(mode == 0o600)
                    #expect(
                        try await berth.command("snapshot inspect --json b.snap").out.contains(
                            "    \"Index\": \(index),\n"))
                    #expect(try await berth.command("kv put k later").status == 0)
                    try await `The commands of Consul's command line`.check(
                        [
                            .init("snapshot restore b.snap", "Restored snapshot"), .init("kv get k", "saved"),
                            .init("snapshot save", err: "Missing FILE argument", status: 1),
                            .init("snapshot save a b", err: "Too many arguments (expected 1, got 2)", status: 1),
                            .init(
                                "snapshot restore none",
                                err: "Error opening snapshot file: open none: no such file or directory", status: 1),
                            .init(
                                "snapshot inspect none",
                                err: "Error opening snapshot file: open none: no such file or directory", status: 1),
                        ], with: berth)
                    for (line, beginning) in [
                        (
                            "snapshot restore bad.snap",
                            "Error restoring snapshot: Unexpected response code: 400 (the snapshot is not"
                        ),
                        ("snapshot inspect bad.snap", "Error verifying snapshot: the snapshot is not a gzip file"),
                        (
                            "snapshot save none/b.snap",
                            "Error writing unverified snapshot file: none/b.snap.unverified.tmp"
                        ),
                        (
                            "snapshot save -http-addr=127.0.0.1:1 c.snap",
                            "Error saving snapshot: nothing answers at 127.0.0.1:1"
                        ),
                    ] {
                        let answer = try await berth.command(line)
                        #expect(answer.status == 1 && answer.err.hasPrefix(beginning), "\(line): \(answer.err)")
                    }
                    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
                    #expect(!names.contains { $0.hasPrefix("c.snap") || $0.contains("unverified") }, "\(names)")
                }
            }
        }
    }
}
