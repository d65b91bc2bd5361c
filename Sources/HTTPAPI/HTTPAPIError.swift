package import DNS

/// Why the API cannot be served at an address.
package enum HTTPAPIError: Error, Equatable, Sendable {
    case portTaken(address: IPAddress, port: UInt16)
    /// The operating system's reason.
    case cannotListen(address: IPAddress, port: UInt16, reason: String)
}

extension HTTPAPIError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .portTaken(let address, let port):
            "HTTP cannot listen on \(address) port \(port): another process has it; stop that or choose another port"
        case .cannotListen(let address, let port, let reason):
            "HTTP cannot listen on \(address) port \(port): \(reason)"
        }
    }
}
