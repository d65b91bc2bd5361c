/// What the options of a query's OPT record ask for. All others are ignored (RFC 6891 6.1.2).
struct EDNSOptions: Equatable {
    /// NSID (RFC 5001).
    var wantsIdentity = false
    /// A client subnet as it came: family, source prefix length, scope 0, address (RFC 7871 6).
    var subnet: [UInt8]?
    var cookie: Cookie?
    /// edns-tcp-keepalive (RFC 7828).
    var wantsKeepalive = false

    init() {}

    /// - Returns: `nil` if the options are not whole, one after the other, or one that is known is malformed.
    init?(reading octets: ArraySlice<UInt8>) {
        var rest = octets
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let code = Self.number(rest)
            let length = Int(Self.number(rest.dropFirst(2)))
            rest = rest.dropFirst(4)
            guard rest.count >= length, take(code, rest.prefix(length)) else { return nil }
            rest = rest.dropFirst(length)
        }
    }

    /// - Returns: false if the option is malformed.
    private mutating func take(_ code: UInt16, _ data: ArraySlice<UInt8>) -> Bool {
        switch EDNS.OptionCode(rawValue: code) {
        case .identity: wantsIdentity = true
        case .subnet:
            guard Self.isSubnet(data) else { return false }
            subnet = Array(data)
        // Only the first cookie counts (RFC 7873 5.2).
        case .cookie where cookie == nil:
            guard Cookie.isAllowed(length: data.count) else { return false }
            cookie = Cookie(data)
        case .keepalive: wantsKeepalive = true
        case .cookie, .extendedError, nil: break
        }
        return true
    }

    /// True for an address of a known family that has as many octets as the prefix needs, with no bit behind it.
    private static func isSubnet(_ data: ArraySlice<UInt8>) -> Bool {
        guard data.count >= 4 else { return false }
        let octets = Array(data)
        let prefix = Int(octets[2])
        guard let longest = [0: 0, 1: 32, 2: 128][number(data)], prefix <= longest, octets[3] == 0 else {
            return false
        }
        guard octets.count == 4 + (prefix + 7) / 8 else { return false }
        return prefix % 8 == 0 || octets[octets.count - 1] << UInt8(prefix % 8) == 0
    }

    private static func number(_ octets: ArraySlice<UInt8>) -> UInt16 {
        octets.prefix(2).reduce(0) { $0 << 8 | UInt16($1) }
    }
}

extension Cookie {
    /// Reads the data of an option, which has a length that is allowed.
    init(_ data: ArraySlice<UInt8>) {
        func word(_ start: Int) -> UInt64 {
            data.dropFirst(start).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(client: word(0))
        serverLength = data.count - Self.clientLength
        guard serverLength == Self.serverLength else { return }
        opening = word(8)
        hash = word(16)
    }
}
