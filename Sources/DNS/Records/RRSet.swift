/// All records of one owner, class IN and type (RFC 9499: RRset).
package struct RRSet: Hashable, Sendable {
    package var owner: DomainName
    package var type: RecordType
    /// Seconds, the same for every record of the set (RFC 2181 5.2).
    package var timeToLive: UInt32
    /// The RDATA of each record in uncompressed wire form; never empty, no two alike.
    package var rdata: [[UInt8]]
    package var order = RecordOrder.random

    package init(owner: DomainName, type: RecordType, timeToLive: UInt32, rdata: [[UInt8]]) {
        self.owner = owner
        self.type = type
        self.timeToLive = timeToLive
        self.rdata = rdata
    }
}
