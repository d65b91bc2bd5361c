import Crypto
import Foundation
import Registry
import Subprocess
import Testing

@testable import Snapshots

/// A catalog with a little of most things.
private func catalog() throws -> CatalogSnapshot {
    var state = CatalogState()
    let node = try NodeName("n1")
    let changes: [CatalogChange] = try [
        .putNode(Node(name: node, id: "id", address: Address("10.0.0.1"))),
        .putInstance(
            ServiceInstance(node: node, id: "i", name: try ServiceName("web"), tags: ["a"], port: 80),
            checks: [HealthCheck(node: node, id: "c", name: "c", instance: "i")]),
        .session(.put(Session(id: "s", node: node, nodeChecks: []))),
        .key(.lock(try Key("a/b"), value: [UInt8](repeating: 1, count: 100_000), flags: 3, "s")),
        .query(.put(PreparedQuery(id: "q", name: "n", search: .init(service: "web")))),
    ]
    for (index, change) in changes.enumerated() { _ = try state.apply(change, at: UInt64(index + 1)) }
    return state.snapshot
}

private func archive(of snapshot: CatalogSnapshot) async throws -> [UInt8] {
    var octets: [UInt8] = []
    let time = Date(timeIntervalSince1970: 1_700_000_000)
    let pieces = try SnapshotWriter(snapshot, node: "n1", datacenter: "dc1", madeBy: "1.2.3", time: time).pieces()
    while let piece = try pieces.next() { octets += piece }
    return octets
}

private func contents(_ octets: [UInt8]) throws(SnapshotError) -> SnapshotReader.Contents {
    let reader = SnapshotReader()
    try reader.read(octets)
    return try reader.finish()
}

private func gzip(_ octets: [UInt8]) throws -> [UInt8] {
    var packed: [UInt8] = []
    try GzipStream(.compress).process(octets, isLast: true) { packed += $0 }
    return packed
}

private func gunzip(_ octets: [UInt8]) throws -> [UInt8] {
    var unpacked: [UInt8] = []
    try GzipStream(.decompress).process(octets) { unpacked += $0 }
    return unpacked
}

/// An archive of these files.
private func tar(_ files: [(name: String, octets: [UInt8])]) -> [UInt8] {
    files.flatMap { name, octets in
        TarHeader(name: name, size: octets.count, time: 0).octets + octets
            + [UInt8](repeating: 0, count: TarHeader.padding(after: octets.count))
    } + [UInt8](repeating: 0, count: 1024)
}

@Suite struct `Archives of a catalog` {
    @Test func `hold all of it, and say what they are`() async throws {
        let snapshot = try catalog()
        let octets = try await archive(of: snapshot)
        let contents = try contents(octets)
        #expect(Set(contents.snapshot.records) == Set(snapshot.records))
        #expect(contents.meta.index == 5 && contents.meta.node == "n1" && contents.meta.datacenter == "dc1")
        #expect(contents.meta.madeBy == "1.2.3" && contents.meta.time.timeIntervalSince1970 == 1_700_000_000)
        #expect(contents.meta.id == "5-1700000000000")
        // The same catalog, the same archive.
        #expect(try await archive(of: snapshot) == octets)
    }

