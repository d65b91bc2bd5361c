/// What `<hex>.addr.<apex>` is answered with.
struct ComputedAddress {
    var address: IPAddress
    /// Seconds.
    var timeToLive: UInt32
}

/// Names that are their own address: `<hex>.addr.<apex>`, 8 digits for IPv4 and 32 for IPv6.
extension IPAddress {
    init?(hexadecimal label: [UInt8]) {
        var octets: [UInt8] = []
        guard label.count == 8 || label.count == 32 else { return nil }
        for position in stride(from: 0, to: label.count, by: 2) {
            guard let high = hexadecimalValue(label[position]), let low = hexadecimalValue(label[position + 1]) else {
                return nil
            }
            octets.append(high << 4 | low)
        }
        self.init(octets: octets)
    }

    var recordType: RecordType {
        switch self {
        case .v4: .a
        case .v6: .aaaa
        }
    }
}
