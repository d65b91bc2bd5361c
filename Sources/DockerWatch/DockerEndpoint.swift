/// Where a Docker engine listens.
package enum DockerEndpoint: Hashable, Sendable {
    /// An absolute path of at most 107 octets: what a socket address can hold (unix(7)).
    case unix(path: String)
    /// A host name or an address, IPv6 without brackets.
    case tcp(host: String, port: UInt16)
}

extension DockerEndpoint: CustomStringConvertible {
    /// As an URL: `unix:///var/run/docker.sock` or `tcp://host:port`.
    package var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }
}
