import DNS

/// One record as the file has it.
struct MasterRecord: Equatable {
    var owner: DomainName
    var type: RecordType
    /// Seconds.
    var timeToLive: UInt32
    /// Uncompressed wire form.
    var rdata: [UInt8]
    /// The line it starts on, counted from 1.
    var line: Int
    /// The included file that it is in; `nil`: the zone file itself.
    var file: String?

    func located(_ reason: ZoneFileError.Reason) -> LocatedReason {
        LocatedReason(line: line, file: file, reason: reason)
    }
}
