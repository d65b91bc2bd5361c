/// The rules for one DNS-safe label: letters, digits and hyphens, 1 to 63 octets, no hyphen at either end.
package enum Label {
    package static let maximumLength = 63

    /// - Throws: ``LabelError`` if `text` is not DNS-safe.
    package static func validate(_ text: String) throws(LabelError) {
        try validate(text, orElse: { .character($0) }, isLetterDigitHyphen)
        guard !text.hasPrefix("-"), !text.hasSuffix("-") else { throw LabelError(text: text, reason: .hyphenAtEnd) }
    }

    /// The rule of ``NamePolicy/allow``: letters, digits, hyphens and underscores, 1 to 63 octets.
    ///
    /// - Throws: ``LabelError``.
    package static func validateLoosely(_ text: String) throws(LabelError) {
        try validate(text, orElse: { .looseCharacter($0) }) { isLetterDigitHyphen($0) || $0 == "_" }
    }

    /// What a label of a tag may be, so that it can be asked for: 1 to 63 octets, no dot, no white space, no control
    /// character.
    ///
    /// - Throws: ``LabelError``.
    package static func validateOctets(_ text: String) throws(LabelError) {
        try validate(text, orElse: { .character($0) }) { $0 != "." && !isBlankOrControl($0) }
    }

    private static func validate(
        _ text: String, orElse reason: (Unicode.Scalar) -> LabelError.Reason, _ isGood: (Unicode.Scalar) -> Bool
    ) throws(LabelError) {
        guard !text.isEmpty else { throw LabelError(text: text, reason: .empty) }
        // Names are read by the million at a start, and nearly all are good ASCII.
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 && isGood(Unicode.Scalar($0)) }
        if !isPlain, let bad = text.unicodeScalars.first(where: { !isGood($0) }) {
            throw LabelError(text: text, reason: reason(bad))
        }
        guard text.utf8.count <= maximumLength else {
            throw LabelError(text: text, reason: .tooLong(octets: text.utf8.count))
        }
    }

    /// The DNS-safe name for any text: lower case, every run of other characters one hyphen, none at the ends, and at
    /// most 63 octets. What is cut ends in a hash of the whole text, so that two long names stay two names.
    ///
    /// - Returns: `nil` if nothing usable is left.
    package static func rewrite(_ text: String) -> String? {
        var label = ""
        for scalar in text.unicodeScalars {
            if isLetterDigit(scalar) {
                label.unicodeScalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
            } else if !label.isEmpty, label.last != "-" {
                label.append("-")
            }
        }
        if label.last == "-" { label.removeLast() }
        guard !label.isEmpty else { return nil }
        guard label.utf8.count > maximumLength else { return label }
        let hash = shortHash(text)
        var head = label.prefix(maximumLength - hash.count - 1)
        if head.last == "-" { head.removeLast() }
        return "\(head)-\(hash)"
    }

    private static func isLetterDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private static func isLetterDigitHyphen(_ scalar: Unicode.Scalar) -> Bool { isLetterDigit(scalar) || scalar == "-" }

    private static func isBlankOrControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar.value <= 0x20 || scalar.value == 0x7f : scalar.properties.isWhitespace
    }

    /// FNV-1a, 32 bits, as 8 hexadecimal digits: stable between runs and machines, which `Hasher` is not.
    private static func shortHash(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Why a name cannot be a DNS label, and what to use instead.
package struct LabelError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case empty
        /// None of a letter, a digit and a hyphen.
        case character(Unicode.Scalar)
        /// None of these, and no underscore.
        case looseCharacter(Unicode.Scalar)
        case tooLong(octets: Int)
        case hyphenAtEnd
        /// It cannot be rewritten either.
        case nothingUsable
        /// Of a node's name: two dots in a row, or one at an end.
        case emptyLabel
        /// Of a node's name: all labels together.
        case nameTooLong(octets: Int)
    }

    package var text: String
    package var reason: Reason

    /// The nearest name that would be taken; `nil` if nothing of the text is usable.
    package var suggestion: String? { Label.rewrite(text) }
}

extension LabelError: CustomStringConvertible {
    /// One sentence: the name, the reason, the suggestion. Unprintable characters are escaped and long names cut.
    package var description: String {
        let shown = String(text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: false) }.joined())
        let advice = suggestion.map { "; use \"\($0)\"" } ?? ""
        let form =
            switch reason {
            case .emptyLabel, .nameTooLong: "DNS name"
            default: "DNS label"
            }
        return "name \"\(shown)\" cannot be a \(form): \(reason)\(advice)"
    }
}

extension LabelError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "it is empty"
        case .character(let scalar):
            "it contains \"\(scalar.escaped(asASCII: true))\", and only letters, digits and hyphens may be used"
        case .looseCharacter(let scalar):
            "it contains \"\(scalar.escaped(asASCII: true))\", and only letters, digits, hyphens and underscores may be used"
        case .tooLong(let octets): "it has \(octets) octets, more than \(Label.maximumLength)"
        case .hyphenAtEnd: "it starts or ends with a hyphen"
        case .nothingUsable: "it has no letter and no digit"
        case .emptyLabel: "there is nothing between two dots, or beside one"
        case .nameTooLong(let octets): "it has \(octets) octets, more than \(NodeName.maximumLength)"
        }
    }
}
