import DNS
import Registry

/// The host and port that a check connects to.
struct CheckTarget: Equatable {
    var host: Address
    var port: UInt16

    /// Reads `host:port`, an IPv6 address in brackets.
    ///
    /// - Returns: `nil` for anything else; the port is at least 1.
    init?(hostAndPort text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"),
            let host = Self.host(text[..<colon]), let port = Self.port(text[text.index(after: colon)...])
        else { return nil }
        (self.host, self.port) = (host, port)
    }

    /// Reads an `http` or `https` URL that has a host and neither user information nor a fragment, all of it visible
    /// ASCII characters.
    ///
    /// - SeeAlso: RFC 9110 4.2.
    init?(url: String) {
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !url.contains("#"),
            let schemeEnd = url.firstRange(of: "://"),
            let defaultPort = Self.defaultPorts[url[..<schemeEnd.lowerBound].lowercased()]
        else { return nil }
        let authority = url[schemeEnd.upperBound...].prefix { $0 != "/" && $0 != "?" }
        let portColon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
        let portText = portColon.map { authority[authority.index(after: $0)...] }
        guard let host = Self.host(authority[..<(portColon ?? authority.endIndex)]),
            let port = portText.map(Self.port) ?? defaultPort
        else { return nil }
        (self.host, self.port) = (host, port)
    }

    /// `host:port` as ``init(hostAndPort:)`` reads it.
    static func text(host: Address, port: UInt16) -> String {
        host.text.contains(":") ? "[\(host.text)]:\(port)" : "\(host.text):\(port)"
    }

    private static let defaultPorts: [String: UInt16] = ["http": 80, "https": 443]

    private static func host(_ text: some StringProtocol) -> Address? {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2
        let bare = isBracketed ? String(text.dropFirst().dropLast()) : String(text)
        guard let address = try? Address(bare), isBracketed == bare.contains(":"), address.ip?.isUnspecified != true
        else { return nil }
        return address
    }

    private static func port(_ text: some StringProtocol) -> UInt16? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(text), port > 0
        else { return nil }
        return port
    }
}
