import DNS
import Glibc

/// An address of one of this host's network interfaces.
struct InterfaceAddress: Hashable {
    var interface: String
    var address: IPAddress
    var isUp = true
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
                unsafe found.append(
                    InterfaceAddress(
                        interface: String(cString: entry.pointee.ifa_name), address: address,
                        isUp: entry.pointee.ifa_flags & UInt32(IFF_UP) != 0))
            }
            unsafe next = entry.pointee.ifa_next
        }
        return found
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
