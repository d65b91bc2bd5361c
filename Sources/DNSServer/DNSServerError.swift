package import DNS
package import Forwarding
import Glibc

/// Why the DNS server did not start.
package enum DNSServerError: Error, Equatable, Sendable {
    /// `code` is an errno value.
    case cannotListen(address: IPAddress, port: UInt16, transport: Transport, code: CInt)
    /// The zone's domain or the datacenter's name leaves no room for names below it, the agent's node's among them.
    case badDomain(DomainName, NameError)
    /// There is no address to listen on.
    case noAddress
    case noRecursion(ForwardingError)
}

extension DNSServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotListen(let address, let port, let transport, let code):
            "cannot answer DNS on \(address) port \(port) over \(transport == .udp ? "UDP" : "TCP"): \(Self.reason(code))"
        case .badDomain(let domain, let error):
            "the domain \(domain) cannot hold the registry: \(error); "
                + "use a domain of at most \(RegistryZone.longestDomain) octets, a datacenter of one label, and a node name "
                + "that both leave room for"
        case .noRecursion(let error): "\(error)"
        case .noAddress: "DNS needs at least one address to listen on"
        }
    }

    private static func reason(_ code: CInt) -> String {
        switch code {
        case EADDRINUSE:
            "another DNS server or some other process holds this port; stop it, or choose another port"
        case EACCES:
            "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); choose a port above 1023"
        case EADDRNOTAVAIL:
            "this machine has no such address; choose one that `ip address` shows"
        default: SystemError.text(code)
        }
    }
}
