import DNS
import NIOCore
import NIOPosix
import Registry

extension CheckPermissions {
    /// The address to connect to where not every one may be: the one that was looked at, so that a name cannot lead
    /// elsewhere a moment later.
    ///
    /// - Returns: `nil`: wherever the host's name leads.
    /// - Throws: ``ForbiddenPlace``; what resolving the name failed with; ``ProbeTimeout``.
    func place(of host: Address, port: UInt16, timeout: Duration) async throws -> Address? {
        guard !targets.isEmpty else { return nil }
        if let ip = host.ip {
            guard lets(connectTo: ip) else { throw ForbiddenPlace(address: ip) }
            return nil
        }
        let resolved: SocketAddress = try await ProbeExchange.run(timeout: timeout) { loop, resolved in
            NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
                try SocketAddress.makeAddressResolvingHost(host.text, port: Int(port))
            }.cascade(to: resolved)
        }
        guard let ip = resolved.ipAddress.flatMap({ IPAddress($0) }) else { throw ForbiddenPlace(address: nil) }
        guard lets(connectTo: ip) else { throw ForbiddenPlace(address: ip) }
        return Address(ip)
    }
}

/// A place that checks may not connect to.
struct ForbiddenPlace: Error, CustomStringConvertible {
    /// `nil`: a name with an address that is none of the Internet's.
    var address: IPAddress?

    var description: String {
        "checks may not connect to \(address.map { "\($0)" } ?? "that host"): check-targets leaves it out"
    }
}
