// Targets that are names of our zones, and whose addresses are not published along with the records that point at them.

extension FullAnswer {
    /// Appends what there is at the targets that have no additional records of their own: their addresses, and the aliases
    /// on the way to those. What does not fit is left out.
    mutating func appendTargets(of set: AnswerSet, _ written: Written, _ reader: borrowing AnswerReader) {
        guard let offset = AnswerSet.targetOffset(set.type) else { return }
        var seen: Set<[UInt8]> = []
        for (index, position) in written {
            let (start, end) = set.additional(index)
            guard start == end else { continue }
            var target: Int? = position + AnswerRecord.dataOffset + offset
            while let name = target, seen.count < Self.mostTargets {
                target = appendTarget(at: name, followsAlias: set.record.flags.contains(.registry), &seen, reader)
            }
        }
    }

    /// Lest an answer be made of many look-ups.
    private static let mostTargets = 64

    /// - Parameters:
    ///   - position: where in the message the target's name stands.
    ///   - followsAlias: as host names of instances may be aliases. In a zone file that is a mistake (RFC 2181 10.3).
    /// - Returns: where the name stands that it is an alias for.
    private mutating func appendTarget(
        at position: Int, followsAlias: Bool, _ seen: inout Set<[UInt8]>, _ reader: borrowing AnswerReader
    ) -> Int? {
        let name = WrittenName(target: position, in: message.octets, reader)
        guard seen.insert(name.key.wire).inserted, let placement = Placement(name.key, reader), placement.isDecisive
        else {
            return nil
        }
        let record = placement.closestEncloser.record
        guard placement.closestEncloser.start == 0 else {
            if record.flags.contains(.addresses), let computed = reader.computedAddress(name.key) {
                _ = message.append(
                    type: computed.address.recordType, timeToLive: computed.timeToLive, data: computed.address.octets,
                    owner: position, to: .additional)
            }
            return nil
        }
        for type in [RecordType.a, .aaaa] {
            guard let set = record.set(type) else { continue }
            for index in 0..<set.count {
                let appended = message.append(set.entry(index), of: record, owner: position, to: .additional)
                guard appended != nil else { return nil }
            }
        }
        guard followsAlias, let alias = record.set(.cname), record.set(.a) == nil, record.set(.aaaa) == nil else {
            return nil
        }
        return message.append(alias.entry(0), of: record, owner: position, to: .additional)
            .map { $0 + AnswerRecord.dataOffset }
    }
}
