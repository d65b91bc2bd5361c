/// The OPT record of a reply (RFC 6891 6.1.2).
struct ReplyOption {
    /// Our own limit.
    var payloadSize: Int
    /// Copied from the query.
    var dnssecOK: Bool
    /// Options in wire form that room is kept for.
    var options: [UInt8] = []
    /// Left out where there is no room for it: no reply is truncated to explain itself (RFC 8914 3).
    var error: ExtendedError?

    init(answering edns: EDNS, _ policy: AnswerPolicy) {
        payloadSize = policy.largestPayload
        dnssecOK = edns.dnssecOK
    }

    /// Octets that room is kept for.
    var length: Int { EDNS.recordLength + options.count }

    /// Adds the options that the query asks for, in the order of their codes.
    ///
    /// - Parameter cookie: the reply's.
    mutating func answer(_ asked: EDNSOptions, cookie: Cookie?, over transport: Transport, _ policy: AnswerPolicy) {
        if asked.wantsIdentity, let identity = policy.identity { append(.identity, Array(identity.name.utf8)) }
        // It came with scope 0, and goes with it: the answer is the same for everybody (RFC 7871 7.2.1).
        if let subnet = asked.subnet { append(.subnet, subnet) }
        if let cookie { options += cookie.option }
        // Over UDP it means nothing (RFC 7828 3.2.2).
        if asked.wantsKeepalive, transport == .tcp { append(.keepalive, Self.tenths(policy.idleTimeout)) }
    }

    private mutating func append(_ code: EDNS.OptionCode, _ data: [UInt8]) {
        options.append(bigEndian: code.rawValue)
        options.append(bigEndian: UInt16(truncatingIfNeeded: data.count))
        options += data
    }

    private static func tenths(_ duration: Duration) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: UInt16(clamping: Int(duration / .milliseconds(100))))
        return octets
    }

    /// The record, with the error if `room` octets are enough for it.
    func record(code: ResponseCode, room: Int) -> [UInt8] {
        var options = options
        if let error = error?.option, error.count <= room { options += error }
        var octets: [UInt8] = [0]
        octets.append(bigEndian: RecordType.opt.rawValue)
        octets.append(bigEndian: UInt16(truncatingIfNeeded: payloadSize))
        octets += [UInt8(truncatingIfNeeded: code.rawValue >> 4), 0, dnssecOK ? 0x80 : 0, 0]
        octets.append(bigEndian: UInt16(truncatingIfNeeded: options.count))
        return octets + options
    }
}
