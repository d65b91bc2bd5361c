import CLDNS
import Testing

/// A message as libldns reads it: somebody else's eyes on what the server writes.
struct LdnsMessage: Equatable {
    var id: UInt16
    var responseCode: Int
    var isAuthoritative: Bool
    var isTruncated: Bool
    /// Whether there is an OPT record, and whether it has DO.
    var hasEDNS: Bool
    var isDNSSECOK: Bool
    /// The records of each section in presentation form, sorted.
    var question: [String]
    var answer: [String]
    var authority: [String]
    var additional: [String]

    /// - Throws: ``Unreadable`` unless libldns takes the message.
    init(_ octets: [UInt8]) throws {
        self = unsafe try Self.withPacket(octets) { unsafe LdnsMessage($0) }
    }

    /// In lower case: libldns compresses names against others that differ in case.
    var folded: LdnsMessage {
        var folded = self
        for section in [\LdnsMessage.question, \.answer, \.authority, \.additional] {
            folded[keyPath: section] = folded[keyPath: section].map { $0.lowercased() }.sorted()
        }
        return folded
    }

    /// The message that libldns writes for what it read.
    static func rewritten(_ octets: [UInt8]) throws -> [UInt8] {
        unsafe try withPacket(octets) { packet in
            var wire: UnsafeMutablePointer<UInt8>?
            var count = 0
            let status = unsafe ldns_pkt2wire(&wire, packet, &count)
            guard status == LDNS_STATUS_OK, let wire = unsafe wire else { throw Unreadable(status: status.rawValue) }
            defer { unsafe free(wire) }
            // Safe: libldns says that it wrote this many octets there.
            return unsafe Array(UnsafeBufferPointer(start: wire, count: count))
        }
    }

    private init(_ packet: UnsafeMutablePointer<ldns_pkt>) {
        id = unsafe ldns_pkt_id(packet)
        responseCode = Int(unsafe ldns_pkt_get_rcode(packet).rawValue)
        isAuthoritative = unsafe ldns_pkt_aa(packet)
        isTruncated = unsafe ldns_pkt_tc(packet)
        hasEDNS = unsafe ldns_pkt_edns(packet)
        isDNSSECOK = unsafe ldns_pkt_edns_do(packet)
        question = unsafe Self.lines(ldns_pkt_question(packet))
        answer = unsafe Self.lines(ldns_pkt_answer(packet))
        authority = unsafe Self.lines(ldns_pkt_authority(packet))
        additional = unsafe Self.lines(ldns_pkt_additional(packet))
    }

    /// Runs `body` with the packet, which lives until it returns.
    private static func withPacket<Result>(
        _ octets: [UInt8], _ body: (UnsafeMutablePointer<ldns_pkt>) throws -> Result
    ) throws -> Result {
        var packet: UnsafeMutablePointer<ldns_pkt>?
        let status = unsafe ldns_wire2pkt(&packet, octets, octets.count)
        guard status == LDNS_STATUS_OK, let packet = unsafe packet else { throw Unreadable(status: status.rawValue) }
        defer { unsafe ldns_pkt_free(packet) }
        return unsafe try body(packet)
    }

    private static func lines(_ list: UnsafeMutablePointer<ldns_rr_list>?) -> [String] {
        guard let list = unsafe list else { return [] }
        return unsafe (0..<ldns_rr_list_rr_count(list)).map { index in
            guard let text = unsafe ldns_rr2str(ldns_rr_list_rr(list, index)) else { return "?" }
            defer { unsafe free(text) }
            return unsafe String(cString: text)
        }.sorted()
    }
}

/// libldns does not take the message.
struct Unreadable: Error {
    var status: UInt32
}
