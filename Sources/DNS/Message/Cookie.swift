/// A COOKIE option: what a client made up and, once it has been answered, what a server gave it (RFC 7873 4).
///
///      0  client cookie
///      8  server cookie of interoperable servers: version 1, three reserved octets, Unix time   (RFC 9018 4)
///     16  hash of all of it and of the client's address
///
/// Each eight octets are kept as a little-endian number.
struct Cookie: Equatable {
    var client: UInt64
    var opening: UInt64 = 0
    var hash: UInt64 = 0
    /// Octets of the server cookie: 0 if there is none yet. What is not of our length is not ours and not kept.
    var serverLength = 0

    static let clientLength = 8
    /// Of ours; others' may have 8 to 32.
    static let serverLength = 16
    /// Octets of the option in a reply, its code and length among them.
    static let optionLength = 4 + clientLength + serverLength

    /// The lengths that a query's option may have: none, or one of 8 to 32 octets, after the client's (RFC 7873 5.2.2).
    @inline(__always)
    static func isAllowed(length: Int) -> Bool { length == clientLength || (16...40).contains(length) }

    private static let version: UInt64 = 1

    /// The server cookie's Unix time; `nil` for another version's.
    @inline(__always)
    var time: UInt32? {
        guard serverLength == Self.serverLength, opening & 0xff == Self.version else { return nil }
        return UInt32(truncatingIfNeeded: opening &>> 32).byteSwapped
    }

    /// The server cookie for this client at `address`, made with `key` at a Unix time.
    @inline(__always)
    func renewed(for address: IPAddress, at time: UInt32, key: SipHash.Key) -> Cookie {
        var cookie = self
        cookie.serverLength = Self.serverLength
        cookie.opening = UInt64(time.byteSwapped) &<< 32 | Self.version
        cookie.hash = cookie.expectedHash(for: address, key: key)
        return cookie
    }

    /// Of the client cookie, the server cookie's opening as it is, and the address (RFC 9018 4.4).
    @inline(__always)
    func expectedHash(for address: IPAddress, key: SipHash.Key) -> UInt64 {
        var hash = SipHash(key: key)
        hash.take(client)
        hash.take(opening)
        switch address {
        case .v4(let number):
            return hash.finish(UInt64(number.byteSwapped), octets: 20)
        case .v6(let high, let low):
            hash.take(high.byteSwapped)
            hash.take(low.byteSwapped)
            return hash.finish(octets: 32)
        }
    }

    /// The option in wire form.
    var option: [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: EDNS.OptionCode.cookie.rawValue)
        octets.append(bigEndian: UInt16(Self.clientLength + Self.serverLength))
        for word in [client, opening, hash] { octets.append(bigEndian: word.byteSwapped) }
        return octets
    }
}
