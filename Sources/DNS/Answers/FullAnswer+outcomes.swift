extension FullAnswer {
    // MARK: - Answers

    /// Appends the records of a set in its order, as many as fit, and if all did, their targets' addresses.
    ///
    /// What does not fit sets TC. The records that did fit stay (RFC 2181 9 allows it): who minds TC asks again over
    /// TCP, and who does not gets a part of the set, by default a random one, rather than nothing.
    mutating func answerSet(
        _ name: borrowing WrittenName, _ set: AnswerSet, additional: Bool, _ reader: inout AnswerReader
    ) {
        guard !flags.contains(.truncated) else { return }
        let most = set.record.flags.contains(.registry) ? reader.policy.answerLimit ?? set.count : set.count
        guard let written = appendInOrder(set, most: most, owner: name.position, to: .answer, &reader) else {
            return truncate()
        }
        guard additional, appendAdditional(of: set, written) else { return }
        if set.record.flags.contains(.lacksAdditional) { appendTargets(of: set, written, reader) }
    }

    /// Appends a CNAME record.
    ///
    /// - Returns: the name it leads to.
    mutating func answerAlias(
        _ name: borrowing WrittenName, _ alias: AnswerSet, _ reader: borrowing AnswerReader
    ) -> WrittenName? {
        guard let position = message.append(alias.entry(0), of: alias.record, owner: name.position, to: .answer) else {
            truncate()
            return nil
        }
        let target = position + AnswerRecord.dataOffset
        guard (try? DomainName(wire: message.octets[target...])) != nil else { return nil }
        return WrittenName(at: target, in: message.octets, reader)
    }

    /// Answers `<hex>.addr.<apex>`, which is its own address.
    mutating func answerComputed(
        _ name: borrowing WrittenName, _ placement: Placement, _ computed: ComputedAddress?,
        _ reader: borrowing AnswerReader
    ) {
        guard let computed else { return answerNameError(name, placement, .notAnAddress) }
        let address = computed.address
        guard question.type == address.recordType || question.type == .any else {
            return answerNoData(name, placement, nil, reader)
        }
        let position = message.append(
            type: address.recordType, timeToLive: computed.timeToLive, data: address.octets, owner: name.position)
        if position == nil { truncate() }
    }

    /// The name exists, but not with this type.
    ///
    /// - Parameter record: what there is at the name; `nil` for a computed one.
    mutating func answerNoData(
        _ name: borrowing WrittenName, _ placement: Placement, _ record: AnswerRecord?, _ reader: borrowing AnswerReader
    ) {
        explainNoData(record)
        appendNegative(name, question.type == .ds ? Self.outer(name.key, placement, reader) : placement)
    }

    /// The place of a name that is an apex in the zone around it, if that is one of ours: only there can there be DS records
    /// of it, or none (RFC 4035 3.1.4.1).
    private static func outer(
        _ key: borrowing NameKey, _ placement: Placement, _ reader: borrowing AnswerReader
    ) -> Placement {
        guard placement.apex.start == 0, key.length > 1,
            let outer = Placement(key, from: key.nextLabel(0), reader), outer.isDecisive
        else { return placement }
        return outer
    }

    mutating func explainNoData(_ record: AnswerRecord?) {
        let note = record?.note.map { ExtendedError(.other, $0) }
        option?.error = note ?? (record?.setCount == 0 ? .emptyNonTerminal : .noData)
    }

    /// The name does not exist, nor do any below it.
    mutating func answerNameError(_ name: borrowing WrittenName, _ placement: Placement, _ error: ExtendedError) {
        code = .nameError
        option?.error = error
        appendNegative(name, placement)
    }

    /// The name belongs to a zone that was delegated: says to whom, with the addresses of servers inside that zone.
    mutating func answerReferral(_ name: borrowing WrittenName, _ cut: Placement.Ancestor, _ reader: inout AnswerReader)
    {
        guard let servers = cut.record.set(.ns) else { return }
        let owner = name.position(of: cut)
        let count = servers.count
        guard let written = appendInOrder(servers, most: count, owner: owner, to: .authority, &reader) else {
            return truncate()
        }
        // Without all its glue a referral may be of no use (RFC 9471 3).
        if !appendAdditional(of: servers, written) { truncate() }
    }

    // MARK: - Refusals

    mutating func refuse(_ error: ExtendedError, _ code: ResponseCode = .refused) {
        self.code = code
        option?.error = error
    }

    /// A type that no query may ask for. As short as every such reply.
    mutating func refuseFormat() {
        code = .formatError
        option?.options = []
    }

    /// - Parameter opening: the header, and the question if that at least was understood.
    static func formatError(_ query: Query, _ opening: ArraySlice<UInt8>, _ policy: AnswerPolicy) -> [UInt8] {
        MessageWriter(opening: opening, limit: 0).finish(
            flags: query.header.flags.intersection(.copied), code: .formatError,
            option: query.edns.map { ReplyOption(answering: $0, policy) })
    }

    /// What follows the header of another opcode is anybody's guess; and so are its flags.
    static func notImplementedOpcode(_ query: Query, _ message: [UInt8]) -> [UInt8] {
        MessageWriter(opening: message[..<Header.length], limit: 0).finish(
            flags: query.header.flags.opcodeBits, code: .notImplemented, option: nil)
    }

    // MARK: - Records

    mutating func truncate() { flags.insert(.truncated) }

    /// Each record that was appended: its number in the set and where it stands.
    typealias Written = [(index: Int, position: Int)]

    /// Appends `most` records of a set, or all if it has not more, as its order has them.
    ///
    /// - Returns: `nil` if they did not all fit.
    private mutating func appendInOrder(
        _ set: AnswerSet, most: Int, owner: Int, to section: MessageWriter.Section, _ reader: inout AnswerReader
    ) -> Written? {
        var order = DrawnOrder(of: set)
        defer { order.end() }
        var written: Written = []
        for _ in 0..<min(most, set.count) {
            let index = order.next(&reader.random)
            guard let position = message.append(set.entry(index), of: set.record, owner: owner, to: section) else {
                return nil
            }
            written.append((index, position))
        }
        return written
    }

    /// Appends the targets' addresses, in the order of the records, until one does not fit.
    ///
    /// - Returns: whether all did.
    @discardableResult
    private mutating func appendAdditional(of set: AnswerSet, _ written: Written) -> Bool {
        guard let targetOffset = AnswerSet.targetOffset(set.type) else { return true }
        for (index, position) in written {
            var (offset, end) = set.additional(index)
            while offset < end {
                let length = set.record.length(at: offset)
                let owner = position + AnswerRecord.dataOffset + targetOffset
                guard message.append((offset, length), of: set.record, owner: owner, to: .additional) != nil else {
                    return false
                }
                offset += length
            }
        }
        return true
    }

    /// Appends the zone's SOA with the TTL of a negative answer: the lesser of its own and its MINIMUM (RFC 2308 3).
    private mutating func appendNegative(_ name: borrowing WrittenName, _ placement: Placement) {
        guard let soa = placement.apex.record.set(.soa), soa.count > 0 else { return }
        let owner = name.position(of: placement.apex)
        guard let position = message.append(soa.entry(0), of: soa.record, owner: owner, to: .authority) else {
            return truncate()
        }
        message.setTimeToLive(soa.negativeTimeToLive, at: position)
    }
}
