// What concerns the server and its client rather than a name: cookies, and who the server is.

extension FullAnswer {
    /// The OPT record of the reply, if the query has one, with all that its options ask for.
    ///
    /// - Returns: also whether the client has shown a good cookie.
    static func option(
        _ query: Query, _ arrival: Arrival, _ reader: inout AnswerReader
    ) -> (option: ReplyOption?, hasGoodCookie: Bool) {
        guard let edns = query.edns else { return (nil, false) }
        var option = ReplyOption(answering: edns, reader.policy)
        var reply: (cookie: Cookie, isGood: Bool)?
        if let cookie = edns.options.cookie, let source = arrival.source {
            reader.cookies.turn(to: arrival.time.seconds)
            reply = reader.cookies.reply(to: cookie, from: source, at: arrival.time.seconds)
        }
        option.answer(edns.options, cookie: reply?.cookie, over: arrival.transport, reader.policy)
        return (option, reply?.isGood ?? false)
    }

    /// Answers a query that has no question but a cookie: with a new one, and if it has an old server cookie, with what
    /// that is worth (RFC 7873 5.4).
    static func cookieAlone(
        _ query: Query, _ opening: ArraySlice<UInt8>, _ option: ReplyOption?, isGood: Bool
    ) -> [UInt8] {
        let isFirst = query.edns?.options.cookie?.serverLength == 0
        return MessageWriter(opening: opening, limit: 0).finish(
            flags: query.header.flags.intersection(.copied), code: isFirst || isGood ? .noError : .badCookie,
            option: option)
    }

    /// Answers the names of class CH that ask who the server is (RFC 4892), and refuses all others.
    mutating func answerIdentity(_ identity: AnswerPolicy.Identity) {
        let name = try? DomainName(wire: message.octets[Header.length...].prefix(question.nameLength))
        let text: String
        switch name?.description.lowercased() {
        case "id.server.", "hostname.bind.": text = identity.name
        case "version.server.", "version.bind.": text = identity.version
        default: return refuse(.recordClass)
        }
        flags.insert(.authoritative)
        guard question.type == .txt || question.type == .any else {
            option?.error = .noData
            return
        }
        let data = [UInt8(truncatingIfNeeded: text.utf8.count)] + text.utf8
        let position = message.append(
            type: .txt, recordClass: Question.chaos, timeToLive: 0, data: data, owner: Header.length)
        if position == nil { truncate() }
    }

    /// Answers ANY with every set if that is little, or over TCP; else with a record that says so (RFC 8482 4.2), lest
    /// the answer be of use to whoever wants to flood somebody else.
    mutating func answerAny(_ name: borrowing WrittenName, _ record: AnswerRecord, _ reader: inout AnswerReader) {
        var sets = (0..<record.setCount).map(record.set(at:))
        // Nothing stands beside an alias (RFC 1034 3.6.2); one of a registry stands in for addresses alone.
        if sets.count > 1 { sets.removeAll { $0.type == RecordType.cname.rawValue } }
        // Those of an apex are the outer zone's.
        if record.flags.contains(.apex) { sets.removeAll { $0.type == RecordType.ds.rawValue } }
        let octets = sets.reduce(message.octets.count) { $0 + $1.octets }
        guard transport == .udp, octets > EDNS.smallestPayload else {
            for set in sets { answerSet(name, set, additional: false, &reader) }
            return
        }
        let processor = "RFC8482"
        let data = [UInt8(processor.utf8.count)] + processor.utf8 + [0]
        let position = message.append(
            type: .hinfo, timeToLive: sets.first?.timeToLive ?? 0, data: data, owner: name.position)
        if position == nil { truncate() }
    }
}
