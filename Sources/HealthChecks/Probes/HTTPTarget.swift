import Registry

/// The parts of an `http` or `https` URL.
struct HTTPTarget {
    let isTLS: Bool
    /// Host and port as the URL has them.
    let authority: String
    /// What a request asks for.
    let pathAndQuery: String

    /// - Returns: `nil` for what is no such URL, or could not stand in a request.
    init?(_ url: String) {
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), let schemeEnd = url.firstRange(of: "://") else {
            return nil
        }
        switch url[..<schemeEnd.lowerBound].lowercased() {
        case "http": isTLS = false
        case "https": isTLS = true
        default: return nil
        }
        // A fragment is nothing that a server is told (RFC 9110 7.1).
        let asked = url[schemeEnd.upperBound...].prefix { $0 != "#" }
        let authority = asked.prefix { $0 != "/" && $0 != "?" }
        self.authority = String(authority)
        let rest = asked[authority.endIndex...]
        pathAndQuery = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
    }

    private var portStart: String.Index? { authority.last == "]" ? nil : authority.lastIndex(of: ":") }

    /// `nil` for what is no host.
    var hostAndPort: (host: Address, port: UInt16)? {
        let port = portStart.map { UInt16(authority[authority.index(after: $0)...]) } ?? (isTLS ? 443 : 80)
        guard let port, let address = try? Address(host) else { return nil }
        return (address, port)
    }

    /// Without the brackets of an IPv6 address.
    private var host: String {
        let host = authority[..<(portStart ?? authority.endIndex)]
        return String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host)
    }
}
