/// Answers any message, in plain safe Swift: check, look up, write.
///
/// For every query that ``FastAnswer`` takes the reply is the same, octet for octet, if the random numbers are.
struct FullAnswer {
    let query: Query
    private(set) var question: Question
    let transport: Transport
    var message: MessageWriter
    var flags: Header.Flags
    var code = ResponseCode.noError
    /// The reply's OPT record, if the query had one.
    var option: ReplyOption?
    /// Keeps alive what records of the reply are taken from.
    var workedOut: [WorkedOutAnswer] = []
    /// Where our zones end: the name that others must be asked for, and where it stands.
    var outside: (name: DomainName, position: Int)?
    /// The owners of the DNAME records in the reply, so that none is in it twice.
    var redirections: Set<[UInt8]> = []
    /// The names that were answered, in their plain spelling: the one asked for, and those that aliases led to.
    private var seen: Set<[UInt8]> = []

    /// A CNAME chain is followed this far; a longer one, or a loop, ends the answer where it is.
    private static let longestChain = 8

    static func outcome(of message: [UInt8], _ arrival: Arrival, _ reader: inout AnswerReader) -> AnswerOutcome {
        guard let query = try? Query(reading: message), !query.header.flags.contains(.response) else {
            return .silence
        }
        switch query.header.flags.opcode {
        case Opcode.query: return outcome(of: query, message, arrival, &reader)
        case Opcode.notify: return .reply(refuseNotify(query, message, arrival, &reader))
        case Opcode.update: return .reply(refuseUpdate(query, message, arrival, &reader))
        default: return .reply(notImplementedOpcode(query, message))
        }
    }

    private static func outcome(
        of query: Query, _ message: [UInt8], _ arrival: Arrival, _ reader: inout AnswerReader
    ) -> AnswerOutcome {
        let opening = message[..<(Header.length + (query.question?.length ?? 0))]
        guard query.isWellFormed else { return .reply(formatError(query, opening, reader.policy)) }
        let (option, hasGoodCookie) = Self.option(query, arrival, &reader)
        guard let question = query.question else {
            return .reply(cookieAlone(query, opening, option, isGood: hasGoodCookie))
        }
        var answer = FullAnswer(query, question, opening: opening, arrival.transport, option, reader.policy)
        answer.resolve(&reader)
        if let rest = ForeignQuestion(answer, from: arrival.source) { return .foreign(rest) }
        return .reply(answer.message.finish(flags: answer.flags, code: answer.code, option: answer.option))
    }

    private init(
        _ query: Query, _ question: Question, opening: ArraySlice<UInt8>, _ transport: Transport,
        _ option: ReplyOption?, _ policy: AnswerPolicy
    ) {
        self.query = query
        self.question = question
        self.transport = transport
        self.option = option
        let limit =
            switch transport {
            case .udp: EDNS.payloadLimit(query.edns, policy)
            case .tcp: Int(UInt16.max)
            }
        message = MessageWriter(opening: opening, limit: limit - (option?.length ?? 0))
        flags = query.header.flags.intersection(.copied)
    }

    /// The same question about another name, with room for all there is to say.
    init(_ other: FullAnswer, asking name: DomainName) {
        self = other
        question.nameLength = name.wire.count
        var opening = Array(other.message.octets[..<Header.length]) + name.wire
        opening.append(bigEndian: question.type.rawValue)
        opening.append(bigEndian: question.recordClass)
        message = MessageWriter(opening: opening[...], limit: Int(UInt16.max))
    }

    private mutating func resolve(_ reader: inout AnswerReader) {
        guard query.edns?.version ?? 0 == 0 else { return refuse(.version, .badVersion) }
        if question.recordClass == Question.chaos, let identity = reader.policy.identity {
            return answerIdentity(identity)
        }
        guard question.recordClass == Question.internet else { return refuse(.recordClass) }
        switch question.type {
        case .ixfr where transport == .udp: answerSerial(&reader)
        case .axfr, .ixfr: refuse(.transfer)
        case .mailA, .mailB: refuse(.mailType, .notImplemented)
        case .opt, .tsig, .tkey: refuseFormat()
        default:
            if reader.isLoading { reader.load(WrittenName(target: Header.length, in: message.octets, reader).key) }
            answerName(&reader)
        }
    }

    /// Answers the name asked for and, while that is an alias, the name it stands for (RFC 1034 4.3.2).
    mutating func answerName(_ reader: inout AnswerReader) {
        var name = WrittenName(at: Header.length, in: message.octets, reader)
        while true {
            if let domain = reader.alternative, reader.isAlternative(name.key) {
                return answerAlternative(domain, name, &reader)
            }
            guard seen.count < Self.longestChain, seen.insert(name.key.wire).inserted else {
                option?.error = .endlessAlias
                return
            }
            guard let placement = Placement(name.key, reader) else {
                return answerOutside(name, isAlias: seen.count > 1, &reader)
            }
            guard let target = answer(name, placement, &reader) else { return }
            name = target
        }
    }

