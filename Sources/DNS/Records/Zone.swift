/// A zone this server is authoritative for.
package struct Zone: Sendable {
    /// Where a zone's records come from, which decides what a missing name means.
    package enum Source: Sendable, Equatable {
        /// The registry. The label names its datacenter: `NAME.<datacenter>.<apex>` is read as `NAME.<apex>`, and
        /// `<hex>.addr.<apex>` is computed. No wildcard and no delegation, so a missing name is a name error.
        case registry(datacenter: String)
        /// A master file (RFC 1035 5), which may hold wildcards and delegations.
        case masterFile
    }

    package var apex: DomainName
    package var source: Source
    /// The SOA set of the apex: exactly one record.
    package var soa: RRSet
    /// Seconds, of the addresses that are computed; `nil`: the SOA's.
    package var addressTimeToLive: UInt32?

    /// A second name for the apex: all names below it are answered as those of the zone are, in its own words. At most one
    /// zone has one.
    package var alternative: DomainName?

    package init(
        apex: DomainName, source: Source, soa: RRSet, addressTimeToLive: UInt32? = nil, alternative: DomainName? = nil
    ) {
        self.apex = apex
        self.source = source
        self.soa = soa
        self.alternative = alternative
        self.addressTimeToLive = addressTimeToLive
    }
}
