/// Why an answer is empty or refused, in words for whoever reads it: an extended DNS error (RFC 8914).
struct ExtendedError: Equatable {
    /// The INFO-CODEs that are used here (IANA registry "Extended DNS Error Codes").
    enum Code: UInt16 {
        case other = 0
        case staleAnswer = 3
        case notReady = 14
        case prohibited = 18
        case notAuthoritative = 20
        case notSupported = 21
        case noReachableAuthority = 22
    }

    var code: Code
    /// The EXTRA-TEXT. An octet of it costs an octet of every such reply, so it is one short sentence.
    var text: String

    init(_ code: Code, _ text: String) {
        self.code = code
        self.text = text
    }

    /// Where the text starts in the option.
    static let textOffset = 6

    /// The EDNS option: its code and length, the INFO-CODE, the text.
    var option: [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: EDNS.OptionCode.extendedError.rawValue)
        octets.append(bigEndian: UInt16(truncatingIfNeeded: 2 + text.utf8.count))
        octets.append(bigEndian: code.rawValue)
        return octets + text.utf8
    }
}

extension ExtendedError {
    // MARK: - Empty answers

    static let notRegistered = ExtendedError(.other, "no service, tag or node of this name is registered")
    static let notInZone = ExtendedError(.other, "the zone has no such name")
    static let notAnAddress = ExtendedError(.other, "not an address: 8 or 32 hexadecimal digits are")
    static let noData = ExtendedError(.other, "the name exists, but not with records of this type")
    static let redirectedTooFar = ExtendedError(.other, "the name that a DNAME record makes of this one is too long")
    static let emptyNonTerminal = ExtendedError(.other, "there are no records at this name, only at names below it")

    static let endlessAlias = ExtendedError(.other, "aliases lead back here, or through more names than are followed")

    // MARK: - Refusals

    static let namesAwaited = ExtendedError(.notReady, "nothing of this name yet, but not all services are known yet")

    static let transfer = ExtendedError(.prohibited, "zones are not transferred to this client")
    static let recordClass = ExtendedError(
        .notSupported, "of other classes than IN, CH is answered at most, if it is set up")
    static let version = ExtendedError(.notSupported, "only version 0 of EDNS is known")
    static let mailType = ExtendedError(.notSupported, "this query type is obsolete (RFC 973)")

    // MARK: - Recursion

    static let recursion = ExtendedError(.prohibited, "names of others are not resolved for this client")
    static let noNameElsewhere = ExtendedError(.other, "a recursor says that there is no such name")
    static let noDataElsewhere = ExtendedError(.other, "a recursor says that the name has no records of this type")
    static let stale = ExtendedError(.staleAnswer, "no recursor has a newer answer")
    static let noRecursor = ExtendedError(.noReachableAuthority, "no recursor has an answer")
    static let recursionIsBusy = ExtendedError(.other, "too many names are being resolved")

    /// The name asked for lies in none of `zones`.
    static func notAuthoritative(_ zones: [Zone]) -> ExtendedError {
        let names = zones.flatMap { [$0.apex, $0.alternative].compactMap(\.?.description) }.sorted()
        let shown = names.prefix(shownZones).filter { $0.utf8.count <= longestShownName }
        guard !shown.isEmpty else { return ExtendedError(.notAuthoritative, "no zone of this server has this name") }
        let more = names.count > shown.count ? " and \(names.count - shown.count) more" : ""
        return ExtendedError(.notAuthoritative, "this server answers for \(shown.joined(separator: ", "))\(more) alone")
    }

    private static let shownZones = 3
    private static let longestShownName = 64
}
