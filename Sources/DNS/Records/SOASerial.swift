extension RRSet {
    /// The serial of an SOA set: its data ends in five numbers of four octets (RFC 1035 3.3.13); 0 for any other set.
    package var serial: UInt32 {
        guard type == .soa, let data = rdata.first, data.count >= 22 else { return 0 }
        return data.suffix(20).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
