/// What is left of a query where our zones end: its name lies in none of them, or is an alias for a name that does not.
package struct ForeignQuestion: Sendable {
    /// What somebody else must be asked, in lower case.
    package let name: DomainName
    package let type: RecordType
    /// Who asks; `nil` where that is not known.
    package let client: IPAddress?
    /// Where the name stands in the reply.
    private let position: Int
    private let wantsDNSSEC: Bool
    // The reply so far.
    private let message: MessageWriter
    private let flags: Header.Flags
    private let code: ResponseCode
    private let option: ReplyOption?

    /// - Returns: `nil` if the answer is complete, or recursion was not asked for.
    init?(_ answer: FullAnswer, from client: IPAddress?) {
        guard let outside = answer.outside, answer.flags.contains(.recursionDesired),
            !answer.flags.contains(.truncated)
        else { return nil }
        (name, position) = outside
        type = answer.question.type
        wantsDNSSEC = answer.query.edns?.dnssecOK == true
        self.client = client
        message = answer.message
        flags = answer.flags
        code = answer.code
        option = answer.option
    }

    /// The whole reply, with what others answered. Truncated where it does not fit.
    package func reply(with found: ForeignAnswer) -> [UInt8] {
        var message = message
        var compression = NameCompression()
        compression.note(name, at: position)
        let error = Self.error(found)
        for (section, records) in [(MessageWriter.Section.answer, found.answer), (.authority, found.authority)] {
            for record in records where wants(record) {
                let octets = record.encoded(at: message.octets.count, &compression)
                guard message.append(octets, to: section) else {
                    // A negative answer is one without its SOA too.
                    let flags: Header.Flags =
                        section == .answer ? [.recursionAvailable, .truncated] : .recursionAvailable
                    return finish(message, flags, found.code, error)
                }
            }
        }
        return finish(message, .recursionAvailable, found.code, error)
    }

    private static func error(_ found: ForeignAnswer) -> ExtendedError? {
        if found.isStale { return .stale }
        if found.code == .nameError { return .noNameElsewhere }
        return found.answer.isEmpty ? .noDataElsewhere : nil
    }

    /// Why there is no answer.
    package enum Failure: Sendable {
        /// No recursor could tell.
        case noRecursor
        /// Too many questions are open.
        case busy
    }

    /// The reply without an answer: SERVFAIL, which a client may ask again.
    package func reply(for failure: Failure) -> [UInt8] {
        let error: ExtendedError =
            switch failure {
            case .noRecursor: .noRecursor
            case .busy: .recursionIsBusy
            }
        return finish(message, .recursionAvailable, .serverFailure, error)
    }

    /// What a server says that asks nobody else: an alias without its end, or a refusal.
    package var ownReply: [UInt8] { finish(message, [], code, option?.error) }

    /// What is said to a client for which nobody else is asked: the same, but a refusal has another reason.
    package var refusal: [UInt8] { code == .refused ? finish(message, [], code, .recursion) : ownReply }

    private func finish(
        _ message: MessageWriter, _ more: Header.Flags, _ code: ResponseCode, _ error: ExtendedError?
    ) -> [UInt8] {
        var option = option
        option?.error = error
        return message.finish(flags: flags.union(more), code: code, option: option)
    }

    private func wants(_ record: ForeignRecord) -> Bool {
        !record.isForDNSSEC || wantsDNSSEC || record.type == type
    }
}
