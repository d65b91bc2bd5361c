import Glibc
import TestSupport

/// Datagrams of every kind, from whole queries to noise.
enum Fuzz {
    /// How many a run tries: 10,000, or what `BERTH_FUZZ` says.
    static var count: Int {
        guard let text = unsafe getenv("BERTH_FUZZ"), let count = unsafe Int(String(cString: text)) else {
            return 10_000
        }
        return count
    }

    private static let names = [
        "web.service.consul.", "web.service.dc1.consul.", "_web._tcp.service.consul.", "_web._primary.service.consul.",
        "primary.web.service.consul.", "ten.service.consul.", "forty.service.consul.", "nothing.service.consul.",
        "service.consul.", "consul.", "dc1.consul.", "0a000001.addr.consul.", "0a00000x.addr.dc1.consul.",
        "elsewhere.service.consul.", "inside.service.consul.", "example.", "web.example.", "www2.example.",
        "x.wild.example.", "sub.example.", "host.sub.example.", "into-sub.example.", "nothing.example.", ".", "org.",
        "WeB.sErViCe.cOnSuL.", "six.service.consul.", "old.example.", "a.OLD.example.", "x.hidden.old.example.",
        "a.hidden.old.example.", "a.cut.old.example.", "into-old.example.", "a.away.example.", "a.turn.example.",
        "\(Sample.longLabel).far.example.",
    ]
    private static let types = [
        "A", "A", "AAAA", "SRV", "SRV", "TXT", "NS", "SOA", "MX", "CNAME", "DNAME", "DS", "ANY", "AXFR", "OPT", "TYPE0",
        "TYPE200",
    ]

    private static let options: [[UInt8]] = [
        [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8], [0, 10, 0, 1, 1], [0, 12, 0, 0],
        [0, 10, 0, 24, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0] + [UInt8](repeating: 9, count: 12),
        [0, 10, 0, 16] + [UInt8](repeating: 9, count: 16), [0, 3, 0, 0], [0, 8, 0, 7, 0, 1, 24, 0, 192, 0, 2],
        [0, 8, 0, 4, 0, 1, 24, 0], [0, 11, 0, 0],
    ]

    static func datagram(_ generator: inout SeededGenerator) -> [UInt8] {
        if oneIn(16, &generator) { return noise(&generator) }
        var query = QueryText("\(pick(names, &generator)) \(pick(types, &generator))")
        query.identifier = .random(in: 0...65535, using: &generator)
        query.flags =
            oneIn(5, &generator) ? pick([0x0110, 0x0120, 0x0400, 0x2000, 0x7800, 0x8000, 0x0200], &generator) : 0x0100
        query.payloadSize = pick([nil, nil, 0, 511, 512, 513, 600, 1232, 4096, 65535], &generator)
        query.version = oneIn(10, &generator) ? pick([1, 255], &generator) : 0
        query.dnssecOK = .random(using: &generator)
        query.recordClass = oneIn(10, &generator) ? pick([0, 3, 255], &generator) : 1
        query.options =
            oneIn(4, &generator)
            ? pick(options, &generator) + (oneIn(4, &generator) ? pick(options, &generator) : []) : []
        var octets = query.octets()
        if oneIn(3, &generator) { mutate(&octets, &generator) }
        return octets
    }

    private static func noise(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...600, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
    }

    private static func mutate(_ octets: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let at = Int.random(in: 0...octets.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: octets.removeSubrange(at...)
            case 1: octets.insert(.random(in: 0...255, using: &generator), at: at)
            case 2 where at < octets.count: octets.remove(at: at)
            case 3 where at < octets.count: octets[at] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 4 where at < octets.count: octets[at] = pick([0, 1, 12, 63, 64, 0x7f, 0x80, 0xc0, 0xff], &generator)
            default: octets += octets[at...].prefix(20)
            }
            if octets.isEmpty { return }
        }
    }

    private static func oneIn(_ count: Int, _ generator: inout SeededGenerator) -> Bool {
        Int.random(in: 0..<count, using: &generator) == 0
    }

    private static func pick<Value>(_ values: [Value], _ generator: inout SeededGenerator) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }
}
