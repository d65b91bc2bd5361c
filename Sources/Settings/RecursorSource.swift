package import DNS

/// Where a server is named that resolves any name.
package enum RecursorSource: Hashable, Sendable {
    case server(ServerAddress)
    /// The name servers of the host's /etc/resolv.conf.
    case resolvConf
}

/// Clients that may have any name resolved.
package enum ClientGroup: Hashable, Sendable {
    /// This host: 127.0.0.0/8 and ::1.
    case loopback
    /// The containers on this host's Docker bridges.
    case docker
    case network(IPPrefix)
}

extension RecursorSource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .server(let address): "\(address)"
        case .resolvConf: "resolv.conf"
        }
    }
}

extension ClientGroup: CustomStringConvertible {
    package var description: String {
        switch self {
        case .loopback: "loopback"
        case .docker: "docker"
        case .network(let prefix): "\(prefix)"
        }
    }
}

extension GivenValue {
    func recursor() throws(Refusal) -> RecursorSource {
        let what = "ADDRESS[:PORT] of a DNS server or resolv.conf"
        let text = try text(what)
        if text == "resolv.conf" { return .resolvConf }
        guard let server = ServerAddress(text) else { throw refusal(mustBe: what) }
        return .server(server)
    }

    func clientGroup() throws(Refusal) -> ClientGroup {
        let what = "loopback, docker or a network such as 10.0.0.0/8"
        let text = try text(what)
        if text == "loopback" { return .loopback }
        if text == "docker" { return .docker }
        guard let prefix = IPPrefix(text) else { throw refusal(mustBe: what) }
        guard prefix.isOneNetwork else {
            throw Refusal(
                "must not let the whole Internet in, as \(text.shown) does; name the networks of your clients")
        }
        return .network(prefix)
    }
}

extension IPPrefix {
    /// No wider than the widest private networks, 10.0.0.0/8 and fc00::/7.
    fileprivate var isOneNetwork: Bool {
        switch address {
        case .v4: length >= 8
        case .v6: length >= 7
        }
    }
}
