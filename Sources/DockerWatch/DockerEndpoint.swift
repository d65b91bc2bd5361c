/// Where a Docker engine listens.
package enum DockerEndpoint: Hashable, Sendable {
    /// An absolute path of at most 107 octets: what a socket address can hold (unix(7)).
    case unix(path: String)
    /// A host name or an address, IPv6 without brackets.
    case tcp(host: String, port: UInt16)

    /// The port of an engine without TLS (IANA: docker).
    package static let defaultPort: UInt16 = 2375

    /// Reads `unix:///var/run/docker.sock` or `tcp://host:port`.
    ///
    /// - Throws: ``DockerEndpointError`` with the text and what is wrong with it.
    package init(_ text: String) throws(DockerEndpointError) {
        if let path = text.dropping(prefix: "unix://") {
            guard path.hasPrefix("/"), path.utf8.count > 1 else {
                throw DockerEndpointError(text: text, reason: "the socket's path must start with /")
            }
            guard path.utf8.count <= 107, !path.utf8.contains(0) else {
                throw DockerEndpointError(text: text, reason: "a socket's path has at most 107 octets")
            }
            self = .unix(path: path)
        } else if let authority = text.dropping(prefix: "tcp://") {
            guard let (host, port) = Self.split(authority.hasSuffix("/") ? authority.dropLast() : authority[...]) else {
                throw DockerEndpointError(text: text, reason: "it needs a host, and a port from 1 to 65535")
            }
            self = .tcp(host: host, port: port)
        } else {
            throw DockerEndpointError(text: text, reason: "it must start with unix:// or tcp://")
        }
    }

    private static func split(_ authority: Substring) -> (host: String, port: UInt16)? {
        var host = authority
        var port = Self.defaultPort
        if let colon = authority.lastIndex(of: ":"), authority.hasPrefix("[") == (authority[..<colon].last == "]") {
            guard let number = UInt16(authority[colon...].dropFirst()), number > 0 else { return nil }
            host = authority[..<colon]
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let isHost = host.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return isHost && !host.isEmpty ? (String(host), port) : nil
    }
}

extension DockerEndpoint: CustomStringConvertible {
    /// The URL that ``init(_:)`` reads.
    package var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }
}

/// A text that says no place where Docker could listen.
package struct DockerEndpointError: Error, Equatable, Sendable, CustomStringConvertible {
    package var text: String
    package var reason: String

    package var description: String {
        let shown = text.unicodeScalars.prefix(120).map { $0.escaped(asASCII: false) }.joined()
        return
            "\"\(shown)\" is no Docker endpoint: \(reason), as in unix:///var/run/docker.sock or tcp://127.0.0.1:2375"
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
