import Testing

@testable import DNS

@Suite struct `Signed messages (RFC 8945)` {
    private static let now: UInt64 = 1_700_000_000
    private static let query: [UInt8] =
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + "\u{3}web\u{7}example\u{0}".utf8 + [0, 1, 0, 1]

    private static func key(_ algorithm: TSIGKey.Algorithm = .sha256, _ name: String = "key.example") throws -> TSIGKey
    {
        TSIGKey(name: try DomainName(text: name), algorithm: algorithm, secret: [1, 2, 3, 4, 5])
    }

    private static func policy(_ key: TSIGKey) -> AnswerPolicy {
        var policy = AnswerPolicy()
        policy.keys = [key]
        return policy
    }

    private static func signed(_ key: TSIGKey) -> [UInt8] { TSIGSigner.request(query, key, at: now).message }

    /// The ERROR field of the reply that refuses a message.
    private static func fault(_ message: [UInt8], _ keys: [TSIGKey], at now: UInt64 = now) throws -> UInt16? {
        let signed = try #require(SignedMessage(message))
        do {
            _ = try signed.verify(keys, at: now)
            return nil
        } catch {
            #expect(error.reply[3] & 0xf == 9)
            #expect(error.reply[2] & 0x80 != 0)
            #expect(Array(error.reply[..<2]) == Array(message[..<2]))
            return try #require(SignedMessage(error.reply)).signature.fault
        }
    }

    @Test(arguments: TSIGKey.Algorithm.allCases)
    func `are verified with every algorithm, under the key's name in any case`(algorithm: TSIGKey.Algorithm) throws {
        let message = Self.signed(try Self.key(algorithm, "KEY.example"))
        let signed = try #require(SignedMessage(message))
        #expect(signed.unsigned == Self.query)
        let keys = try [Self.key(algorithm, "other"), Self.key(algorithm, "Key.Example")]
        var signer = try signed.verify(keys, at: Self.now)
        let reply = signer.sign(Self.query, at: Self.now)
        #expect(reply.count == Self.query.count + signer.length)
        #expect(try #require(SignedMessage(reply)).answers(signed.signature.mac, keys[1]))
        #expect(try !#require(SignedMessage(reply)).answers(Array(signed.signature.mac.reversed()), keys[1]))
    }

    @Test func `are never shown with the secret`() throws {
        let key = TSIGKey(name: try DomainName(text: "k"), algorithm: .sha256, secret: [241, 242, 243])
        #expect("\(key)" == "hmac-sha256:k.")
        #expect(!"\([[key]])".contains("242"))
    }

    @Test func `are refused when one octet is another`() throws {
        let key = try Self.key()
        let message = Self.signed(key)
        // The ID alone may change on the way: the one that was signed stands in the signature.
        for position in 2..<message.count {
            var altered = message
            altered[position] ^= 1
            guard let signed = SignedMessage(altered) else { continue }
            #expect(throws: TSIGRefusal.self, "octet \(position)") { try signed.verify([key], at: Self.now) }
        }
        var forwarded = message
        forwarded[0] ^= 1
        #expect(try Self.fault(forwarded, [key]) == nil)
    }

    @Test func `say which fault it is`() throws {
        let key = try Self.key()
        let message = Self.signed(key)
        #expect(try Self.fault(message, []) == TSIGRecord.Fault.badKey.rawValue)
        #expect(try Self.fault(message, [Self.key(.sha512)]) == TSIGRecord.Fault.badKey.rawValue)
        let impostor = TSIGKey(name: key.name, algorithm: .sha256, secret: [9])
        #expect(try Self.fault(message, [impostor]) == TSIGRecord.Fault.badSignature.rawValue)
        #expect(try Self.fault(message, [key], at: Self.now + 300) == nil)
        #expect(try Self.fault(message, [key], at: Self.now - 300) == nil)
        #expect(try Self.fault(message, [key], at: Self.now + 301) == TSIGRecord.Fault.badTime.rawValue)
        #expect(try Self.fault(message, [key], at: Self.now - 301) == TSIGRecord.Fault.badTime.rawValue)
    }

    @Test func `of a wrong time are answered with the right one, under a signature`() throws {
        let key = try Self.key()
        let signed = try #require(SignedMessage(Self.signed(key)))
        let refusal = try #require(throws: TSIGRefusal.self) { try signed.verify([key], at: Self.now + 1000) }
        let reply = try #require(SignedMessage(refusal.reply))
        #expect(reply.signature.other == TSIGRecord.octets(time: Self.now + 1000))
        #expect(reply.signature.time == Self.now)
        #expect(reply.answers(signed.signature.mac, key))
    }

    @Test func `with a signature that is not the last record are format errors`() throws {
        var message = Self.signed(try Self.key())
        message[11] += 1
        message += [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 10, 0, 0, 1]
        #expect(SignedMessage(message) == nil)
        let reply = try #require(AnswerTable().answer(message, over: .tcp))
        #expect(reply[3] & 0xf == 1)
    }

    @Test func `are never answered when they are answers`() throws {
        var message = Self.query
        message[2] |= 0x80
        let key = try Self.key()
        let table = AnswerTable(policy: Self.policy(key))
        #expect(table.answer(TSIGSigner.request(message, key).message, over: .udp) == nil)
        #expect(AnswerTable().answer(TSIGSigner.request(message, key).message, over: .udp) == nil)
    }

    @Test func `whose answer leaves no room for a signature are answered short, with TC`() throws {
        let apex = try DomainName(text: "example")
        let soa = RRSet(owner: apex, type: .soa, timeToLive: 1, rdata: [[0, 0] + [UInt8](repeating: 0, count: 20)])
        let owner = try DomainName(text: "web.example")
        let key = try Self.key(.sha512)
        let table = AnswerTable(zones: [Zone(apex: apex, source: .masterFile, soa: soa)], policy: Self.policy(key))
        let addresses = (0..<28).map { [10, 0, 0, UInt8($0)] }
        table.publish(
            OwnerRecords(owner: owner, sets: [RRSet(owner: owner, type: .a, timeToLive: 1, rdata: addresses)]))
        let request = TSIGSigner.request(Self.query, key)
        let short = try #require(table.answer(request.message, over: .udp))
        #expect(short.count <= 512)
        #expect(short[2] & 2 != 0)
        #expect(try #require(SignedMessage(short)).answers(request.mac, key))
        let whole = try #require(table.answer(request.message, over: .tcp))
        #expect(whole[2] & 2 == 0)
        #expect(whole[7] == 28)
        #expect(try #require(SignedMessage(whole)).answers(request.mac, key))
    }
}
