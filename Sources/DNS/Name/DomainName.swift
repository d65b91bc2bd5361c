/// A domain name in uncompressed wire form: length octet and label, label by label, ending in the root's zero octet.
///
///     web.example.    03 'w' 'e' 'b' 07 'e' 'x' 'a' 'm' 'p' 'l' 'e' 00
///
/// At most 255 octets, each label 1 to 63 (RFC 1035 3.1). The spelling is kept; equality and hash ignore the case of
/// ASCII letters (RFC 4343).
package struct DomainName: Sendable {
    /// The octets on the wire, the final zero included: 1 to 255.
    package let wire: [UInt8]

    /// The name of the root zone, ".".
    package static let root = DomainName(uncheckedWire: [0])

    /// The longest name in octets, and the longest label.
    package static let maximumLength = 255
    package static let maximumLabelLength = 63

    /// Joins labels, the leftmost first, none of them the root.
    ///
    /// - Throws: ``NameError``.
    package init(labels: some Sequence<some Collection<UInt8>>) throws(NameError) {
        var wire: [UInt8] = []
        for label in labels {
            guard !label.isEmpty else { throw .emptyLabel }
            guard label.count <= Self.maximumLabelLength else { throw .labelTooLong(octets: label.count) }
            wire.append(UInt8(label.count))
            wire.append(contentsOf: label)
        }
        wire.append(0)
        guard wire.count <= Self.maximumLength else { throw .nameTooLong(octets: wire.count) }
        self.wire = wire
    }

    /// Takes octets that were checked already: by a message parser, or by another `DomainName`.
    init(uncheckedWire: [UInt8]) { wire = uncheckedWire }

    /// Reads uncompressed wire form that ends exactly with the root label.
    ///
    /// - Throws: ``NameError``.
    package init(wire: some Collection<UInt8>) throws(NameError) {
        let octets = Array(wire)
        var position = 0
        while position < octets.count, octets[position] != 0 {
            let length = Int(octets[position])
            guard length <= Self.maximumLabelLength else { throw .labelTooLong(octets: length) }
            position += 1 + length
        }
        guard position == octets.count - 1 else { throw .unterminated }
        guard octets.count <= Self.maximumLength else { throw .nameTooLong(octets: octets.count) }
        self.wire = octets
    }

    /// The labels, leftmost first, without the root.
    package var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var position = 0
        while wire[position] != 0 {
            let end = position + 1 + Int(wire[position])
            labels.append(wire[position + 1..<end])
            position = end
        }
        return labels
    }

    /// The name with its leftmost label gone; `nil` for the root.
    package var parent: DomainName? {
        guard let length = wire.first, length != 0 else { return nil }
        return DomainName(uncheckedWire: Array(wire[(1 + Int(length))...]))
    }

    /// This name below `suffix`: `web.service` + `consul.` is `web.service.consul.`.
    ///
    /// - Throws: ``NameError/nameTooLong(octets:)``.
    package func appending(_ suffix: DomainName) throws(NameError) -> DomainName {
        let octets = wire.dropLast() + suffix.wire
        guard octets.count <= Self.maximumLength else { throw .nameTooLong(octets: octets.count) }
        return DomainName(uncheckedWire: Array(octets))
    }

    /// True when this name is `ancestor` or lies below it (RFC 9499: subdomain).
    package func isSubdomain(of ancestor: DomainName) -> Bool {
        guard wire.count >= ancestor.wire.count else { return false }
        let start = wire.count - ancestor.wire.count
        guard wire[start...].elementsEqual(ancestor.wire, by: { Self.folded($0) == Self.folded($1) }) else {
            return false
        }
        // The suffix must start at a label, not inside one.
        var position = 0
        while position < start { position += 1 + Int(wire[position]) }
        return position == start
    }

    /// The wire form in lower case. Length octets are at most 63 and so are never letters.
    package var lowercasedWire: [UInt8] { wire.map(Self.folded) }

    /// ASCII upper case to lower case; every other octet as it is.
    static func folded(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }
}

extension DomainName: Hashable {
    package static func == (left: DomainName, right: DomainName) -> Bool {
        // Most names that are equal are spelled alike, too.
        left.wire == right.wire || left.wire.elementsEqual(right.wire) { folded($0) == folded($1) }
    }

    package func hash(into hasher: inout Hasher) {
        var word: UInt64 = 0
        for (position, octet) in wire.enumerated() {
            word = word << 8 | UInt64(Self.folded(octet))
            if position & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(wire.count)
    }
}

/// Why a text or octets are not a domain name.
package enum NameError: Error, Equatable, Sendable {
    case emptyLabel
    case labelTooLong(octets: Int)
    case nameTooLong(octets: Int)
    /// Wire octets that do not end exactly with the root label.
    case unterminated
    /// A backslash that is not followed by one character or by three digits up to 255 (RFC 1035 5.1).
    case badEscape
}

extension NameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyLabel: "a label is empty"
        case .labelTooLong(let octets): "a label has \(octets) octets, more than \(DomainName.maximumLabelLength)"
        case .nameTooLong(let octets): "the name has \(octets) octets, more than \(DomainName.maximumLength)"
        case .unterminated: "the octets do not end with the root label"
        case .badEscape: "a backslash must be followed by a character or by three digits up to 255"
        }
    }
}
