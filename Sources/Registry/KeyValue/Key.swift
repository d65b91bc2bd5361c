/// The name of a key: text whose UTF-8 octets alone tell keys apart and order them, whatever they look like.
package struct Key: Hashable, Sendable {
    package static let maximumLength = 1024

    package let octets: [UInt8]

    /// - Throws: ``KeyError``.
    package init(_ text: String) throws(KeyError) {
        octets = try KeyPrefix(text).octets
        guard !octets.isEmpty else { throw .empty }
    }

    package var text: String { String(decoding: octets, as: UTF8.self) }

    /// The first octets of the key: some of the keys that it stands among begin like this.
    package func prefix(_ count: Int) -> KeyPrefix { KeyPrefix(octets: Array(octets.prefix(count))) }
}

/// What some keys begin with; empty: every key.
package struct KeyPrefix: Hashable, Sendable {
    package let octets: [UInt8]

    /// Takes what a key may begin with.
    ///
    /// - Throws: ``KeyError``.
    package init(_ text: String) throws(KeyError) {
        guard text.utf8.count <= Key.maximumLength else { throw .tooLong(octets: text.utf8.count) }
        guard !text.hasPrefix("/") else { throw .leadingSlash(text) }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        octets = Array(text.utf8)
    }

    init(octets: [UInt8]) { self.octets = octets }

    package var text: String { String(decoding: octets, as: UTF8.self) }
}

/// Why a text is no key.
package enum KeyError: Error, Equatable, Sendable {
    case empty
    /// URLs hide the difference between one slash and two.
    case leadingSlash(String)
    case tooLong(octets: Int)
    case controlCharacter
}

extension KeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "Missing key name"
        case .leadingSlash(let text):
            "Invalid key. Key must not begin with a '/': "
                + text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: false) }.joined()
        case .tooLong(let octets): "Invalid key. It has \(octets) octets, more than \(Key.maximumLength)"
        case .controlCharacter: "Invalid key. It contains a control character"
        }
    }
}
