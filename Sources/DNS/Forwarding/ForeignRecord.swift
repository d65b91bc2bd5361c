/// A record of somebody else's zone, as a recursor gave it.
struct ForeignRecord: Equatable, Sendable {
    var owner: DomainName
    var type: RecordType
    /// Seconds.
    var timeToLive: UInt32
    var data: Data

    /// RDATA with its names written out. Only the types of RFC 1035 may have compressed names in it (RFC 3597 4), and SRV
    /// has some from servers that do not know.
    enum Data: Equatable, Sendable {
        case plain([UInt8])
        /// Octets, names, octets: CNAME, MX, SOA and the like.
        case names(before: [UInt8], [DomainName], after: [UInt8])
    }

    /// Records that only those want who ask for DNSSEC (RFC 4035 3.2.1), or for one of them by its type.
    var isForDNSSEC: Bool { [46, 47, 50].contains(type.rawValue) }

    /// How many octets stand before the names in the data of a type, and how many names there are; `nil` where there
    /// are no names that could be compressed.
    static func names(in type: RecordType) -> (before: Int, count: Int)? {
        switch type.rawValue {
        // NS, MD, MF, CNAME, MB, MG, MR, PTR
        case 2, 3, 4, 5, 7, 8, 9, 12: (0, 1)
        // SOA, MINFO
        case 6, 14: (0, 2)
        // MX
        case 15: (2, 1)
        // SRV
        case 33: (6, 1)
        // SVCB, HTTPS
        case 64, 65: (2, 1)
        default: nil
        }
    }

    /// The record's octets, for the place `position` in a message whose names `compression` knows.
    ///
    /// - Parameter compressesData: also the names in the data, but never those of SRV (RFC 2782), SVCB and HTTPS (RFC 9460 2.2).
    func encoded(at position: Int, _ compression: inout NameCompression, compressesData: Bool = true) -> [UInt8] {
        var octets = compression.encode(owner, at: position)
        octets.append(bigEndian: type.rawValue)
        octets.append(bigEndian: Question.internet)
        octets.append(bigEndian: timeToLive)
        let lengthPosition = octets.count
        octets.append(bigEndian: UInt16(0))
        switch data {
        case .plain(let data): octets += data
        case .names(let before, let names, let after):
            octets += before
            for name in names {
                let place = position + octets.count
                if compressesData, ![.srv, .svcb, .https].contains(type) {
                    octets += compression.encode(name, at: place)
                } else {
                    compression.note(name, at: place)
                    octets += name.wire
                }
            }
            octets += after
        }
        // Fits: the names are no longer than those that stood in a message.
        let length = UInt16(truncatingIfNeeded: octets.count - lengthPosition - 2)
        octets[lengthPosition] = UInt8(length >> 8)
        octets[lengthPosition + 1] = UInt8(length & 255)
        return octets
    }
}
