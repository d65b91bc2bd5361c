/// What a query's OPT record says (RFC 6891 6.1.3).
struct EDNS: Equatable {
    var payloadSize: UInt16
    var version: UInt8
    /// DO: the asker wants DNSSEC records; copied to the reply (RFC 3225 3).
    var dnssecOK: Bool
    /// Of version 0; others' mean nothing to us.
    var options = EDNSOptions()

    /// What every asker takes, OPT or not (RFC 1035 4.2.1).
    static let smallestPayload = 512
    /// Octets of an OPT record without options.
    static let recordLength = 11

    /// The longest reply over UDP to a query with this OPT record, or with none.
    static func payloadLimit(_ edns: EDNS?, _ policy: AnswerPolicy) -> Int {
        min(max(Int(edns?.payloadSize ?? 0), smallestPayload), policy.largestPayload)
    }

    /// The options that mean something here (IANA registry "DNS EDNS0 Option Codes (OPT)").
    enum OptionCode: UInt16 {
        case identity = 3
        case subnet = 8
        case cookie = 10
        case keepalive = 11
        case extendedError = 15
    }
}
