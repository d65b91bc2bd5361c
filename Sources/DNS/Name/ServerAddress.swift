/// Where a DNS server answers: `10.0.0.53`, `10.0.0.53:5353`, `fd00::53`, `[fd00::53]:5353`.
package struct ServerAddress: Hashable, Sendable {
    package let address: IPAddress
    /// Never 0.
    package let port: UInt16

    /// - Returns: `nil` for port 0, and for an address that is no host's.
    package init?(_ address: IPAddress, port: UInt16 = 53) {
        guard port != 0, !address.isUnspecified else { return nil }
        self.address = address
        self.port = port
    }

    /// Reads an address, and after a colon its port. An IPv6 address that a port follows is in brackets.
    package init?(_ text: String) {
        if let address = IPAddress(text) {
            self.init(address)
        } else if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            guard let address = IPAddress(text[text.index(after: text.startIndex)..<end]), case .v6 = address else {
                return nil
            }
            self.init(address, after: text[text.index(after: end)...])
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            guard let address = IPAddress(text[..<colon]) else { return nil }
            self.init(address, after: text[colon...])
        }
    }

    /// - Parameter rest: `:PORT`, or nothing.
    private init?(_ address: IPAddress, after rest: Substring) {
        guard !rest.isEmpty else {
            self.init(address)
            return
        }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
        else { return nil }
        self.init(address, port: port)
    }
}

extension ServerAddress: CustomStringConvertible {
    /// As short as it can be read.
    package var description: String {
        switch (address, port) {
        case (_, 53): "\(address)"
        case (.v4, _): "\(address):\(port)"
        case (.v6, _): "[\(address)]:\(port)"
        }
    }
}
