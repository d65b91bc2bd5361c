import CDatagram
package import DNS
import Glibc

/// A bound UDP socket for DNS: a large receive buffer, and on a wildcard address, replies from the address asked.
package final class UDPSocket: Sendable {
    package let address: IPAddress
    /// The port bound, never 0.
    package let port: UInt16
    let descriptor: CInt

    /// Binds a socket.
    ///
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - reusePort: lets other sockets of this user that say so too have the same port; the kernel spreads the
    ///     queries over them by asker (SO_REUSEPORT).
    /// - Throws: ``UDPSocketError``.
    package static func bind(
        address: IPAddress, port: UInt16, reusePort: Bool
    ) throws(UDPSocketError) -> UDPSocket {
        var boundPort = port
        let octets = address.octets
        let descriptor = unsafe octets.withUnsafeBufferPointer { octets in
            // Safe: an address has at least four octets, so its buffer has an address.
            unsafe cdatagram_bind(octets.baseAddress.unsafelyUnwrapped, octets.count, &boundPort, reusePort ? 1 : 0)
        }
        guard descriptor >= 0 else { throw UDPSocketError(address: address, port: port, code: -descriptor) }
        return UDPSocket(address: address, port: boundPort, descriptor: descriptor)
    }

    /// Binds `count` sockets to one address and port, for as many workers.
    ///
    /// Sharing a port would also let a second server of the same user take half of the queries unseen, so the port is
    /// first bound alone for a moment, which fails if anybody has it.
    ///
    /// - Throws: ``UDPSocketError``.
    package static func bindGroup(
        address: IPAddress, port: UInt16, count: Int
    ) throws(UDPSocketError) -> [UDPSocket] {
        guard count > 1 else { return [try bind(address: address, port: port, reusePort: false)] }
        let port = try bind(address: address, port: port, reusePort: false).port
        var sockets: [UDPSocket] = []
        for _ in 0..<count { sockets.append(try bind(address: address, port: port, reusePort: true)) }
        return sockets
    }

    private init(address: IPAddress, port: UInt16, descriptor: CInt) {
        self.address = address
        self.port = port
        self.descriptor = descriptor
    }

    /// Wakes whoever waits for datagrams; from now on nobody waits.
    func shutDown() {
        // Fails with ENOTCONN, as an unconnected socket does, and wakes the receiver all the same.
        _ = Glibc.shutdown(descriptor, CInt(SHUT_RDWR))
    }

    deinit { _ = Glibc.close(descriptor) }
}

/// Why a UDP socket could not be had.
package struct UDPSocketError: Error, Equatable, Sendable {
    package var address: IPAddress
    package var port: UInt16
    /// An errno value.
    package var code: CInt
}

extension UDPSocketError: CustomStringConvertible {
    package var description: String {
        let place = "UDP port \(port) of \(address)"
        return switch code {
        case EADDRINUSE: "\(place) is in use by another program; stop that or choose another port"
        case EACCES: "\(place) needs a privilege (CAP_NET_BIND_SERVICE); choose a port above 1023"
        case EADDRNOTAVAIL: "\(place) cannot be bound: this host has no such address"
        default: "\(place) cannot be bound: \(SystemError.text(code))"
        }
    }
}
