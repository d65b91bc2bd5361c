import DNS
import Foundation
import Testing

@testable import ZoneFiles

@Suite struct `A zone file that includes others (RFC 1035 5.1)` {
    private static let head = "$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n"

    /// Each address as `owner TTL last octet`.
    private static func addresses(_ files: [String: String]) throws -> [String] {
        try withFolder(files) { try addresses(in: $0) }
    }

    private static func addresses(in folder: String) throws -> [String] {
        try ZoneFile.load("\(folder)/example.org.zone").owners.flatMap(\.sets).filter { $0.type == .a }
            .map { "\($0.owner) \($0.timeToLive) \($0.rdata[0][3])" }
    }

    private static func error(_ files: [String: String]) throws -> (error: ZoneFileError, folder: String) {
        try withFolder(files) { folder in
            (try #require(throws: ZoneFileErrors.self) { try addresses(in: folder) }.all[0], folder)
        }
    }

    @Test func `has their records in the place of the line`() throws {
        let records = try Self.addresses([
            "example.org.zone": Self.head + "a A 192.0.2.1\n$INCLUDE hosts ; all of them\nd A 192.0.2.4\n",
            "hosts": "  A 192.0.2.1\nb A 192.0.2.2\n$INCLUDE \"more\"", "more": "c A 192.0.2.3\n",
        ])
        #expect(
            records == [
                "a.example.org. 300 1", "b.example.org. 300 2", "c.example.org. 300 3", "d.example.org. 300 4",
            ])
    }

    @Test(arguments: [("sub", "sub.example.org."), ("x.example.org.", "x.example.org."), ("@", "example.org.")])
    func `may give them an origin`(written: String, origin: String) throws {
        let records = try Self.addresses([
            "example.org.zone": Self.head + "$INCLUDE hosts \(written)\nz A 192.0.2.2\n", "hosts": "b A 192.0.2.1\n",
        ])
        #expect(records == ["b.\(origin) 300 1", "z.example.org. 300 2"])
    }

    @Test func `has its own origin, owner and TTL again behind them`() throws {
        let records = try Self.addresses([
            "example.org.zone": Self.head + "a A 192.0.2.1\n$INCLUDE hosts\n A 192.0.2.1\nz A 192.0.2.2\n",
            "hosts": "$ORIGIN b.example.org.\n$TTL 7\nb A 192.0.2.3\n",
        ])
        #expect(records == ["a.example.org. 300 1", "b.b.example.org. 7 3", "z.example.org. 300 2"])
    }

    @Test func `has its own last TTL again where it has no default`() throws {
        let records = try Self.addresses([
            "example.org.zone": "@ 900 SOA ns h 1 2 3 4 5\n$INCLUDE hosts\nz A 192.0.2.2\n",
            "hosts": "a A 192.0.2.1\nb 30 A 192.0.2.3\n",
        ])
        #expect(records == ["a.example.org. 900 1", "b.example.org. 30 3", "z.example.org. 900 2"])
    }

    @Test func `finds them beside the file that includes them`() throws {
        let records = try Self.addresses([
            "example.org.zone": Self.head + "$INCLUDE sub/first\n", "sub/first": "$INCLUDE second\n",
            "sub/second": "a A 192.0.2.1\n", "second": "a A 192.0.2.2\n",
        ])
        #expect(records == ["a.example.org. 300 1"])
    }

    @Test func `may include one twice`() throws {
        let records = try Self.addresses([
            "example.org.zone": Self.head + "$INCLUDE hosts a\n$INCLUDE hosts b\n", "hosts": "x A 192.0.2.1\n",
        ])
        #expect(records == ["x.a.example.org. 300 1", "x.b.example.org. 300 1"])
    }

    @Test func `is refused for a mistake in one of them, whose line it is told with`() throws {
        let (error, folder) = try Self.error([
            "example.org.zone": Self.head + "$INCLUDE sub/first\n", "sub/first": "a A 192.0.2.1\n$INCLUDE second\n",
            "sub/second": "\n\nb A 192.0.2\n",
        ])
        #expect(error.description.hasPrefix("\(folder)/sub/second:3: "))
    }

