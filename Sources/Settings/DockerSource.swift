import DNS
import Registry

/// Which Docker engine is watched: `unix:///PATH`, `tcp://HOST[:PORT]` or `off`.
package enum DockerSource: Hashable, Sendable {
    case off
    /// An absolute path that fits a socket's address.
    case unix(path: String)
    /// A host name or an IP address.
    case tcp(host: String, port: UInt16)

    /// What Docker listens on without TLS.
    package static let defaultPort: UInt16 = 2375

    /// What `sockaddr_un` holds besides the final NUL (unix(7)).
    static let maximumSocketPathLength = 107
}

extension DockerSource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .off: "off"
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }
}

extension DockerSource {
    /// Reads the text form.
    package init?(_ text: String) {
        if text == "off" {
            self = .off
        } else if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/"), (2...Self.maximumSocketPathLength).contains(path.utf8.count) else { return nil }
            self = .unix(path: path)
        } else if text.hasPrefix("tcp://") {
            self.init(authority: text.dropFirst("tcp://".count))
        } else {
            return nil
        }
    }

    /// Reads `HOST[:PORT]`, an IPv6 address in brackets (RFC 3986 3.2).
    private init?(authority: Substring) {
        let authority = authority.hasSuffix("/") ? authority.dropLast() : authority
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard case .v6 = IPAddress(host) else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard let address = try? Address(String(host)) else { return nil }
        let number = port.map { UInt16($0) } ?? Self.defaultPort
        guard let number, number != 0 else { return nil }
        self = .tcp(host: address.text, port: number)
    }
}
