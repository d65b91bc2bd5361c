import AsyncHTTPClient
import Foundation

/// Where the engine is that runs programs in containers.
package enum ContainerEngine: Hashable, Sendable {
    /// An absolute path.
    case unix(path: String)
    /// A host name or an address, IPv6 without brackets.
    case tcp(host: String, port: UInt16)

    func url(_ path: String) -> String {
        switch self {
        case .unix(let socket): URL(httpURLWithSocketPath: socket, uri: path)?.absoluteString ?? ""
        case .tcp(let host, let port): "http://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)"
        }
    }
}
