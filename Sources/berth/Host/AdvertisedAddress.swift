import DNS
import Foundation

/// The address that others reach this host under, when nobody says which.
struct AdvertisedAddress: Hashable {
    var address: IPAddress
    /// Why it is only a guess: a sentence; `nil` for the address of the default route's interface.
    var doubt: String?

    /// Looks at this host.
    static func discover() -> AdvertisedAddress {
        let table = (try? String(contentsOfFile: "/proc/net/route", encoding: .utf8)) ?? ""
        return choose(routes: table, among: InterfaceAddress.all)
    }

    /// - Parameter routes: the text of `/proc/net/route`.
    static func choose(routes: String, among all: [InterfaceAddress]) -> AdvertisedAddress {
        let usable = all.filter { $0.isUp && !$0.address.isLoopback && !$0.address.isLinkLocal }
        if let interface = DefaultRoute.interface(inTable: routes),
            let found = usable.preferred(where: { $0.interface == interface })
        {
            return AdvertisedAddress(address: found.address)
        }
        // Docker's own bridges are reached from this host alone.
        let bridges = ["docker", "br-", "veth", "virbr"]
        let outside = usable.preferred { address in !bridges.contains { address.interface.hasPrefix($0) } }
        if let found = outside ?? usable.preferred(where: { _ in true }) {
            let doubt = "there is no default route, so the address of \(found.interface) is advertised"
            return AdvertisedAddress(address: found.address, doubt: doubt)
        }
        return AdvertisedAddress(
            address: .v4(0x7f00_0001),
            doubt: "this host has no address but loopback, so nobody else reaches what is published")
    }
}

extension [InterfaceAddress] {
    /// The first that fits, IPv4 before IPv6.
    fileprivate func preferred(where fits: (InterfaceAddress) -> Bool) -> InterfaceAddress? {
        first { $0.address.isV4 && fits($0) } ?? first(where: fits)
    }
}

extension IPAddress {
    fileprivate var isV4: Bool { if case .v4 = self { true } else { false } }

    /// 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291 2.5.6): nothing without an interface beside it.
    fileprivate var isLinkLocal: Bool {
        switch self {
        case .v4(let value): value >> 16 == 0xa9fe
        case .v6(let high, _): high >> 54 == 0xfe80 >> 6
        }
    }
}
