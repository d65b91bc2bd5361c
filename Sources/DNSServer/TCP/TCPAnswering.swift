import DNS

/// What becomes of a query that came over TCP.
enum TCPOutcome {
    case reply([UInt8])
    /// A transfer, whose messages are made when there is room for them.
    case transfer(TransferMessages)
    /// It deserves none.
    case silence
    /// The reply is given later, while the queries behind it are answered (RFC 7766 6.2.1.1).
    case later
}

/// Answers a query of a client, whose address is `nil` if it cannot be told. `later` takes the reply of a query whose
/// outcome is ``TCPOutcome/later``, on any thread.
typealias TCPAnswering =
    @Sendable (_ query: [UInt8], _ client: IPAddress?, _ later: @escaping @Sendable ([UInt8]) -> Void) -> TCPOutcome

extension AnswerTable {
    /// Answers from the table and, for those who may have it, by recursion.
    func answering(_ recursion: Recursion?) -> TCPAnswering {
        { [self] query, client, later in
            switch outcome(of: query, Arrival(over: .tcp, from: client)) {
            case .silence: return .silence
            case .signed(let reply): return .reply(reply)
            case .foreign(let question):
                guard let recursion else { return .reply(question.ownReply) }
                return recursion.take(question, reply: later) ? .later : .reply(question.refusal)
            case .reply(var reply):
                // RA
                if let recursion, let client, recursion.clients.allow(client) { reply[3] |= 0x80 }
                return .reply(reply)
            }
        }
    }
}
