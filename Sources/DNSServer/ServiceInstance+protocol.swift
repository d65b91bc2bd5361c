import Registry

// The protocol that names ask for (RFC 2782), and who speaks it.

extension ServiceInstance {
    /// The tags that it is found under: its own and, for other protocols than TCP, what it speaks.
    var foundTags: [String] {
        guard let transport, transport != .tcp, !tags.contains(transport.rawValue) else { return tags }
        return tags + [transport.rawValue]
    }

    /// Whether it is found under `_<protocol>`: what it speaks decides. Where nobody knows that, it is as in Consul, where
    /// `_tcp` stands for every instance, and any other label for those that have it as a tag.
    func isFound(under transport: TransportProtocol) -> Bool {
        if let own = self.transport { return own == transport }
        return transport == .tcp || tags.contains { CaselessText($0).folded == transport.rawValue }
    }

    /// The protocol below which browsers of services find it (RFC 6763 7); `nil` for one that they know no label of.
    var browsingProtocol: TransportProtocol? {
        switch transport {
        case nil, .tcp: .tcp
        case .udp: .udp
        case .sctp: nil
        }
    }
}
