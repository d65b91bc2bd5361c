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
            #expect(text.contains("/\(apex).zone: "))
            #expect(text.contains("is at or below consul., where all names come from the registry"))
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
            #expect(folder.reload().map(\.keepsZone) == [false])
            #expect(folder.files.isEmpty)
        }
    }
}
