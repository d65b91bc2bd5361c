import Registry

/// The parts of a URL that it takes to ask its host under another name, or at another address.
struct HTTPTarget {
    private var scheme: Substring
    /// Host and port as the URL has them.
    var authority: String
    private var rest: Substring

    init?(_ url: String) {
        guard let schemeEnd = url.firstRange(of: "://") else { return nil }
        scheme = url[..<schemeEnd.upperBound]
        let authority = url[schemeEnd.upperBound...].prefix { $0 != "/" && $0 != "?" }
        self.authority = String(authority)
        rest = url[authority.endIndex...]
    }

    private var portStart: String.Index? { authority.last == "]" ? nil : authority.lastIndex(of: ":") }

    /// Without the brackets of an IPv6 address.
    var host: String {
        let host = authority[..<(portStart ?? authority.endIndex)]
        return String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host)
    }

    /// `nil` for what is no host.
    var hostAndPort: (host: Address, port: UInt16)? {
        let port = portStart.map { UInt16(authority[authority.index(after: $0)...]) } ?? (isTLS ? 443 : 80)
        guard let port, let address = try? Address(host) else { return nil }
        return (address, port)
    }

    private var isTLS: Bool { scheme.lowercased() == "https://" }

    func url(under name: String) -> String { "\(scheme)\(name)\(portStart.map { authority[$0...] } ?? "")\(rest)" }
}
