package import DNS

/// Why a zone file, or the folder of them, was not loaded.
package struct ZoneFileError: Error, Equatable, Sendable {
    package enum Reason: Error, Equatable, Sendable {
        /// The system's words.
        case unreadable(String)
        /// What the parser found wrong.
        case syntax(String)
        /// A parenthesis without its partner.
        case unbalancedParentheses
        case include
        case relativeOrigin
        case notInternet
        case timeToLiveTooLong
        case noStartOfAuthority
        case secondStartOfAuthority(firstLine: Int)
        case outOfZone(owner: DomainName, apex: DomainName)
        case aliasWithOtherData(owner: DomainName)
        /// Another file, which is kept, has this zone already.
        case duplicateZone(apex: DomainName, keptFile: String)
        /// The zone's records are made from the registry.
        case registryZone(apex: DomainName)
    }

    package var file: String
    /// Counted from 1; `nil`: the file as a whole.
    package var line: Int?
    package var reason: Reason

    package init(file: String, line: Int?, reason: Reason) {
        self.file = file
        self.line = line
        self.reason = reason
    }
}

extension ZoneFileError: CustomStringConvertible {
    /// `zones/example.org.zone:7: ...`: the place, what is wrong, and what to do.
    package var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(reason)" }
}

extension ZoneFileError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let reason):
            "cannot be read: \(reason)"
        case .syntax(let reason):
            "\(reason); correct the line"
        case .unbalancedParentheses:
            "a parenthesis has no partner; close every ( with a )"
        case .include:
            "$INCLUDE is not supported; put the records into this file"
        case .relativeOrigin:
            "$ORIGIN needs an absolute name; end it with a dot"
        case .notInternet:
            "only class IN is served; write IN, or leave the class out"
        case .timeToLiveTooLong:
            "the TTL is greater than 2147483647 seconds (RFC 2181 8); lower it"
        case .noStartOfAuthority:
            "the zone has no SOA record; add one at its apex"
        case .secondStartOfAuthority(let firstLine):
            "a second SOA record; the zone's own is on line \(firstLine), remove this one"
        case .outOfZone(let owner, let apex):
            "\(owner) is outside the zone \(apex); end relative names without a dot, or move the record to its own zone"
        case .aliasWithOtherData(let owner):
            "\(owner) has a CNAME record and others; an alias can have no other data (RFC 1034 3.6.2), remove one"
        case .duplicateZone(let apex, let keptFile):
            "the zone \(apex) is already loaded from \(keptFile); remove one of the two files"
        case .registryZone(let apex):
            "the zone \(apex) is made from the registry; give the file another zone, or the registry another domain"
        }
    }
}
