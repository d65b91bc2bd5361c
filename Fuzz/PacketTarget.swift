import CDatagram

@testable import DNS
@testable import ZoneFiles

/// Any datagram, be it a query, an UPDATE, a NOTIFY or signed by a stranger, to a server with records of every kind and to
/// one with a registry: both paths must give the same reply, octet for octet, and keep the rules that hold for every reply.
enum PacketTarget {
    private static let tables = [records, FuzzedRegistry.table]

    private static let records = {
        let domain = zone("consul", source: .registry(datacenter: "dc1"))
        let file = zone("example.net", source: .masterFile)
        let table = AnswerTable(zones: [domain.zone, file.zone])
        for records in domain.owners + file.owners { table.publish(records) }
        return table
    }()

    static func run(_ octets: [UInt8]) {
        guard octets.count <= room else { return }
        for table in tables {
            for source in [IPAddress.v4(0xc000_0201), .v6(high: 0x2001_0db8_0000_0000, low: 1)] {
                let full = full(octets, source, table)
                let fast = fast(octets, source, table)
                precondition(full == fast, "the paths differ")
                check(full, to: octets)
            }
        }
    }

    private static let time = Moment(seconds: 1_800_000_000, milliseconds: 5000)
    private static let room = 2048
    private static let stride = 8192

    private static func full(_ octets: [UInt8], _ source: IPAddress, _ table: AnswerTable) -> [UInt8]? {
        var reader = AnswerReader(table, seed: 7)
        return reader.look { reader in
            SignedAnswer.outcome(of: octets, Arrival(over: .udp, from: source, at: time), &reader).ownReply
        }
    }

    private static func fast(_ octets: [UInt8], _ source: IPAddress, _ table: AnswerTable) -> [UInt8]? {
        var answers = FastAnswer(reader: AnswerReader(table, seed: 7), capacity: 1)
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: stride, alignment: 64)
        defer { unsafe buffer.deallocate() }
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0xa5, count: stride)
        unsafe UnsafeMutableRawBufferPointer(start: buffer, count: stride).copyBytes(from: octets)
        var length = UInt32(octets.count)
        var from =
            switch source {
            case .v4(let number): cdatagram_source(high: 0, low: UInt64(number), is_v4: 1)
            case .v6(let high, let low): cdatagram_source(high: high, low: low, is_v4: 0)
            }
        unsafe answers.answer(buffer, stride: stride, lengths: &length, sources: &from, count: 1, at: time)
        guard length > 0 else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
    }

    private static func check(_ reply: [UInt8]?, to query: [UInt8]) {
        guard query.count >= Header.length, query[2] & 0x80 == 0 else {
            return precondition(reply == nil, "a reply to a reply or to a scrap")
        }
        guard let reply else { fatalError("no reply") }
        precondition(reply.count >= Header.length && reply.count <= 1232, "a reply of \(reply.count) octets")
        precondition(reply[..<2] == query[..<2] && reply[2] & 0x80 != 0, "another ID, or no reply")
        precondition(reply[3] & 15 != 1 || reply.count <= query.count + 11, "a format error that amplifies")
    }

    /// - Parameter source: of the zone, in place of the file.
    private static func zone(_ apex: String, source: Zone.Source) -> ZoneFile {
        let text = """
            @ 60 SOA ns hostmaster 1 3600 600 86400 60
            @ NS ns
            ns A 192.0.2.1
            web.service A 10.0.0.1
            web.service A 10.0.0.2
            web.service SRV 1 1 80 0a000001.addr.dc1
            web.service SRV 1 1 81 ns
            v1.web.service AAAA fd00::1
            a.b.txt TXT "one" "two"
            alias CNAME web.service
            loop CNAME loop
            out CNAME www.example.org.
            *.wild MX 10 ns
            sub NS ns.sub
            ns.sub A 192.0.2.2
            """
        do {
            var file = try ZoneFile.parse(Array((text + "\n").utf8), path: "\(apex).zone")
            file.zone.source = source
            return file
        } catch {
            fatalError("\(error)")
        }
    }
}
