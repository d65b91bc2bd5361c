import Testing

@testable import DNS

/// Octets written as hexadecimal digits.
func octets(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private func word(_ octets: some Sequence<UInt8>) -> UInt64 { octets.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

extension SipHash.Key {
    init(_ hexadecimal: String) {
        let secret = octets(hexadecimal)
        self.init(low: word(secret.prefix(8)), high: word(secret.dropFirst(8)))
    }
}

extension Cookie {
    /// From the data of an option, of 8 or 24 octets.
    init(_ hexadecimal: String) {
        let data = octets(hexadecimal)
        self.init(client: word(data.prefix(8)))
        guard data.count == 24 else { return }
        opening = word(data[8..<16])
        hash = word(data[16...])
        serverLength = 16
    }
}

@Suite struct `SipHash-2-4` {
    private static let key = SipHash.Key("000102030405060708090a0b0c0d0e0f")

    /// Of 0, 1, 2 ... octets 00 01 02 ...: from the authors' own table.
    @Test(arguments: [
        (0, "310e0edd47db6f72"), (1, "fd67dc93c539f874"), (7, "37d1018bf50002ab"), (8, "6224939a79f5f593"),
        (15, "e545be4961ca29a1"), (16, "db9bc2577fcc2a3f"), (63, "724506eb4c328a95"),
    ])
    func `gives its authors' hashes`(length: Int, expected: String) {
        var hash = SipHash(key: Self.key)
        let message = (0..<UInt8(length)).map(\.self)
        for start in stride(from: 0, to: length / 8 * 8, by: 8) { hash.take(word(message[start..<start + 8])) }
        #expect(hash.finish(word(message[(length / 8 * 8)...]), octets: length) == word(octets(expected)))
    }
}

@Suite struct `Server cookies of RFC 9018` {
    private static let key = SipHash.Key("e5e973e5a6b2a43f48e7dc849e37bfcf")

    @Test(arguments: [
        ("198.51.100.100", "2464c4abcf10c957", 1_559_731_985 as UInt32, "010000005cf79f111f8130c3eee29480"),
        ("198.51.100.100", "2464c4abcf10c957", 1_559_734_385, "010000005cf7a871d4a564a1442aca77"),
        ("203.0.113.203", "fc93fc62807ddb86", 1_559_734_700, "010000005cf7a9acf73a7810aca2381e"),
    ])
    func `are those of its appendix`(address: String, client: String, time: UInt32, server: String) throws {
        let cookie = Cookie(client).renewed(for: try #require(IPAddress(address)), at: time, key: Self.key)
        #expect(cookie.option == [0, 10, 0, 24] + octets(client + server))
    }

    @Test(arguments: [
        ("445536bcd2513298075a5d379663c962", "010000005cf7c609a6bb79d16625507a"),
        ("dd3bdf9344b678b185a6f5cb60fca715", "010000005cf7c57926556bd0934c72f8"),
    ])
    func `are those of its appendix, for an IPv6 client, before and after a change of keys`(
        key: String, server: String
    ) throws {
        let address = try #require(IPAddress("2001:db8:220:1:59de:d0f4:8769:82b8"))
        let cookie = Cookie("22681ab97d52c298" + server)
        #expect(cookie.hash == cookie.expectedHash(for: address, key: SipHash.Key(key)))
    }

    @Test func `may have something in the reserved octets, which is hashed as it came`() throws {
        let cookie = Cookie("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5")
        let address = try #require(IPAddress("203.0.113.203"))
        #expect(cookie.time == 1_559_727_985)
        #expect(cookie.hash == cookie.expectedHash(for: address, key: Self.key))
    }

    // MARK: - Their life

    private static let midnight: UInt32 = 20_000 * 86_400
    private static let address = IPAddress.v4(0xc000_0201)

    private func keys(at time: UInt32) -> CookieKeys {
        var keys = CookieKeys(master: Self.key)
        keys.turn(to: time)
        return keys
    }

    @Test(
        arguments: [
            (0, true, true), (1799, true, true), (1800, true, false), (3600, true, false), (3601, false, false),
            (-1, true, true), (-300, true, true), (-301, false, false), (86_400, false, false),
        ] as [(Int, Bool, Bool)])
    func `are good for an hour and stay the same for half of it`(age: Int, isGood: Bool, isSame: Bool) {
        for start in [Self.midnight + 43_200, Self.midnight - 900, Self.midnight - 3_601] {
            let given = keys(at: start).reply(to: Cookie(client: 7), from: Self.address, at: start)
            #expect(!given.isGood)
            let now = UInt32(Int(start) + age)
            let reply = keys(at: now).reply(to: given.cookie, from: Self.address, at: now)
            #expect(reply.isGood == isGood)
            #expect((reply.cookie == given.cookie) == isSame)
            #expect(keys(at: now).reply(to: reply.cookie, from: Self.address, at: now).isGood)
        }
    }

    @Test func `are good for their client at its address alone, and only as they were made`() {
        let now = Self.midnight + 5
        let keys = keys(at: now)
        let good = keys.reply(to: Cookie(client: 7), from: Self.address, at: now).cookie
        var forged: [Cookie] = []
        for bit in [0, 8, 31, 32, 63] {
            forged.append(good)
            forged[forged.count - 1].opening ^= 1 << bit
            forged.append(good)
            forged[forged.count - 1].hash ^= 1 << bit
            forged.append(good)
            forged[forged.count - 1].client ^= 1 << bit
        }
        for cookie in forged { #expect(!keys.reply(to: cookie, from: Self.address, at: now).isGood) }
        #expect(!keys.reply(to: good, from: .v4(0xc000_0202), at: now).isGood)
        #expect(!keys.reply(to: good, from: .v6(high: 0, low: 0xc000_0201), at: now).isGood)
        var others = CookieKeys(master: SipHash.Key(low: 1, high: 2))
        others.turn(to: now)
        #expect(!others.reply(to: good, from: Self.address, at: now).isGood)
    }
}
