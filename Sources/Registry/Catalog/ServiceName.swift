/// A service's name: one DNS label, so that every service can be asked for over DNS.
///
/// Letters, digits and hyphens, 1 to 63 octets, no hyphen at either end (RFC 1123 2.1), compared without case.
/// Under ``NamePolicy/allow`` underscores too, and hyphens anywhere.
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
            spelling = CaselessText(try Self.rewritten(text))
        case .allow:
            try Label.validateLoosely(text)
            spelling = CaselessText(text)
        }
    }

    /// The key of the meta entry that holds a name as it was before it was rewritten.
    package static let originalNameKey = "original-name"

    /// A good name stays as it is spelled.
    private static func rewritten(_ text: String) throws(LabelError) -> String {
        do {
            try Label.validate(text)
            return text
        } catch {
            guard let rewritten = Label.rewrite(text) else {
                throw text.isEmpty ? error : LabelError(text: text, reason: .nothingUsable)
            }
            return rewritten
        }
    }

    package static func < (left: ServiceName, right: ServiceName) -> Bool { left.spelling < right.spelling }
}

/// What becomes of an explicitly registered name that is not DNS-safe.
package enum NamePolicy: String, CaseIterable, Sendable {
    /// Refused, with the reason and a suggestion.
    case reject
    /// Rewritten by ``Label/rewrite(_:)``; the original is kept in the instance's meta.
    case rewrite
    /// Taken as it is if it has letters, digits, hyphens and underscores alone: what consul-template can ask for, of what
    /// Consul registers. Other octets never stand in a name, because templates print names into configuration files.
    case allow
}
