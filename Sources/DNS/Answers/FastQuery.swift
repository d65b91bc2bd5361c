/// A plain question that the fast path can answer, as read from a datagram.
struct FastQuery: ~Copyable {
    /// The name in its plain spelling, once rewritten.
    var key = NameKey()
    var hash: UInt64 = 0
    /// Of the name as it was asked.
    private(set) var nameLength = 0
    private(set) var type: UInt16 = 0
    /// Octets of the reply without its OPT record.
    private(set) var limit = 0
    private(set) var hasEDNS = false
    private(set) var dnssecOK = false
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
    mutating func read(_ datagram: UnsafeRawPointer, length: Int) {
        isPlain = false
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
            guard unsafe readOption(datagram, at: end, length: length) else { return }
        } else {
            guard end == length else { return }
            limit = EDNS.smallestPayload
        }
        unsafe key.assign(from: datagram + Header.length, count: nameLength)
        isPlain = true
    }

    /// Reads the OPT record that is all that follows the question.
    @inline(__always)
    private mutating func readOption(_ datagram: UnsafeRawPointer, at start: Int, length: Int) -> Bool {
        var position = start + EDNS.recordLength
        guard position <= length else { return false }
        // Root owner, type 41, payload size, extended RCODE (ignored); then version 0.
        let head = unsafe UInt64(bigEndian: datagram.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        guard head >> 40 == UInt64(RecordType.opt.rawValue), head >> 8 & 0xff == 0 else { return false }
        let dataLength = unsafe Int(datagram.loadUnaligned(fromByteOffset: start + 9, as: UInt16.self).bigEndian)
        guard position + dataLength == length else { return false }
        while position < length {
            guard position + 4 <= length else { return false }
            let option = unsafe UInt32(bigEndian: datagram.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            let octets = Int(option & 0xffff)
            position += 4 + octets
            guard position <= length else { return false }
            if option >> 16 == UInt32(EDNS.OptionCode.cookie.rawValue), octets != 8, !(16...40).contains(octets) { return false }
        }
        dnssecOK = head & 0x80 != 0
        let payload = Int(truncatingIfNeeded: head >> 24 & 0xffff)
        limit = min(max(payload, EDNS.smallestPayload), EDNS.largestPayload) - EDNS.recordLength
        return true
    }
}
