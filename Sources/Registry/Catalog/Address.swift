package import DNS

/// Where an instance or a node is reached: an IP address, or a host name that DNS resolves elsewhere.
package struct Address: Hashable, Sendable {
    /// The spelling as it was given: never empty, no white space, no control characters, nothing but what an IP address
    /// or a host name is made of.
    package let text: String

    /// The IP address, that of IPv4 where it is mapped into IPv6 (RFC 4291 2.5.5.2); `nil` for a host name.
    package let ip: IPAddress?

    package init(_ ip: IPAddress) {
        text = ip.description
        self.ip = ip.unmapped
    }

    /// - Throws: ``AddressError`` unless `text` is an IP address or a host name (letters, digits, `-`, `_` and dots; labels
    ///   of 1 to 63 octets; at most 253).
    package init(_ text: String) throws(AddressError) {
        ip = IPAddress(text)?.unmapped
        guard ip == nil else {
            self.text = text
            return
        }
        let labels = (text.hasSuffix(".") ? text.dropLast() : text[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        let isHostName =
            text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy { octet in
                        switch octet {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                            true
                        default: false
                        }
                    }
            }
        // "10.0.0.300" and "1.2.3" are mistyped addresses, not host names: no top-level domain is all digits (RFC 3696 2).
        let looksNumeric = labels.last?.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        guard isHostName, !looksNumeric else { throw AddressError(text: text) }
        self.text = text
    }
}

/// A text that is neither an IP address nor a host name.
package struct AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    package var text: String

    package var description: String {
        let shown = text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: false) }.joined()
        return "\"\(shown)\" is neither an IP address nor a host name"
    }
}
