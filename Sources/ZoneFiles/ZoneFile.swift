package import DNS

/// A zone as its master file gives it (RFC 1035 5), checked, in the form that an answer table takes.
package struct ZoneFile: Sendable {
    package var path: String
    package var zone: Zone
    /// What is published at each owner name, the apex included: owners with their sets, delegations with their glue. Names
    /// below a delegation are another server's and left out.
    package var owners: [OwnerRecords]
    /// All that the file holds, the SOA and what lies below delegations included, by the names' text: what a transfer of
    /// the zone consists of (RFC 5936 3).
    package var records: [RRSet]
    /// What is doubtful about it, though no mistake.
    package var warnings: [ZoneFileWarning]

    /// Reads and checks one file and what it includes. Where the file has no `$ORIGIN`, its name says what relative names end in.
    ///
    /// - Throws: ``ZoneFileErrors``, with the lines.
    package static func load(_ path: String) throws(ZoneFileErrors) -> ZoneFile {
        try MasterFile(reading: path).zone()
    }

    /// The zone that a file's name announces: `example.org.zone` and `db.example.org` are both `example.org.`; `nil` for
    /// any other form, and such files are not looked at.
    static func origin(fileName: String) -> DomainName? {
        let name =
            if fileName.hasSuffix(".zone") {
                fileName.dropLast(".zone".count)
            } else if fileName.hasPrefix("db.") {
                fileName.dropFirst("db.".count)
            } else {
                Substring()
            }
        return name.isEmpty || name.hasPrefix(".") ? nil : try? DomainName(text: name)
    }

    /// - Parameter path: where the text comes from, which also says what relative names end in.
    static func parse(_ text: [UInt8], path: String) throws(ZoneFileErrors) -> ZoneFile {
        try MasterFile(text, path: path).zone()
    }
}
