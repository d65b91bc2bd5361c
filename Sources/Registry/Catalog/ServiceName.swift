/// A service's name: one DNS label, so that every service can be asked for over DNS.
///
/// Letters, digits and hyphens, 1 to 63 octets, no hyphen at either end (RFC 1123 2.1), compared without case.
/// Under ``NamePolicy/allow`` any octets that one label can carry.
package struct ServiceName: Hashable, Comparable, Sendable {
    private let spelling: CaselessText

    /// The spelling as it was registered.
    package var text: String { spelling.text }
    /// The spelling in lower case: the key under which the catalog and DNS know the service.
    package var folded: String { spelling.folded }

    /// Takes a name that is DNS-safe as it stands.
    ///
    /// - Throws: ``LabelError`` with the reason and the nearest good name.
    package init(_ text: String) throws(LabelError) {
        try self.init(text, policy: .reject)
    }

    /// Reads a registration's name as `policy` says.
    ///
    /// - Throws: ``LabelError`` where the policy does not let the name in.
    package init(_ text: String, policy: NamePolicy) throws(LabelError) {
        switch policy {
        case .reject:
            try Label.validate(text)
            spelling = CaselessText(text)
        case .rewrite:
            guard let rewritten = Label.rewrite(text) else { throw LabelError(text: text, reason: .empty) }
            spelling = CaselessText(rewritten)
        case .allow:
            try Label.validateOctets(text)
            spelling = CaselessText(text)
        }
    }

    package static func < (left: ServiceName, right: ServiceName) -> Bool { left.spelling < right.spelling }
}

/// A node's name: like a service's, one DNS label.
package struct NodeName: Hashable, Comparable, Sendable {
    private let spelling: CaselessText

    package var text: String { spelling.text }
    package var folded: String { spelling.folded }

    /// - Throws: ``LabelError`` with the reason and the nearest good name.
    package init(_ text: String) throws(LabelError) {
        try Label.validate(text)
        spelling = CaselessText(text)
    }

    package static func < (left: NodeName, right: NodeName) -> Bool { left.spelling < right.spelling }
}

/// What becomes of an explicitly registered name that is not DNS-safe.
package enum NamePolicy: String, CaseIterable, Sendable {
    /// Refused, with the reason and a suggestion.
    case reject
    /// Rewritten by ``Label/rewrite(_:)``; the original is kept in the instance's meta.
    case rewrite
    /// Taken as it is if one DNS label can carry it, as Consul does, so that underscores resolve.
    case allow
}
