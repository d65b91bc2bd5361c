import DNS

extension RRSet {
    /// Each record on one line as a master file has it: `nginx.service.consul. 1 IN A 10.0.0.1`.
    var presentation: [String] {
        rdata.map { "\(owner) \(timeToLive) IN \(type.text) \(Self.text(of: $0, type: type))" }
    }

    /// Types that have no text here are written as RFC 3597 5 has it for unknown ones.
    private static func text(of rdata: [UInt8], type: RecordType) -> String {
        switch type {
        case .a, .aaaa:
            if let address = IPAddress(octets: rdata) { return address.description }
        case .srv:
            if rdata.count > 6, let target = try? DomainName(wire: rdata[6...]) {
                let numbers = [0, 2, 4].map { String(UInt16(rdata[$0]) << 8 | UInt16(rdata[$0 + 1])) }
                return numbers.joined(separator: " ") + " \(target)"
            }
        case .cname, .ns, .ptr, .dname:
            if let name = try? DomainName(wire: rdata) { return name.description }
        default: break
        }
        let octets = rdata.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return "\\# \(rdata.count) \(octets.joined())"
    }
}

extension RecordType {
    fileprivate var text: String {
        switch self {
        case .a: "A"
        case .aaaa: "AAAA"
        case .srv: "SRV"
        case .cname: "CNAME"
        case .ns: "NS"
        case .ptr: "PTR"
        case .txt: "TXT"
        default: "TYPE\(rawValue)"
        }
    }
}
