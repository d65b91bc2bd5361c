/// A reply under construction behind the question that it answers.
///
/// Safe: `limit` keeps every record within the longest reply; copying in steps of 16 octets reads at most 15
/// behind a record, which ``AnswerRecord/slack`` covers, and writes at most 15 behind the reply (``FastAnswer/slack``).
@unsafe struct FastReply {
    private let datagram: UnsafeMutableRawPointer
    private let limit: Int
    /// Our own, to be advertised.
    private let payloadSize: Int
    /// Where the next record goes.
    private(set) var position: Int
    var answers: UInt16 = 0
    var authorities: UInt16 = 0
    var additionals: UInt16 = 0
    var isTruncated = false

    @inline(__always)
    init(_ query: UnsafePointer<FastQuery>, _ datagram: UnsafeMutableRawPointer, payloadSize: Int) {
        unsafe self.payloadSize = payloadSize
        unsafe self.datagram = datagram
        unsafe limit = query.pointee.limit
        unsafe position = query.pointee.questionEnd
    }

    /// Appends a record, owned by the question's name.
    ///
    /// - Returns: false if it does not fit.
    @inline(__always)
    mutating func append(_ entry: (offset: Int, length: Int), of record: AnswerRecord) -> Bool {
        guard unsafe position &+ entry.length <= limit else { return false }
        unsafe copy(record.base + entry.offset, octets: entry.length)
        return true
    }

    @inline(__always)
    private mutating func copy(_ source: UnsafeRawPointer, octets count: Int) {
        let target = unsafe datagram + position
        var copied = 0
        repeat {
            let octets = unsafe source.loadUnaligned(fromByteOffset: copied, as: SIMD16<UInt8>.self)
            unsafe target.storeBytes(of: octets, toByteOffset: copied, as: SIMD16<UInt8>.self)
            copied &+= 16
        } while copied < count
        unsafe position &+= count
    }

    /// Makes the name at offset `owner` the owner of the record at `position`.
    @inline(__always)
    func setOwner(_ owner: Int, at position: Int) {
        unsafe store(0xc000 | UInt16(truncatingIfNeeded: owner), at: position)
    }

    @inline(__always)
    func setTimeToLive(_ seconds: UInt32, at position: Int) {
        unsafe datagram.storeBytes(of: seconds.bigEndian, toByteOffset: position + 6, as: UInt32.self)
    }

    /// Completes the header and, for a query with EDNS, adds the OPT record, with `error` in it if there is room.
    ///
    /// - Returns: the reply's length.
    @inline(__always)
    mutating func finish(_ query: UnsafePointer<FastQuery>, code: ResponseCode, error: ReadyOption? = nil) -> Int {
        let asked = unsafe Header.Flags(
            rawValue: UInt16(bigEndian: datagram.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        var flags: Header.Flags = asked.intersection(.copied).union([.response, .authoritative])
        if unsafe isTruncated { flags.insert(.truncated) }
        if unsafe query.pointee.hasEDNS {
            unsafe appendOption(query, code, error)
        }
        unsafe store(flags.rawValue | code.rawValue & 0xf, at: 2)
        unsafe store(answers, at: 6)
        unsafe store(authorities, at: 8)
        unsafe store(additionals, at: 10)
        return unsafe position
    }

    @inline(__always)
    private mutating func appendOption(
        _ query: UnsafePointer<FastQuery>, _ code: ResponseCode, _ error: ReadyOption?
    ) {
        let start = unsafe position
        let room = unsafe limit &- start
        // Root, type 41, our payload size, upper RCODE bits, version 0, DO as asked; the length of the options comes last.
        let head =
            unsafe 0x0000_2900_0000_0000 | UInt64(truncatingIfNeeded: payloadSize) << 24
            | UInt64(code.rawValue >> 4) << 16 | (query.pointee.dnssecOK ? 0x80 : 0)
        unsafe datagram.storeBytes(of: head.bigEndian, toByteOffset: start, as: UInt64.self)
        unsafe datagram.storeBytes(of: 0, toByteOffset: start + 8, as: UInt8.self)
        unsafe position &+= EDNS.recordLength
        unsafe additionals &+= 1
        if unsafe query.pointee.hasCookie { unsafe append(query.pointee.cookie) }
        if let error, error.count <= room { unsafe copy(error.base, octets: error.count) }
        unsafe store(UInt16(truncatingIfNeeded: position &- start &- EDNS.recordLength), at: start + 9)
    }

    @inline(__always)
    private mutating func append(_ cookie: Cookie) {
        let head = UInt32(EDNS.OptionCode.cookie.rawValue) << 16 | UInt32(Cookie.optionLength - 4)
        unsafe datagram.storeBytes(of: head.bigEndian, toByteOffset: position, as: UInt32.self)
        unsafe datagram.storeBytes(of: cookie.client.littleEndian, toByteOffset: position + 4, as: UInt64.self)
        unsafe datagram.storeBytes(of: cookie.opening.littleEndian, toByteOffset: position + 12, as: UInt64.self)
        unsafe datagram.storeBytes(of: cookie.hash.littleEndian, toByteOffset: position + 20, as: UInt64.self)
        unsafe position &+= Cookie.optionLength
    }

    @inline(__always)
    private func store(_ value: UInt16, at offset: Int) {
        unsafe datagram.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }
}