    @Test(arguments: ["b.example.net. A 192.0.2.1", "www CNAME x", "@ SOA ns h 1 2 3 4 5", "x.d A 192.0.2.1"])
    func `is refused for a record that does not go with its own`(line: String) throws {
        let (error, folder) = try Self.error([
            "example.org.zone": Self.head + "www A 192.0.2.1\nd DNAME e\n$INCLUDE hosts\n", "hosts": "\n\(line)\n",
        ])
        #expect(error.description.hasPrefix("\(folder)/hosts:2: "))
    }

    @Test func `says where the first start of authority is`() throws {
        let (error, folder) = try Self.error([
            "example.org.zone": "$INCLUDE head\n" + Self.head, "head": Self.head,
        ])
        #expect(error.line == 3)
        #expect(error.description.contains("own is on line 2 of \(folder)/head"))
    }

    @Test func `is refused if they include each other`() throws {
        let (error, folder) = try Self.error([
            "example.org.zone": Self.head + "$INCLUDE a\n", "a": "\n$INCLUDE b\n", "b": "$INCLUDE a\n",
        ])
        #expect(error.description.hasPrefix("\(folder)/b:1: a is being read already"))
    }

    @Test func `is refused if they go too deep`() throws {
        var files = ["example.org.zone": Self.head + "$INCLUDE f1\n"]
        for number in 1...10 { files["f\(number)"] = "$INCLUDE f\(number + 1)\n" }
        files["f10"] = "a A 192.0.2.1\n"
        #expect(try Self.addresses(files).count == 1)
        files["f10"] = "$INCLUDE f11\n"
        files["f11"] = "a A 192.0.2.1\n"
        let (error, folder) = try Self.error(files)
        #expect(error.description.hasPrefix("\(folder)/f10:1: files include files more than 10 deep"))
    }

    @Test func `is refused if few of them include each other over and over`() throws {
        var files = ["example.org.zone": Self.head + "$INCLUDE f1\n"]
        for number in 1...9 { files["f\(number)"] = String(repeating: "$INCLUDE f\(number + 1)\n", count: 10) }
        files["f10"] = ""
        let (error, _) = try Self.error(files)
        #expect(error.reason == .inclusion(.tooMany(limit: 1000)))
    }

    @Test func `is refused if a link leads out of its folder, not if one stays inside`() throws {
        try withFolder(["secret": "a A 192.0.2.1\n", "zones/hosts": "b A 192.0.2.2\n"]) { parent in
            let folder = "\(parent)/zones"
            for (link, target) in [("out", "../secret"), ("up", ".."), ("in", "hosts"), ("pipe", "/dev/zero")] {
                try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(link)", withDestinationPath: target)
            }
            for (file, isTaken) in [("out", false), ("up/secret", false), ("pipe", false), ("in", true)] {
                try Data((Self.head + "$INCLUDE \(file)\n").utf8).write(to: URL(filePath: "\(folder)/example.org.zone"))
                if isTaken {
                    #expect(try Self.addresses(in: folder) == ["b.example.org. 300 2"])
                } else {
                    let error = try #require(throws: ZoneFileErrors.self) { try Self.addresses(in: folder) }.all[0]
                    #expect(error.reason == .inclusion(.outside(file: file)))
                    #expect(error.line == 3)
                }
            }
        }
    }

    @Test func `is read again with them, and stays as it was while one has a mistake`() throws {
        try withFolder(["x.zone": Self.head + "$INCLUDE hosts\n", "hosts": "a A 192.0.2.1\n"]) { path in
            func addresses(_ folder: ZoneFolder) -> [UInt8] {
                folder.files.flatMap(\.owners).flatMap(\.sets).filter { $0.type == .a }.map { $0.rdata[0][3] }
            }
            var folder = ZoneFolder(path: path, domains: [])
            #expect(folder.reload() == [])
            #expect(addresses(folder) == [1])
            let hosts = URL(filePath: "\(path)/hosts")
            try Data("a A 192.0.2.2\n".utf8).write(to: hosts)
            #expect(folder.reload() == [])
            #expect(addresses(folder) == [2])
            try Data("a A 192.0.2\n".utf8).write(to: hosts)
            #expect(folder.reload().map(\.description).first?.hasPrefix("\(path)/hosts:1: ") == true)
            #expect(addresses(folder) == [2])
        }
    }
}
