/// A message whose last record signs it (RFC 8945 5.2).
package struct SignedMessage {
    /// The message as it was before it was signed.
    package let unsigned: [UInt8]
    let signature: TSIGRecord

    /// - Returns: `nil` for a message without a signature, or with one that is not the last record, not whole, or of
    ///   another class or TTL: those are format errors, and answered as such.
    package init?(_ message: [UInt8]) {
        var reader = MessageReader(message)
        guard message.count > Header.length, message[10] | message[11] != 0, let header = try? reader.header(),
            header.questionCount <= 1
        else { return nil }
        let records = Int(header.answerCount) + Int(header.authorityCount) + Int(header.additionalCount)
        var start = 0
        var last: MessageReader.Record?
        do throws(WireError) {
            for _ in 0..<header.questionCount { _ = try reader.question() }
            for _ in 0..<records {
                start = reader.position
                last = try reader.record()
            }
        } catch {
            return nil
        }
        guard let last, last.type == .tsig, last.recordClass == TSIGRecord.anyClass, last.timeToLive == 0,
            reader.isAtEnd, header.additionalCount > 0,
            let end = DomainName.end(ofNameIn: message[start...]),
            let key = try? DomainName(wire: message[start..<end]),
            let signature = TSIGRecord(key: key, data: last.data)
        else { return nil }
        self.signature = signature
        let count = header.additionalCount - 1
        var unsigned = Array(message[..<start])
        unsigned[10] = UInt8(count >> 8)
        unsigned[11] = UInt8(truncatingIfNeeded: count)
        self.unsigned = unsigned
    }

    /// Checks a request's signature, in the order of RFC 8945 5.2.
    ///
    /// - Parameter now: seconds since 1970.
    /// - Returns: who signs the replies.
    /// - Throws: ``TSIGRefusal``.
    package func verify(_ keys: [TSIGKey], at now: UInt64 = TSIGClock.now) throws(TSIGRefusal) -> TSIGSigner {
        guard let key = keys.first(where: { $0.name == signature.key }),
            signature.algorithm.lowercasedWire == key.algorithm.wire
        else { throw TSIGRefusal(self, .badKey, nil) }
        guard signature.mac.count == key.algorithm.length else {
            throw TSIGRefusal(self, signature.mac.count < key.algorithm.length ? .badTruncation : .badSignature, nil)
        }
        guard key.isValid(signature.mac, of: originalMessage + signature.variables) else {
            throw TSIGRefusal(self, .badSignature, nil)
        }
        let signer = TSIGSigner(key, answering: signature)
        guard max(now, signature.time) - min(now, signature.time) <= UInt64(signature.fudge) else {
            throw TSIGRefusal(self, .badTime, (signer, now))
        }
        return signer
    }

    /// Checks that this is the answer to a request that was signed with `mac`.
    package func answers(_ mac: [UInt8], _ key: TSIGKey) -> Bool {
        guard signature.key == key.name, signature.algorithm.lowercasedWire == key.algorithm.wire else { return false }
        var signed: [UInt8] = []
        signed.append(bigEndian: UInt16(truncatingIfNeeded: mac.count))
        return key.isValid(signature.mac, of: signed + mac + originalMessage + signature.variables)
    }

    /// With the ID that was signed, which a forwarder may have changed since.
    private var originalMessage: [UInt8] {
        var message = unsigned
        message[0] = UInt8(signature.originalIdentifier >> 8)
        message[1] = UInt8(truncatingIfNeeded: signature.originalIdentifier)
        return message
    }
}

/// A signature that does not hold, with the reply that says so.
package struct TSIGRefusal: Error {
    /// NOTAUTH, with the fault in a TSIG record; only a wrong time is said under a signature (RFC 8945 5.2.3).
    package let reply: [UInt8]

    init(_ message: SignedMessage, _ fault: TSIGRecord.Fault, _ signed: (signer: TSIGSigner, now: UInt64)?) {
        var reply = message.unsigned
        let question = (try? Query(reading: reply))?.question?.length ?? 0
        reply = Array(reply[..<(Header.length + question)])
        reply[2] = reply[2] & 0x79 | 0x80
        reply[3] = 9
        reply.replaceSubrange(4..<Header.length, with: [0, question == 0 ? 0 : 1, 0, 0, 0, 0, 0, 0])
        var record = message.signature
        record.mac = []
        record.fault = fault.rawValue
        record.other = []
        guard let (signer, now) = signed else {
            self.reply = TSIGSigner.append(record, to: reply)
            return
        }
        record.other = TSIGRecord.octets(time: now)
        self.reply = signer.sign(reply, as: record)
    }
}
