import Foundation
import Testing

extension EndToEnd {
    @Suite struct `A snapshot of all there is` {
        private static let keys = 1500

        enum Moment: CaseIterable {
            case beforeItIsAsked, whenTheArchiveIsRead, whenTheJournalIsWritten, whenItIsAnswered
        }

        @Test(arguments: Moment.allCases)
        func `is restored as a whole or not at all, the process killed`(_ moment: Moment) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let archive = "\(directory.path)/all.tgz"
                    try await fill(berth)
                    try await curl(berth, "/v1/snapshot", "-o", archive)
                    try await curl(berth, "/v1/kv/?recurse", "-X", "DELETE")
                    try await curl(berth, "/v1/kv/old", "-X", "PUT", "-d", "1")
                    let written = try lastWrite(in: directory)
                    let size = try FileManager.default.attributesOfItem(atPath: archive)[.size] as? Int ?? 0
                    let read = try octetsRead(by: berth)
                    let url = "http://127.0.0.1:\(berth.ports.http)/v1/snapshot"
                    async let restoring =
                        moment == .beforeItIsAsked ? nil : Tool.curl.run(["-sS", "--fail", "-T", archive, url])
                    switch moment {
                    case .beforeItIsAsked: break
                    case .whenTheArchiveIsRead:
                        try await retrying(for: .seconds(20)) {
                            try expectNow(octetsRead(by: berth) >= read + size, "it is not read yet")
                        }
                    case .whenTheJournalIsWritten:
                        try await retrying(for: .seconds(20)) {
                            try expectNow(lastWrite(in: directory) != written, "the journal is as it was")
                        }
                    case .whenItIsAnswered: #expect(try await restoring?.status == 0)
                    }
                    try await berth.kill()
                    _ = try await restoring
                    try await berth.start()
                    let keys = try await curl(berth, "/v1/kv/?keys", "-s")
                    let isOld = keys == #"["old"]"#
                    let isNew = keys.split(separator: ",").count == Self.keys && !keys.contains("old")
                    switch moment {
                    case .beforeItIsAsked: #expect(isOld)
                    case .whenTheArchiveIsRead, .whenTheJournalIsWritten: #expect(isOld || isNew, "\(keys.prefix(200))")
                    case .whenItIsAnswered: #expect(isNew)
                    }
                    try await curl(berth, "/v1/snapshot", "-T", archive)
                    #expect(try await curl(berth, "/v1/kv/key-7?raw", "-s") == "value")
                }
            }
        }

        /// When the write-ahead log was last written.
        private func lastWrite(in directory: URL) throws -> Date {
            let log = directory.appending(path: "data/journal.sqlite-wal")
            let attributes = try FileManager.default.attributesOfItem(atPath: log.path)
            return try #require(attributes[.modificationDate] as? Date)
        }

        /// From all files and sockets.
        private func octetsRead(by berth: Berth) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(berth.processID)/io", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("rchar: ") })
            return try #require(Int(line.dropFirst("rchar: ".count)))
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
