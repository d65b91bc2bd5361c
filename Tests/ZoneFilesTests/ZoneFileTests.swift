import DNS
import Foundation
import Testing

@testable import ZoneFiles

@Suite struct `A zone file` {
    static let head = "$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n"

    private func load(_ text: String, as file: String = "example.org.zone") throws -> ZoneFile {
        try withFolder([file: text]) { try ZoneFile.load("\($0)/\(file)") }
    }

    private func name(_ text: String) throws -> DomainName { try DomainName(text: text) }

    private func records(of owner: String, in file: ZoneFile) throws -> OwnerRecords {
        let owner = try name(owner)
        return try #require(file.owners.first { $0.owner == owner })
    }

    private func addresses(_ values: IPAddress...) -> [[UInt8]] { values.map(\.octets) }

    @Test(arguments: ["example.org.zone", "db.example.org"])
    func `is named after its zone, which relative names end in`(file: String) throws {
        let loaded = try load(Self.head + "www A 192.0.2.1\n", as: file)
        #expect(try loaded.zone.apex == name("example.org."))
        #expect(loaded.zone.source == .masterFile)
        #expect(try records(of: "www.example.org.", in: loaded).sets.first?.rdata == addresses(.v4(0xc000_0201)))
    }

    @Test func `can say itself which zone it is`() throws {
        let loaded = try load("$ORIGIN berth.example.\n" + Self.head, as: "anything.zone")
        #expect(try loaded.zone.apex == name("berth.example."))
    }

    @Test func `gives the start of authority in wire form`() throws {
        let soa = try load(Self.head).zone.soa
        let names = try name("ns.example.org.").wire + name("hostmaster.example.org.").wire
        let numbers: [UInt8] = [0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 2, 88, 0, 1, 81, 128, 0, 0, 0, 60]
        #expect(soa.rdata == [names + numbers])
        #expect(soa.timeToLive == 300)
    }

    @Test func `has records that span lines, comments, quoted text and escapes`() throws {
        let loaded = try load(
            Self.head + """
                ; nothing but a comment

                txt TXT ( "a;b" ; the first
                    c\\032d ) ; the second
                a\\.b A 192.0.2.1
                last AAAA 2001:db8::1
                """)
        #expect(try records(of: "txt.example.org.", in: loaded).sets[0].rdata == [[3] + "a;b".utf8 + [3] + "c d".utf8])
        #expect(try records(of: #"a\.b.example.org."#, in: loaded).sets.count == 1)
        #expect(try records(of: "last.example.org.", in: loaded).sets[0].type == .aaaa)
    }

    @Test func `gives a set its lowest TTL and each record once`() throws {
        let loaded = try load(Self.head + "www 60 A 192.0.2.1\nWWW 30 A 192.0.2.2\nwww 90 A 192.0.2.1\n")
        let set = try records(of: "www.example.org.", in: loaded).sets[0]
        #expect(set.timeToLive == 30)
        #expect(set.rdata == addresses(.v4(0xc000_0201), .v4(0xc000_0202)))
    }

    @Test func `takes the last TTL stated where it has no default`() throws {
        let loaded = try load("@ 900 SOA ns hostmaster 1 2 3 4 5\na A 192.0.2.1\nb 30 A 192.0.2.1\nc A 192.0.2.1\n")
        let ttls = try ["a", "b", "c"].map { try records(of: "\($0).example.org.", in: loaded).sets[0].timeToLive }
        #expect(ttls == [900, 30, 30])
    }

    @Test func `adds the addresses of the names that MX, NS and SRV records point at`() throws {
        let loaded = try load(
            Self.head + """
                @ NS ns
                @ MX 10 ns
                @ MX 20 elsewhere.example.net.
                ns A 192.0.2.1
                   AAAA 2001:db8::1
                _http._tcp SRV 1 2 80 ns
                """)
        for owner in ["example.org.", "_http._tcp.example.org."] {
            let additional = try records(of: owner, in: loaded).additional
            #expect(additional.map(\.type) == [.a, .aaaa])
            #expect(try additional.allSatisfy { try $0.owner == name("ns.example.org.") })
        }
    }

    @Test func `keeps of a delegation its servers and their glue, and nothing below`() throws {
        let loaded = try load(
            Self.head + """
                lab NS ns.lab
                lab NS lab
                lab A 192.0.2.9
                lab TXT "the other side's"
                ns.lab A 192.0.2.1
                www.lab A 192.0.2.2
                x.y.lab A 192.0.2.3
                _http._tcp SRV 1 2 80 ns.lab
                _http._tcp SRV 1 2 80 lab
                """)
        #expect(
            try loaded.owners.map(\.owner) == [
                name("_http._tcp.example.org."), name("example.org."), name("lab.example.org."),
            ])
        #expect(try records(of: "_http._tcp.example.org.", in: loaded).additional == [])
        let cut = try records(of: "lab.example.org.", in: loaded)
        #expect(cut.sets.map(\.type) == [.ns])
        #expect(cut.additional.flatMap(\.rdata) == addresses(.v4(0xc000_0201), .v4(0xc000_0209)))
    }

    @Test func `in the repository's zones folder loads and shows every kind of record`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var folder = ZoneFolder(path: root.appending(path: "zones").path, domains: [try name("consul.")])
        #expect(folder.reload() == [])
        let file = try #require(folder.files.first)
        #expect(try file.zone.apex == name("berth.example."))
        #expect(
            Set(file.owners.flatMap { $0.sets.map(\.type) }) == [.soa, .ns, .mx, .txt, .a, .aaaa, .cname, .dname, .srv])
        #expect(try records(of: "*.apps.berth.example.", in: file).sets[0].timeToLive == 60)
        #expect(try records(of: "lab.berth.example.", in: file).additional.count == 1)
    }
}
