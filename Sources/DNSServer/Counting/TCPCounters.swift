import Synchronization

/// What has become of the queries that came over TCP, which are few.
final class TCPCounters: Sendable {
    private let counts = Mutex(QueryCounts())

    var values: QueryCounts { counts.withLock { $0 } }

    /// Answers as `answer` does, and counts.
    func counting(_ answer: @escaping TCPAnswering) -> TCPAnswering {
        { [self] query, client, later in
            let outcome = answer(query, client) { reply in
                self.count(reply)
                later(reply)
            }
            counts.withLock { $0[.queries] += 1 }
            switch outcome {
            case .reply(let reply): count(reply)
            case .transfer:
                counts.withLock { counts in
                    counts[.noError] += 1
                    counts[.otherType] += 1
                }
            case .silence: counts.withLock { $0[.dropped] += 1 }
            case .later: counts.withLock { $0[.forwarded] += 1 }
            }
            return outcome
        }
    }

    private func count(_ reply: [UInt8]) { counts.withLock { $0.add(reply: reply.span) } }
}
