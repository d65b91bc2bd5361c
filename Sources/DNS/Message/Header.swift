/// The 12 octets that every DNS message starts with (RFC 1035 4.1.1).
///
///      0 ID        2 QR Opcode AA TC RD RA Z AD CD RCODE
///      4 QDCOUNT   6 ANCOUNT   8 NSCOUNT  10 ARCOUNT
struct Header {
    static let length = 12

    var identifier: UInt16
    var flags: Flags
    var questionCount: UInt16
    var answerCount: UInt16
    var authorityCount: UInt16
    var additionalCount: UInt16

    /// The third and fourth octet as one number.
    struct Flags: OptionSet {
        var rawValue: UInt16

        static let response = Flags(rawValue: 0x8000)
        static let authoritative = Flags(rawValue: 0x0400)
        static let truncated = Flags(rawValue: 0x0200)
        static let recursionDesired = Flags(rawValue: 0x0100)
        static let recursionAvailable = Flags(rawValue: 0x0080)
        static let checkingDisabled = Flags(rawValue: 0x0010)

        /// What a reply copies from its query (RFC 1035 4.1.1, RFC 4035 3.1.6). All else starts clear.
        static let copied: Flags = [.recursionDesired, .checkingDisabled]

        var opcode: UInt8 { UInt8(rawValue >> 11 & 0xf) }

        /// The four opcode bits where they stand.
        var opcodeBits: Flags { Flags(rawValue: rawValue & 0x7800) }
    }
}
