/// The spellings of a registry's names that ask for what speaks a protocol (RFC 2782).
enum ServiceSpelling {
    /// None of them.
    case plain
    /// `_web._tcp.service.consul`, which is `web.service.consul` in plain words.
    case tcp
    /// `_web._udp.service.consul`, which is `udp.web.service.consul`; and with any other tag in the protocol's place.
    case tag
}

extension NameKey {
    /// The name as it would be spelt in full in RFC 2782's way, if it was spelt in that way: `_web._tcp.service.consul` for
    /// `web.service.consul`.
    var protocolName: DomainName? {
        let second = nextLabel(0)
        let (service, label, rest): ([UInt8], [UInt8], Int)
        switch spelling {
        case .plain: return nil
        case .tcp: (service, label, rest) = (slice(1..<second), Array("tcp".utf8), second)
        case .tag:
            let third = nextLabel(second)
            (service, label, rest) = (slice(second + 1..<third), slice(1..<second), third)
        }
        let underscore = UInt8(ascii: "_")
        let opening = [service, label].flatMap { [UInt8($0.count + 1), underscore] + $0 }
        return try? DomainName(wire: opening + slice(rest..<length))
    }
}