    /// Answers one name of one of our zones.
    ///
    /// - Returns: the name to go on with, if it is an alias.
    private mutating func answer(
        _ name: borrowing WrittenName, _ placement: Placement, _ reader: inout AnswerReader
    ) -> WrittenName? {
        if let cut = placement.delegation, cut.start > 0 || question.type != .ds {
            answerReferral(name, cut, &reader)
            return nil
        }
        flags.insert(.authoritative)
        if let owner = placement.redirection { return answerRedirected(name, owner, reader) }
        let encloser = placement.closestEncloser
        if encloser.start == 0 {
            if question.type == .ptr, encloser.record.set(.ptr) == nil, encloser.record.set(.cname) == nil,
                let record = registeredPointers(name, placement, reader), record.setCount > 0
            {
                return answer(name, from: record, placement, &reader)
            }
            guard encloser.record.flags.contains(.lacksProtocols), let spelled = name.key.protocolName else {
                return answer(name, from: encloser.record, placement, &reader)
            }
            guard let record = supplement(name.key, named: spelled, reader) else {
                answerNameError(name, placement, .notRegistered)
                return nil
            }
            return answer(name, from: record, placement, &reader)
        }
        if let record = registeredPointers(name, placement, reader) {
            return answer(name, from: record, placement, &reader)
        }
        if encloser.record.flags.contains(.addresses) {
            answerComputed(name, placement, reader.computedAddress(name.key), reader)
        } else if encloser.record.flags.contains(.lacksNames), let record = supplement(name.key, reader) {
            return answer(name, from: record, placement, &reader)
        } else if let wildcard = reader.find(name.key.wildcard(below: encloser.start)) {
            return answer(name, from: wildcard, placement, &reader)
        } else if !encloser.record.flags.contains(.registry), !awaitsPointers(name, reader) {
            answerNameError(name, placement, .notInZone)
        } else if reader.isAwaitingNames || reader.isLoading {
            refuse(.namesAwaited, .serverFailure)
        } else {
            answerNameError(name, placement, .notRegistered)
        }
        return nil
    }

    /// Answers from the records of the name, or of the wildcard that stands for it.
    private mutating func answer(
        _ name: borrowing WrittenName, from record: AnswerRecord, _ placement: Placement, _ reader: inout AnswerReader
    ) -> WrittenName? {
        if question.type == .any, record.setCount > 0 {
            answerAny(name, record, &reader)
        } else if let set = record.set(question.type) ?? supplementarySet(name, record, reader) {
            answerSet(name, set, additional: true, &reader)
        } else if let alias = record.set(.cname), alias.count > 0 {
            let isAddress = question.type == .a || question.type == .aaaa
            if isAddress, record.set(.srv) != nil, answerInPlace(of: alias, name, placement, &reader) { return nil }
            return answerAlias(name, alias, reader)
        } else {
            answerNoData(name, placement, record, reader)
        }
        return nil
    }
}

/// A name that already stands in the message, uncompressed, so that it and its ancestors can be pointed at.
struct WrittenName: ~Copyable {
    /// Its plain spelling, for look-ups.
    let key: NameKey
    private let end: Int
    let position: Int

    /// The target of a record: the same, but a name of the alternative domain is looked up as the one that it stands for.
    init(target position: Int, in message: [UInt8], _ reader: borrowing AnswerReader) {
        self.init(at: position, in: message) { key in
            if reader.isAlternative(key) { _ = reader.rewriteAlternative(&key) }
            reader.rewrite(&key)
        }
    }

    init(at position: Int, in message: [UInt8], _ reader: borrowing AnswerReader) {
        self.init(at: position, in: message) { reader.rewrite(&$0) }
    }

    private init(at position: Int, in message: [UInt8], rewrite: (inout NameKey) -> Void) {
        var end = position
        while message[end] != 0 { end += 1 + Int(message[end]) }
        end += 1
        var key = NameKey()
        key.assign(message[position..<end])
        rewrite(&key)
        self.key = key
        self.position = position
        self.end = end
    }

    /// As it is spelt in the message.
    func spelled(in message: [UInt8]) -> DomainName { DomainName(uncheckedWire: Array(message[position..<end])) }

    /// Where the ancestor stands that starts at `start` in ``key``. No spelling of a name alters its apex or cut.
    func position(of ancestor: Placement.Ancestor) -> Int { end - (key.length - ancestor.start) }
}
