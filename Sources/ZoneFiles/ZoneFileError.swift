package import DNS
import Foundation

/// Why a zone file, or the folder of them, was not loaded.
package struct ZoneFileError: Error, Equatable, Sendable {
    package enum Reason: Error, Equatable, Sendable {
        /// The system's words.
        case unreadable(String)
        /// What the parser found wrong.
        case syntax(String)
        /// A parenthesis without its partner.
        case unbalancedParentheses
        case inclusion(InclusionFault)
        case relativeOrigin
        case notInternet
        case timeToLiveTooLong
        /// The number of a type that no zone holds records of, 0 where the type was not understood.
        case noData(type: UInt16)
        case noStartOfAuthority
        /// - Parameter firstFile: the included file that the first is in; `nil`: the zone file itself.
        case secondStartOfAuthority(firstLine: Int, firstFile: String?)
        case outOfZone(owner: DomainName, apex: DomainName)
        case aliasWithOtherData(owner: DomainName)
        case secondRedirection(owner: DomainName)
        case redirectedDelegation(owner: DomainName)
        case belowRedirection(owner: DomainName, redirection: DomainName)
        /// Another file, which is kept, has this zone already.
        case duplicateZone(apex: DomainName, keptFile: String)
        /// The zone is the registry's or lies inside it, where a file can only add records.
        case registryZone(apex: DomainName, domain: DomainName)
        /// Among records for the registry's domain.
        case outsideDomain(owner: DomainName, domain: DomainName)
        case delegationInDomain(owner: DomainName, domain: DomainName)
        case wildcardInDomain(owner: DomainName, domain: DomainName)
        /// The file is for a domain that only stands for the registry's.
        case alternativeDomain(DomainName, of: DomainName)
        /// Another file, which is kept, has records at this name already.
        case duplicateOwner(owner: DomainName, keptFile: String)
        /// Mistakes that are not told.
        case others(count: Int)
    }

    package var file: String
    /// Counted from 1; `nil`: the file as a whole.
    package var line: Int?
    package var reason: Reason
    /// True if the zone that was loaded from the file before is still served.
    package var keepsZone = false

    package init(file: String, line: Int?, reason: Reason) {
        self.file = file
        self.line = line
        self.reason = reason
    }
}

extension ZoneFileError {
    /// Why a file or folder cannot be read: the system's own words, without Foundation's around them.
    static func reason(_ error: any Error) -> String {
        // Only read, and nobody else has it.
        let cause = unsafe (error as? CocoaError)?.userInfo[NSUnderlyingErrorKey] as? POSIXError
        return cause.map { SystemError.text($0.code.rawValue) } ?? error.localizedDescription
    }
}

extension ZoneFileError: CustomStringConvertible {
    /// `zones/example.org.zone:7: ...`: the place, what is wrong, and what to do.
    package var description: String {
        "\(file):\(line.map { "\($0):" } ?? "") \(reason)\(keepsZone ? "; the zone loaded before stays" : "")"
    }
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
        case .inclusion(let fault):
            fault.description
        case .relativeOrigin:
            "$ORIGIN needs an absolute name; end it with a dot"
        case .notInternet:
            "only class IN is served; write IN, or leave the class out"
        case .timeToLiveTooLong:
            "the TTL is greater than 2147483647 seconds (RFC 2181 8); lower it"
        case .noData(type: 0):
            "the record's type is not one that is known; correct the line"
        case .noData(let type):
            "records of type \(type) exist only in messages, not in zones (RFC 6895 3.1); remove the line"
        case .noStartOfAuthority:
            "the zone has no SOA record; add one at its apex"
        case .secondStartOfAuthority(let firstLine, let firstFile):
            "a second SOA record; the zone's own is on line \(firstLine)\(firstFile.map { " of \($0)" } ?? ""), "
                + "remove this one"
        case .outOfZone(let owner, let apex):
            "\(owner) is outside the zone \(apex); end relative names without a dot, or move the record to its own zone"
        case .aliasWithOtherData(let owner):
            "\(owner) has a CNAME record and others; an alias can have no other data (RFC 1034 3.6.2), remove one"
        case .secondRedirection(let owner):
            "\(owner) has two DNAME records; its names can lead to one place only, remove one"
        case .redirectedDelegation(let owner):
            "\(owner) has NS and DNAME records; below it is either another server's or another name's, remove one"
        case .belowRedirection(let owner, let redirection):
            "\(owner) is below \(redirection), whose DNAME record answers for all names below it (RFC 6672 2.4); "
                + "move the record to where that leads, or remove it"
        case .duplicateZone(let apex, let keptFile):
            "the zone \(apex) is already loaded from \(keptFile); remove one of the two files"
        case .registryZone(let apex, let domain):
            "\(apex) is at or below \(domain), which is the registry's zone; remove the SOA record, and the file's other "
                + "records are added to that zone"
        case .outsideDomain(let owner, let domain):
            "\(owner) is outside \(domain), which this file adds records to; move the record to its own zone's file"
        case .delegationInDomain(let owner, let domain):
            "\(owner) cannot be delegated, because the registry answers for all of \(domain); remove the record"
        case .wildcardInDomain(let owner, let domain):
            "\(owner) is a wildcard, and \(domain) has none; write out the names"
        case .alternativeDomain(let domain, let first):
            "\(domain) stands for \(first); add the records to that, and they are found under both"
        case .duplicateOwner(let owner, let keptFile):
            "\(owner) has records in \(keptFile) already; put all of them into one file"
        case .others(let count):
            "and \(count) more; correct these first"
        }
    }
}
