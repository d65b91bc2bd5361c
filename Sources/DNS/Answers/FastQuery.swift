/// A plain question that the fast path can answer, as read from a datagram.
struct FastQuery: ~Copyable {
    /// The name in its plain spelling, once rewritten.
    var key = NameKey()
    var hash: UInt64 = 0
    /// Of the name as it was asked.
    private(set) var nameLength = 0
    private(set) var type: UInt16 = 0
    /// Octets of the reply without its OPT record, the extended error excepted.
    private(set) var limit = 0
    private(set) var hasEDNS = false
    private(set) var dnssecOK = false
    private(set) var hasCookie = false
    /// The client's, and once ``show(_:isGood:)`` was called, the reply's.
    private(set) var cookie = Cookie(client: 0)
    /// The client has shown that it gets what is sent to its address.
    private(set) var hasGoodCookie = false
    /// The name was asked for in the alternative domain.
    var isAlternative = false
    /// False: the full path answers.
    var isPlain = false

    var questionEnd: Int { Header.length + nameLength + 4 }

    /// Reads a datagram.
    ///
    /// Takes only what can be told at a glance to be a plain question: one IN question for one data type, no other
    /// records but at most one well-formed OPT of version 0, not an octet more. Flags that a query has no use for are
    /// ignored, as the full path ignores them.
    ///
    /// Safe: every octet is compared with `length` before it is read, but for the last word of the name, for which the
    /// caller promises 8 octets more than `length`.
    @inline(__always)
    mutating func read(_ datagram: UnsafeRawPointer, length: Int, largestPayload: Int) {
        isPlain = false
        isAlternative = false
        hasCookie = false
        hasGoodCookie = false
        guard length >= Header.length + 5 else { return }
        // ID, flags (QR, opcode and TC must be 0), QDCOUNT 1, ANCOUNT 0; then NSCOUNT 0, ARCOUNT 0 or 1.
        let start = unsafe UInt64(bigEndian: datagram.loadUnaligned(as: UInt64.self))
        guard start & 0x0000_fa00_ffff_ffff == 0x0000_0000_0001_0000 else { return }
        let counts = unsafe UInt32(bigEndian: datagram.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        guard counts & 0xffff_fffe == 0 else { return }

        var end = Header.length
        while true {
            let label = unsafe Int(datagram.load(fromByteOffset: end, as: UInt8.self))
            guard label != 0 else { break }
            end += 1 + label
            guard label <= DomainName.maximumLabelLength, end + 5 <= length else { return }
        }
        end += 1
        nameLength = end - Header.length
        guard nameLength <= DomainName.maximumLength else { return }
        let question = unsafe UInt32(bigEndian: datagram.loadUnaligned(fromByteOffset: end, as: UInt32.self))
        type = UInt16(truncatingIfNeeded: question >> 16)
        // Class IN; no OPT and no meta type or QTYPE (128 to 255, RFC 6895 3.1).
        guard question & 0xffff == UInt32(Question.internet), type != RecordType.opt.rawValue, type &- 128 > 127 else {
            return
        }
        end += 4
        hasEDNS = counts == 1
        if hasEDNS {
            guard let payload = unsafe readOption(datagram, at: end, length: length) else { return }
            limit = min(max(payload, EDNS.smallestPayload), largestPayload) - EDNS.recordLength
            if hasCookie { limit -= Cookie.optionLength }
        } else {
            guard end == length else { return }
            limit = EDNS.smallestPayload
        }
        unsafe key.assign(from: datagram + Header.length, count: nameLength)
        isPlain = true
    }

    /// Reads the OPT record that is all that follows the question. Options that are answered, but seldom asked for, are
    /// left to the full path.
    ///
    /// - Returns: the payload size; `nil` if the query is not plain.
    @inline(__always)
    private mutating func readOption(_ datagram: UnsafeRawPointer, at start: Int, length: Int) -> Int? {
        var position = start + EDNS.recordLength
        guard position <= length else { return nil }
        // Root owner, type 41, payload size, extended RCODE (ignored); then version 0.
        let head = unsafe UInt64(bigEndian: datagram.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        guard head >> 40 == UInt64(RecordType.opt.rawValue), head >> 8 & 0xff == 0 else { return nil }
        let dataLength = unsafe Int(datagram.loadUnaligned(fromByteOffset: start + 9, as: UInt16.self).bigEndian)
        guard position + dataLength == length else { return nil }
        while position < length {
            guard position + 4 <= length else { return nil }
            let option = unsafe UInt32(bigEndian: datagram.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            let octets = Int(option & 0xffff)
            position += 4 + octets
            guard position <= length else { return nil }
            switch EDNS.OptionCode(rawValue: UInt16(truncatingIfNeeded: option >> 16)) {
            case .cookie where !hasCookie:
                guard Cookie.isAllowed(length: octets) else { return nil }
                unsafe readCookie(datagram + position - octets, length: octets)
            case .identity, .subnet: return nil
            default: break
            }
        }
        dnssecOK = head & 0x80 != 0
        return Int(truncatingIfNeeded: head >> 24 & 0xffff)
    }

    /// Safe: the caller has compared `length`, which is 24 if more than the client's part is read.
    @inline(__always)
    private mutating func readCookie(_ data: UnsafeRawPointer, length: Int) {
        hasCookie = true
        cookie.client = unsafe UInt64(littleEndian: data.loadUnaligned(as: UInt64.self))
        cookie.serverLength = length - Cookie.clientLength
        guard cookie.serverLength == Cookie.serverLength else { return }
        cookie.opening = unsafe UInt64(littleEndian: data.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        cookie.hash = unsafe UInt64(littleEndian: data.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    }

    /// Takes the cookie of the reply.
    @inline(__always)
    mutating func show(_ cookie: Cookie, isGood: Bool) {
        self.cookie = cookie
        hasGoodCookie = isGood
    }
}
