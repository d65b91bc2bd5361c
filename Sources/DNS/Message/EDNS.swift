/// What an OPT record says (RFC 6891 6.1.3).
struct EDNS: Equatable {
    var payloadSize: UInt16
    var version: UInt8
    /// DO: the asker wants DNSSEC records; copied to the reply (RFC 3225 3).
    var dnssecOK: Bool

    /// The UDP payload this server takes and sends at most: fits every usual path unfragmented (DNS flag day 2020).
    static let largestPayload = 1232
    /// What every asker takes, OPT or not (RFC 1035 4.2.1).
    static let smallestPayload = 512
    /// Octets of an OPT record without options.
    static let recordLength = 11

    /// The longest reply over UDP to a query with this OPT record, or with none.
    static func payloadLimit(_ edns: EDNS?) -> Int {
        min(max(Int(edns?.payloadSize ?? 0), smallestPayload), largestPayload)
    }

    /// True if `options` are whole, one after the other, and a cookie has a length that RFC 7873 5.2.2 allows.
    static func areWellFormed(options: ArraySlice<UInt8>) -> Bool {
        var rest = options
        while !rest.isEmpty {
            guard rest.count >= 4 else { return false }
            let octets = Array(rest.prefix(4))
            let code = UInt16(octets[0]) << 8 | UInt16(octets[1])
            let length = Int(octets[2]) << 8 | Int(octets[3])
            guard rest.count >= 4 + length else { return false }
            if code == OptionCode.cookie.rawValue, length != 8, !(16...40).contains(length) { return false }
            rest = rest.dropFirst(4 + length)
        }
        return true
    }

    /// The options that mean something here (IANA registry "DNS EDNS0 Option Codes (OPT)").
    enum OptionCode: UInt16 {
        case cookie = 10
        case extendedError = 15
    }
}

/// The OPT record of a reply (RFC 6891 6.1.2).
struct ReplyOption {
    /// Copied from the query.
    var dnssecOK: Bool
    /// Left out where there is no room for it: no reply is truncated to explain itself (RFC 8914 3).
    var error: ExtendedError?

    init(answering edns: EDNS) { dnssecOK = edns.dnssecOK }

    /// The record, with the error if `room` octets are enough for it.
    func record(code: ResponseCode, room: Int) -> [UInt8] {
        var options = error?.option ?? []
        if options.count > room { options = [] }
        var octets: [UInt8] = [0]
        octets.append(bigEndian: RecordType.opt.rawValue)
        octets.append(bigEndian: UInt16(EDNS.largestPayload))
        octets += [UInt8(truncatingIfNeeded: code.rawValue >> 4), 0, dnssecOK ? 0x80 : 0, 0]
        octets.append(bigEndian: UInt16(options.count))
        return octets + options
    }
}
