extension FastAnswer {
    /// Holds the reply to a plain question back if its client's network had too many of the kind.
    ///
    /// - Returns: the length of what is sent, 0 for nothing.
    @inline(never)
    mutating func limit(
        _ length: Int, _ query: UnsafePointer<FastQuery>, _ datagram: UnsafeMutableRawPointer, to source: IPAddress,
        at time: Moment
    ) -> Int {
        // Safe: a reply has a header at least.
        let code = unsafe datagram.load(fromByteOffset: 3, as: UInt8.self)
        let answers = unsafe UInt16(bigEndian: datagram.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
        let verdict = limiter.judge(.init(code: code, answers: answers), to: source, at: time.milliseconds)
        guard verdict != .send else { return length }
        limited &+= 1
        guard verdict == .slip else { return 0 }
        var reply = unsafe FastReply(query, datagram, payloadSize: longestReply)
        // With a good cookie its client would not be limited; without any, TCP is the way to show that it is there.
        if unsafe query.pointee.hasCookie { return unsafe reply.finish(query, code: .badCookie) }
        unsafe reply.isTruncated = true
        return unsafe reply.finish(query, code: .noError)
    }

    /// What becomes of a reply under the limit.
    enum Limited {
        case asItIs
        /// It is held back, and this is sent; `nil`: nothing.
        case instead([UInt8]?)
    }

    /// Holds the reply to any other message back, before it is made.
    mutating func limit(repliesTo message: [UInt8], _ arrival: Arrival) -> Limited {
        // What is never answered is not counted.
        guard limiter.isOn, let source = arrival.source, message.count >= Header.length, message[2] & 0x80 == 0 else {
            return .asItIs
        }
        let (short, hasGoodCookie) = FullAnswer.shortReply(to: message, arrival, &reader)
        guard !hasGoodCookie else { return .asItIs }
        switch limiter.judge(short == nil ? .other : .worked, to: source, at: arrival.time.milliseconds) {
        case .send: return .asItIs
        case .slip:
            limited &+= 1
            return .instead(short)
        case .drop:
            limited &+= 1
            return .instead(nil)
        }
    }
}

extension FullAnswer {
    /// What is sent in place of a reply that is held back: a request to show a good cookie if the client has one at all,
    /// else to come over TCP; `nil` where there is no question that could be asked again.
    static func shortReply(
        to message: [UInt8], _ arrival: Arrival, _ reader: inout AnswerReader
    ) -> (reply: [UInt8]?, hasGoodCookie: Bool) {
        guard let query = try? Query(reading: message), query.header.flags.opcode == 0, query.isWellFormed,
            let question = query.question
        else { return (nil, false) }
        let (option, hasGoodCookie) = Self.option(query, arrival, &reader)
        var flags = query.header.flags.intersection(.copied)
        let hasCookie = query.edns?.options.cookie != nil
        if !hasCookie { flags.insert(.truncated) }
        let opening = message[..<(Header.length + question.length)]
        let reply = MessageWriter(opening: opening, limit: 0).finish(
            flags: flags, code: hasCookie ? .badCookie : .noError, option: option)
        return (reply, hasGoodCookie)
    }
}
