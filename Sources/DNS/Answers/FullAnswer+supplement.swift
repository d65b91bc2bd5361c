/// Records that are worked out while they are asked for: those that few ask for, and that would fill the table if each
/// were published.
///
/// Is called in the middle of an answer, on any thread, with the plain spelling of a name in lower case: one that lies
/// in no zone, one whose record says that it is not all there is, or one below such a name; or, where a record says that it
/// is not what these stand for, with an RFC 2782 spelling. Whoever gives the answer keeps it for those who ask the same
/// again: the threads that answer have no time.
///
/// - Parameter type: the type asked for, which may be all that is worked out; ``RecordType/any``: everything. If the name
///   has other records only, there is one of these.
/// - Returns: `nil` if the name does not exist.
package typealias Supplement = @Sendable (_ name: DomainName, _ type: RecordType) -> WorkedOutAnswer?

extension FullAnswer {
    /// What is worked out for a name, as a record that lives as long as this answer.
    ///
    /// - Parameter name: under which it is asked for; `nil`: the plain spelling.
    mutating func supplement(
        _ key: borrowing NameKey, named name: DomainName? = nil, _ reader: borrowing AnswerReader
    ) -> AnswerRecord? {
        guard let answer = reader.supplement(name ?? key.name, question.type) else { return nil }
        workedOut.append(answer)
        return answer.record
    }

    /// The set that a record lacks and that is worked out.
    mutating func supplementarySet(
        _ name: borrowing WrittenName, _ record: AnswerRecord, _ reader: borrowing AnswerReader
    ) -> AnswerSet? {
        guard record.flags.contains(.lacksTypes), question.type.isWorkedOut else { return nil }
        return supplement(name.key, reader)?.set(question.type)
    }

    /// What the registry has at a name of a file's zone that says nothing of it: the reverse name of an address. Nobody keeps
    /// a reverse zone up to date with all that comes and goes.
    mutating func registeredPointers(
        _ name: borrowing WrittenName, _ placement: Placement, _ reader: borrowing AnswerReader
    ) -> AnswerRecord? {
        guard !placement.apex.record.flags.contains(.registry) else { return nil }
        return supplement(name.key, reader)
    }

    /// Whether this is a reverse name of which nobody can say yet what there is.
    func awaitsPointers(_ name: borrowing WrittenName, _ reader: borrowing AnswerReader) -> Bool {
        reader.isLoading && IPAddress(reverse: name.key.name) != nil
    }

    /// Answers a name that lies in no zone but that something is known of, such as the reverse name of a node's address.
    /// Every other is refused, or left to the asker if an alias leads there; unless somebody else is asked.
    ///
    /// No data comes without an SOA there: no zone says how long that may be remembered, so nobody does (RFC 2308 5).
    mutating func answerOutside(_ name: borrowing WrittenName, isAlias: Bool, _ reader: inout AnswerReader) {
        guard let record = supplement(name.key, reader) else {
            if awaitsPointers(name, reader) { return refuse(.namesAwaited, .serverFailure) }
            outside = (name.key.name, name.position)
            return isAlias ? () : refuse(reader.notAuthoritative)
        }
        flags.insert(.authoritative)
        let isAny = question.type == .any && record.setCount > 0
        guard let set = isAny ? record.set(at: 0) : record.set(question.type) else { return explainNoData(record) }
        answerSet(name, set, additional: false, &reader)
    }
}

extension RecordType {
    /// True for the types that a published name may have besides its published ones.
    package var isWorkedOut: Bool { self == .ptr || self == .txt }
}
