/// Answers any message; one that is signed gets a signed reply (RFC 8945 5.3).
enum SignedAnswer {
    /// Whoever signs asks this server alone, and gets no answers of others.
    static func outcome(of message: [UInt8], _ arrival: Arrival, _ reader: inout AnswerReader) -> AnswerOutcome {
        guard let signed = SignedMessage(message), signed.unsigned[2] & 0x80 == 0 else {
            return FullAnswer.outcome(of: message, arrival, &reader)
        }
        do {
            var signer = try signed.verify(reader.policy.keys)
            guard let reply = FullAnswer.outcome(of: signed.unsigned, arrival, &reader).ownReply else {
                return .silence
            }
            let room = limit(arrival.transport, signed.unsigned, reader.policy) - signer.length
            return outcome(signer.sign(fitted(reply, room)), arrival.transport, reader.policy)
        } catch {
            return outcome(error.reply, arrival.transport, reader.policy)
        }
    }

    /// With very long names not even the shortest reply may fit where datagrams are kept very short.
    private static func outcome(_ reply: [UInt8], _ transport: Transport, _ policy: AnswerPolicy) -> AnswerOutcome {
        transport == .tcp || reply.count <= policy.largestPayload ? .signed(reply) : .silence
    }

    private static func limit(_ transport: Transport, _ query: [UInt8], _ policy: AnswerPolicy) -> Int {
        switch transport {
        case .udp: EDNS.payloadLimit((try? Query(reading: query))?.edns, policy)
        case .tcp: Int(UInt16.max)
        }
    }

    /// Where the signature leaves no room for the reply, its header and question are sent with TC set (RFC 8945 5.3).
    private static func fitted(_ reply: [UInt8], _ limit: Int) -> [UInt8] {
        guard reply.count > limit else { return reply }
        let question = (try? Query(reading: reply))?.question?.length ?? 0
        var short = Array(reply[..<(Header.length + question)])
        short[2] |= 0x02
        short.replaceSubrange(6..<Header.length, with: [0, 0, 0, 0, 0, 0])
        return short
    }
}
