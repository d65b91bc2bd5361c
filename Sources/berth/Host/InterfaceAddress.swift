import DNS
import Glibc

/// An address of one of this host's network interfaces.
struct InterfaceAddress: Hashable {
    var interface: String
    var address: IPAddress
    var isUp = true
    /// The network that the interface is in with this address.
    var network: IPPrefix?
}

extension InterfaceAddress {
    /// All IPv4 and IPv6 addresses of the host, in the kernel's order (getifaddrs(3)); empty if it does not say.
    static var all: [InterfaceAddress] {
        var head: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&head) == 0 else { return [] }
        defer { unsafe freeifaddrs(head) }
        var found: [InterfaceAddress] = []
        var next = unsafe head
        while let entry = unsafe next {
            if let address = unsafe IPAddress(entry.pointee.ifa_addr) {
                let mask = unsafe IPAddress(entry.pointee.ifa_netmask)
                let length = mask?.octets.reduce(0) { $0 + $1.nonzeroBitCount }
                unsafe found.append(
                    InterfaceAddress(
                        interface: String(cString: entry.pointee.ifa_name), address: address,
                        isUp: entry.pointee.ifa_flags & UInt32(IFF_UP) != 0,
                        network: length.flatMap { IPPrefix(address, length: $0) }))
            }
            unsafe next = entry.pointee.ifa_next
        }
        return found
    }
}

extension InterfaceAddress {
    /// True for `docker0`, and for `br-` with the first 12 digits of a network's ID. A `br-lan` is no bridge of Docker's, and
    /// its network may be anybody's.
    var isDockerBridge: Bool {
        if interface == "docker0" { return true }
        let digits = interface.utf8.dropFirst(3)
        return interface.hasPrefix("br-") && digits.count == 12
            && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// The networks of this host's Docker bridges.
    static func dockerNetworks(among addresses: [InterfaceAddress] = all) -> [IPPrefix] {
        addresses.compactMap { $0.isDockerBridge && $0.isUp ? $0.network : nil }
    }
}

extension IPAddress {
    /// Copies the address out of a socket address; `nil` for none and for other families.
    fileprivate init?(_ socketAddress: UnsafeMutablePointer<sockaddr>?) {
        guard let socketAddress = unsafe socketAddress else { return nil }
        // Safe: the family says which structure the kernel wrote there.
        switch unsafe Int32(socketAddress.pointee.sa_family) {
        case AF_INET:
            let address = unsafe UnsafeRawPointer(socketAddress).loadUnaligned(as: sockaddr_in.self)
            self = .v4(UInt32(bigEndian: address.sin_addr.s_addr))
        case AF_INET6:
            let address = unsafe UnsafeRawPointer(socketAddress).loadUnaligned(as: sockaddr_in6.self)
            self.init(octets: unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe Array($0) })
        default:
            return nil
        }
    }
}
