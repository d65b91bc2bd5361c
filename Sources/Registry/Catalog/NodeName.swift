/// A node's name: a host's, which is one DNS label or several, parted by dots (RFC 1123 2.1).
///
/// Each label is as a service's name is, and all of them together have at most ``maximumLength`` octets.
package struct NodeName: Hashable, Comparable, Sendable {
    private let spelling: CaselessText

    package var text: String { spelling.text }
    package var folded: String { spelling.folded }

    /// What a domain name has room for (253 octets of text) beside `.node` and the shortest domain.
    package static let maximumLength = 253 - ".node.x".utf8.count

    /// - Throws: ``LabelError`` with the reason and the nearest good name.
    package init(_ text: String) throws(LabelError) {
        guard text.utf8.contains(UInt8(ascii: ".")) else {
            try Label.validate(text)
            spelling = CaselessText(text)
            return
        }
        let labels = text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
        guard !labels.contains(where: \.isEmpty) else { throw LabelError(text: text, reason: .emptyLabel) }
        for label in labels { try Label.validate(String(label)) }
        guard text.utf8.count <= Self.maximumLength else {
            throw LabelError(text: text, reason: .nameTooLong(octets: text.utf8.count))
        }
        spelling = CaselessText(text)
    }

    /// The labels, leftmost first.
    package var labels: [Substring.UTF8View] { text.utf8.split(separator: UInt8(ascii: ".")) }

    package static func < (left: NodeName, right: NodeName) -> Bool { left.spelling < right.spelling }
}