    @Test func `are read by tar and checked by sha256sum`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "berth-snapshot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Data(archive(of: catalog())).write(to: folder.appending(path: "a.tgz"))
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: ["-c", "cd \"$0\" && tar tzf a.tgz && tar xzf a.tgz && sha256sum -c SHA256SUMS", folder.path],
            output: .string(limit: 4096), error: .discarded)
        #expect(result.terminationStatus.isSuccess)
        #expect(result.standardOutput == "meta.json\nstate.bin\nSHA256SUMS\nstate.bin: OK\nmeta.json: OK\n")
    }

    @Test func `of an empty catalog are archives too`() async throws {
        let contents = try await contents(archive(of: CatalogSnapshot()))
        #expect(contents.snapshot.index == 0 && contents.meta.records == 1)
    }

    @Test func `are nothing with one octet less or more, wherever they are cut`() async throws {
        let octets = try await archive(of: catalog())
        for end in 0..<octets.count {
            #expect(throws: SnapshotError.self) { try contents(Array(octets[..<end])) }
        }
        #expect(throws: SnapshotError.trailingOctets) { try contents(octets + [0]) }
        let plain = try gunzip(octets)
        for end in stride(from: 0, to: plain.count - 1024, by: 97) {
            #expect(throws: SnapshotError.self) { try contents(gzip(Array(plain[..<end]))) }
        }
        #expect(throws: SnapshotError.trailingOctets) { try contents(gzip(plain + [1])) }
        #expect(throws: SnapshotError.trailingOctets) {
            try contents(gzip(plain + [UInt8](repeating: 0, count: 2 << 20)))
        }
        // tar fills its last block up with zeros.
        #expect(try contents(gzip(plain + [UInt8](repeating: 0, count: 9216))).meta.index == 5)
    }

    @Test func `are nothing with one octet changed`() async throws {
        let octets = try await archive(of: catalog())
        let plain = try gunzip(octets)
        let files = 512..<plain.count - 1024
        for position in stride(from: files.lowerBound, to: files.upperBound, by: 61) {
            var damaged = plain
            damaged[position] ^= 0x11
            // What fills a file up, and what tar has in a header that nobody needs, may be anything.
            guard let read = try? contents(gzip(damaged)) else { continue }
            #expect(Set(read.snapshot.records) == Set(try catalog().records), "\(position)")
        }
        for position in octets.indices {
            var damaged = octets
            damaged[position] ^= 0x11
            // The header of gzip has a time and the like.
            guard position >= 10 else { continue }
            #expect(throws: SnapshotError.self) { try contents(damaged) }
        }
    }

    /// A meta.json, and what is said of it.
    @Test(arguments: [
        (#"{"Version":1,"ID":"2-209-1","Index":209,"Term":2,"Size":9}"#, SnapshotError.consuls),
        (#"{"Version":1}"#, .foreign), (#"{"Format":"other","Version":1}"#, .foreign),
        (#"{"Format":"berth","Version":2,"New":true}"#, .newer(version: 2)),
        (#"{"Format":"berth","Version":0}"#, .wrongMeta("there is no such version")),
        (#"{"Format":"berth","Version":1}"#, .wrongMeta("it is not the JSON that it should be")),
        ("[]", .wrongMeta("it is not the JSON that it should be")),
        ("", .wrongMeta("it is not the JSON that it should be")),
    ]) func `of others, or of later versions, are refused`(_ meta: String, _ error: SnapshotError) throws {
        let octets = try gzip(tar([("meta.json", Array(meta.utf8)), ("state.bin", [1]), ("SHA256SUMS", [])]))
        #expect(throws: error) { try contents(octets) }
        #expect(!error.description.isEmpty)
    }

    @Test func `say to who comes from Consul what to do`() {
        #expect(SnapshotError.consuls.description.contains("consul kv export"))
        #expect(SnapshotError.consuls.description.contains("register here again"))
    }

    @Test func `have their files in order`() async throws {
        let plain = try gunzip(try await archive(of: catalog()))
        let meta = Array(plain[512..<512 + 300].prefix { $0 != 0 })
        #expect(throws: SnapshotError.wrongFiles("it has a file \"state.bin\"")) {
            try contents(gzip(tar([("state.bin", [1])])))
        }
        #expect(throws: SnapshotError.wrongFiles("it has a file \"other\"")) {
            try contents(gzip(tar([("meta.json", meta), ("other", [1])])))
        }
        #expect(throws: SnapshotError.wrongFiles("state.bin is missing")) {
            try contents(gzip(tar([("meta.json", meta)])))
        }
        #expect(throws: SnapshotError.wrongMeta("state.bin has another size")) {
            try contents(gzip(tar([("meta.json", meta), ("state.bin", [1])])))
        }
        #expect(throws: SnapshotError.self) { try contents(gzip([UInt8](repeating: 7, count: 1024))) }
        #expect(throws: SnapshotError.self) { try contents(Array("garbage".utf8)) }
        #expect(throws: SnapshotError.cutShort) { try contents([]) }
    }

    @Test func `have right checksums`() async throws {
        var plain = try gunzip(try await archive(of: catalog()))
        let sums = try #require(plain.firstRange(of: Array("  state.bin\n".utf8)))
        plain[sums.lowerBound - 1] =
            plain[sums.lowerBound - 1] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        #expect(throws: SnapshotError.wrongChecksum(file: "state.bin")) { try contents(gzip(plain)) }
    }

    @Test func `hold values of the greatest size that an operator can allow`() async throws {
        let (key, value) = (try Key("a"), [UInt8](repeating: 7, count: 16 << 20))
        var state = CatalogState()
        _ = try state.apply(.key(.put(key, value: value, flags: 0)), at: 1)
        let read = try await contents(archive(of: state.snapshot)).snapshot
        #expect(read.keys.entry(key)?.value == value)
    }

    @Test func `hold no more than they may`() async throws {
        let octets = try await archive(of: catalog())
        let reader = SnapshotReader(limit: 1000)
        #expect(throws: SnapshotError.tooLarge(limit: 1000)) { try reader.read(octets) }
    }
}
