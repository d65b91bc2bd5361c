/// What becomes of a message.
package enum AnswerOutcome {
    case reply([UInt8])
    /// The reply is signed: not one bit of it may be changed.
    case signed([UInt8])
    /// Our zones have no answer, or not its end; others may.
    case foreign(ForeignQuestion)
    /// It deserves no reply, so that two servers can never talk to each other for ever.
    case silence

    /// The reply of a server that asks nobody else.
    package var ownReply: [UInt8]? {
        switch self {
        case .reply(let reply), .signed(let reply): reply
        case .foreign(let question): question.ownReply
        case .silence: nil
        }
    }
}
