import DNS
import Foundation
import Testing

@testable import ZoneFiles

@Suite struct `A folder of zone files` {
    private static let good = "@ SOA ns hostmaster 1 2 3 4 5\n"

    private static func folder(_ path: String) throws -> ZoneFolder {
        ZoneFolder(path: path, domains: [try DomainName(text: "consul.")])
    }

    private static func write(_ text: String, _ name: String, in folder: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder).appending(path: name))
    }

    private static func addresses(_ folder: ZoneFolder) -> [[UInt8]] {
        folder.files.flatMap(\.owners).flatMap(\.sets).filter { $0.type == .a }.flatMap(\.rdata)
    }

    @Test func `is loaded without its bad files`() throws {
        try withFolder(["a.zone": Self.good, "b.zone": "nonsense\n", "c.zone": Self.good, "readme.txt": "nonsense"]) {
            var folder = try Self.folder($0)
            let errors = folder.reload()
            #expect(folder.files.map(\.zone.apex.description) == ["a.", "c."])
            #expect(errors.map { URL(filePath: $0.file).lastPathComponent } == ["b.zone"])
            #expect(errors.first?.line == 1)
            #expect(errors.first?.keepsZone == false)
        }
    }

    @Test func `holds each zone once: the first file is used, the second is an error that names both`() throws {
        try withFolder([
            "a.zone": Self.good, "b.zone": "$ORIGIN A.\n" + Self.good, "c.zone": "$ORIGIN a.\n" + Self.good,
        ]) { path in
            var folder = try Self.folder(path)
            let errors = folder.reload()
            #expect(folder.files.map(\.path) == ["\(path)/a.zone"])
            #expect(errors.map(\.file) == ["\(path)/b.zone", "\(path)/c.zone"])
            #expect(errors.allSatisfy { $0.description.contains("already loaded from \(path)/a.zone") })
        }
    }

    @Test(arguments: ["consul", "service.consul", "SERVICE.Consul", "a.b.node.consul"])
    func `holds no zone at or below the registry's domain`(apex: String) throws {
        try withFolder(["\(apex).zone": Self.good, "z.zone": Self.good]) {
            var folder = try Self.folder($0)
            let errors = folder.reload()
            #expect(folder.files.map(\.zone.apex.description) == ["z."])
            #expect(errors.count == 1)
            let text = try #require(errors.first).description
            #expect(text.contains("/\(apex).zone:1: "))
            #expect(text.contains("is at or below consul., which is the registry's zone; remove the SOA record"))
        }
    }

    @Test(
        arguments: [
            ("consul.zone", "www A 192.0.2.1\n", ["www.consul."]),
            ("more.zone", "$ORIGIN Consul.\nwww A 192.0.2.1\n", ["www.Consul."]),
            ("db.eu.consul", "a A 192.0.2.1\n\nb A 192.0.2.1\nA AAAA ::1\n", ["a.eu.consul.", "b.eu.consul."]),
            ("consul.zone", "; nothing yet\n", []),
        ] as [(String, String, [String])])
    func `has records for the registry's domain, without an SOA`(
        _ name: String, _ text: String, _ owners: [String]
    ) throws {
        try withFolder([name: text, "z.zone": Self.good]) {
            var folder = try Self.folder($0)
            #expect(folder.reload() == [])
            #expect(folder.files.map(\.zone.apex.description) == ["z."])
            #expect(folder.additions.flatMap(\.owners).map(\.records.owner.description) == owners)
        }
    }

    @Test(arguments: [
        ("www A 192.0.2.1\n@ SOA ns h 1 2 3 4 5\n", 2, "remove the SOA record"),
        ("www A 192.0.2.1\nwww.example. A 192.0.2.1\n", 2, "www.example. is outside consul."),
        ("\nsub NS ns.example.\n", 2, "sub.consul. cannot be delegated"),
        ("sub DNAME example.\n", 1, "sub.consul. cannot be delegated"),
        ("a A 192.0.2.1\n*.a A 192.0.2.1\n", 2, "*.a.consul. is a wildcard"),
        ("a A 192.0.2.1\na CNAME b\n", 2, "has a CNAME record and others"),
        ("a A 192.0.2\n", 1, "correct the line"),
    ])
    func `has no records for it that are not such, and keeps those it had`(
        _ text: String, _ line: Int, _ words: String
    ) throws {
        try withFolder(["consul.zone": "old A 192.0.2.1\n"]) {
            var folder = try Self.folder($0)
            #expect(folder.reload() == [])
            try Self.write(text, "consul.zone", in: $0)
            for _ in 1...2 {
                let errors = folder.reload()
                #expect(errors.map(\.line) == [line])
                #expect(errors.map(\.keepsZone) == [true])
                #expect(errors.first?.description.contains(words) == true)
                #expect(folder.additions.flatMap(\.owners).map(\.records.owner.description) == ["old.consul."])
            }
        }
    }

    @Test func `has the records of one name in one file`() throws {
        try withFolder(["consul.zone": "a A 192.0.2.1\n", "more.consul.zone": "$ORIGIN consul.\nb TXT x\nA TXT x\n"]) {
            var folder = try Self.folder($0)
            let errors = folder.reload()
            #expect(errors.map(\.line) == [3])
            #expect(errors.first?.description.contains("has records in \($0)/consul.zone already") == true)
            #expect(folder.additions.map(\.path) == ["\($0)/consul.zone"])
        }
    }

    @Test(arguments: ["notconsul", "consul.example", "myservice-consul"])
    func `may hold a zone whose name merely looks like the registry's`(apex: String) throws {
        try withFolder(["\(apex).zone": Self.good]) {
            var folder = try Self.folder($0)
            #expect(folder.reload() == [])
            #expect(folder.files.count == 1)
        }
    }

    @Test(arguments: [
        "www A 300.1.1.1\n", good + good, "", "$ORIGIN service.consul.\n" + good, "\0",
        "$ORIGIN first.\n" + good,
    ])
    func `keeps the zone of a file that cannot be used as it is now`(mistake: String) throws {
        try withFolder(["first.zone": Self.good, "x.zone": Self.good + "www A 192.0.2.1\n"]) {
            var folder = try Self.folder($0)
            #expect(folder.reload() == [])
            try Self.write(mistake, "x.zone", in: $0)
            // However often it is read.
            for _ in 1...2 {
                let errors = folder.reload()
                #expect(errors.map(\.keepsZone) == [true])
                #expect(errors.first?.description.hasSuffix("; the zone loaded before stays") == true)
                #expect(folder.files.map(\.zone.apex.description) == ["first.", "x."])
                #expect(Self.addresses(folder) == [[192, 0, 2, 1]])
            }
            try Self.write(Self.good + "www A 192.0.2.2\n", "x.zone", in: $0)
            #expect(folder.reload() == [])
            #expect(Self.addresses(folder) == [[192, 0, 2, 2]])
        }
    }

    @Test func `forgets the zone of a file that was removed, and of a folder that was`() throws {
        try withFolder(["inner.zone": Self.good]) { parent in
            let path = parent + "/zones"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Self.write(Self.good, "a.zone", in: path)
            try Self.write(Self.good, "b.zone", in: path)
            var folder = try Self.folder(path)
            #expect(folder.reload() == [])
            try FileManager.default.removeItem(atPath: "\(path)/a.zone")
            #expect(folder.reload() == [])
            #expect(folder.files.map(\.zone.apex.description) == ["b."])
            try FileManager.default.removeItem(atPath: path)
            #expect(folder.reload() == [])
            #expect(folder.files.isEmpty)
        }
    }

    @Test func `gives a zone to the file that has it now, not to one that had it and cannot be read`() throws {
        try withFolder(["b.zone": Self.good]) {
            var folder = try Self.folder($0)
            #expect(folder.reload() == [])
            try Self.write("nonsense\n", "b.zone", in: $0)
            try Self.write("$ORIGIN b.\n" + Self.good, "a.zone", in: $0)
            #expect(folder.reload().map(\.keepsZone) == [false])
            #expect(folder.files.map(\.path) == ["\($0)/a.zone"])
        }
    }

    @Test func `keeps everything while it is no folder`() throws {
        try withFolder(["x": ""]) { parent in
            let path = parent + "/zones"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Self.write(Self.good, "a.zone", in: path)
            var folder = try Self.folder(path)
            #expect(folder.reload() == [])
            try FileManager.default.removeItem(atPath: path)
            try Self.write("", "zones", in: parent)
            #expect(folder.reload().map(\.keepsZone) == [true])
            #expect(folder.files.count == 1)
        }
    }

    @Test func `need not exist`() throws {
        var folder = try Self.folder("/nowhere")
        #expect(folder.reload() == [])
        #expect(folder.files.isEmpty)
    }

    @Test func `that is a file is an error`() throws {
        try withFolder(["x": ""]) {
            var folder = try Self.folder("\($0)/x")
            let errors = folder.reload()
            #expect(errors.map(\.keepsZone) == [false])
            #expect(errors.first?.description == "\($0)/x: cannot be read: Not a directory")
            #expect(folder.files.isEmpty)
        }
    }

    @Test func `tells all mistakes of all its files`() throws {
        let files = [
            "a.zone": "www A 1\n" + Self.good + "www A 2\n", "b.zone": Self.good, "c.zone": "nonsense\n",
            "consul.zone": "a NS b\nb A 1\n*.c A 192.0.2.1\nd A 192.0.2.1\n",
        ]
        try withFolder(files) {
            var folder = try Self.folder($0)
            let errors = folder.reload()
            #expect(
                errors.map { URL(filePath: $0.file).lastPathComponent + ":\($0.line ?? 0)" } == [
                    "a.zone:1", "a.zone:3", "c.zone:1", "consul.zone:2", "consul.zone:1", "consul.zone:3",
                ])
            #expect(folder.files.map(\.zone.apex.description) == ["b."])
            #expect(folder.additions.isEmpty)
        }
    }
}
