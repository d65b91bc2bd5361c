/// Everything a zone holds at one owner name: what is published to an ``AnswerTable``.
///
/// An owner without sets is an empty non-terminal: the name exists because names below it do (RFC 8020), so every type
/// asked is NODATA.
package struct OwnerRecords: Hashable, Sendable {
    package var owner: DomainName
    /// At most one set of each type; each set's owner is ``owner``.
    package var sets: [RRSet]
    /// Addresses of the names that SRV, MX and NS records point at, as far as this server knows them: the additional
    /// section. Each set belongs to a target of ``sets``.
    package var additional: [RRSet]
    /// A few words for people on why there is no answer, such as `1 instance, critical: web-1 "HTTP 500"`; `nil`: none.
    /// What is longer than ``longestNote`` is cut.
    package var note: String?

    /// Octets of UTF-8: leaves a datagram room for everything else.
    package static let longestNote = 200

    /// What there is besides, and is worked out by the table's ``Supplement`` when it is asked for.
    package var unpublished: Unpublished = []

    package struct Unpublished: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// PTR and TXT records at this name.
        package static let types = Unpublished(rawValue: 1)
        /// Names below this one.
        package static let names = Unpublished(rawValue: 2)
        /// What the RFC 2782 spellings of this name have, `_NAME._tcp` and the like: not what this name has.
        package static let protocols = Unpublished(rawValue: 4)
    }

    package init(
        owner: DomainName, sets: [RRSet] = [], additional: [RRSet] = [], note: String? = nil,
        unpublished: Unpublished = []
    ) {
        self.owner = owner
        self.sets = sets
        self.additional = additional
        self.note = note
        self.unpublished = unpublished
    }
}
