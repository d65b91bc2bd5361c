/// Where an API is: `HOST:PORT`, `http://HOST:PORT`, `https://HOST:PORT` with or without a path before `/v1`, or
/// `unix://PATH`.
package struct APIAddress: Sendable, Equatable, CustomStringConvertible {
    enum Place: Sendable, Equatable {
        /// - Parameter authority: a host with or without a port, an IPv6 address in brackets.
        case host(authority: String, path: String)
        case socket(path: String)
    }

    var place: Place
    var isEncrypted: Bool

    /// What is asked where nobody says anything else.
    package static let standard = "127.0.0.1:8500"

    /// - Parameter encrypting: whether an address without a scheme is for `https`.
    /// - Throws: ``APIClientError/badAddress(_:reason:)``.
    package init(_ text: String, encrypting: Bool = false) throws(APIClientError) {
        var scheme: Substring = ""
        var rest = text[...]
        if let mark = text.firstRange(of: "://") {
            scheme = text[..<mark.lowerBound]
            rest = text[mark.upperBound...]
        }
        guard !rest.isEmpty else { throw .badAddress(text, reason: "names no host") }
        guard !rest.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }) else {
            throw .badAddress(text, reason: "has a space or a control character in it")
        }
        switch scheme {
        case "unix":
            place = .socket(path: String(rest))
            isEncrypted = false
            return
        case "", "http": isEncrypted = encrypting
        case "https": isEncrypted = true
        default: throw .badAddress(text, reason: "begins with \(scheme)://; http, https and unix can be used")
        }
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<end]
        var path = rest[end...]
        while path.last == "/" { path.removeLast() }
        guard Self.isAuthority(authority), !path.contains("?"), !path.contains("#") else {
            throw .badAddress(text, reason: "is not HOST:PORT, http://HOST:PORT, https://HOST:PORT or unix://PATH")
        }
        place = .host(authority: String(authority), path: String(path))
    }

    /// As the person wrote it, but for what says nothing.
    package var description: String {
        switch place {
        case .socket(let path): "unix://\(path)"
        case .host(let authority, let path): "\(isEncrypted ? "https://" : "")\(authority)\(path)"
        }
    }

    /// The host alone, without port and brackets; `nil` for a socket.
    var host: String? {
        guard case .host(let authority, _) = place else { return nil }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// True where no port is named, so that it is 80 or 443.
    var leavesPortOut: Bool {
        guard case .host(let authority, _) = place else { return false }
        return !authority.hasPrefix("[") && !authority.contains(":") || authority.hasSuffix("]")
    }

    /// A host is letters, digits, `.`, `-` and `_`, or an IPv6 address in brackets; a port is a number up to 65535.
    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return false }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return false }
        } else {
            if let colon = text.firstIndex(of: ":") {
                host = text[..<colon]
                port = text[text.index(after: colon)...]
            }
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || ".-_".contains($0) }) else { return false }
        }
        if let port { guard let number = UInt16(port), number > 0 else { return false } }
        return !host.isEmpty
    }
}
