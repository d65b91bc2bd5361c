import DNS
import Registry

/// An address and port under which a container's port is reached.
struct PublishedEndpoint {
    var address: IPAddress
    var port: UInt16
    var source: Source

    /// Where address and port came from.
    enum Source: String {
        case hostNetwork = "the advertised address and the container's port: it uses the host's network"
        case everywhere = "the advertised address and the port that Docker publishes on all addresses"
        case oneAddress = "the address and port that Docker publishes"
    }

    /// Why a port has no endpoint: a whole sentence.
    struct Unpublished: Error {
        var reason: String
    }

    /// Where a port of a running container is reached from outside: on the host's own network at the node's address, else
    /// wherever Docker publishes it. A container's address is never among them: it is no use to other hosts, and says
    /// nothing about a host's port.
    ///
    /// - Parameter notes: gets a sentence for every binding that is odd.
    static func endpoints(
        of port: ContainerPort, in container: Container, agent: Agent, notes: inout [String]
    ) -> Result<[PublishedEndpoint], Unpublished> {
        switch container.networkMode {
        case "host":
            return .success([
                PublishedEndpoint(address: agent.address, port: port.number, source: .hostNetwork)
            ])
        case "none": return .failure(Unpublished(reason: "the container has no network (--network none)"))
        case let mode where mode.hasPrefix("container:"):
            return .failure(
                Unpublished(
                    reason:
                        "the container uses the network of container \(mode.dropFirst("container:".count).prefix(12)): "
                        + "publish port \(port) there"))
        default:
            let endpoints = published(container.bindings[port] ?? [], port, agent: agent, notes: &notes)
            guard !endpoints.isEmpty else {
                return .failure(Unpublished(reason: "port \(port) is exposed but not published: run with -p or -P"))
            }
            return .success(endpoints)
        }
    }

    private static func published(
        _ bindings: [Container.Binding], _ port: ContainerPort, agent: Agent, notes: inout [String]
    ) -> [PublishedEndpoint] {
        var wildcards: [(address: IPAddress?, port: UInt16)] = []
        var endpoints: Set<PublishedEndpoint> = []
        for binding in bindings {
            if binding.address.isEmpty {
                wildcards.append((nil, binding.port))
            } else if let address = IPAddress(binding.address) {
                if address.isUnspecified {
                    wildcards.append((address, binding.port))
                } else {
                    endpoints.insert(PublishedEndpoint(address: address, port: binding.port, source: .oneAddress))
                    if address.isLoopback {
                        notes.append("port \(port) is bound to \(address), which only this machine can reach")
                    }
                }
            } else {
                notes.append("port \(port) is bound to \"\(binding.address.printable)\", which is no address")
            }
        }
        // Docker lists a wildcard once for each address family, on some versions with two different ports: those of the
        // family that the node's address has are the ones that are reached there.
        let reachable = wildcards.filter { $0.address.map { $0.hasSameFamily(as: agent.address) } ?? true }
        if reachable.isEmpty, let other = wildcards.first?.address {
            notes.append(
                "port \(port) is bound to \(other) alone, so the node's address \(agent.address) may not reach it")
        }
        for wildcard in reachable.isEmpty ? wildcards : reachable {
            endpoints.insert(PublishedEndpoint(address: agent.address, port: wildcard.port, source: .everywhere))
        }
        return endpoints.sorted { ($0.port, $0.address.description) < ($1.port, $1.address.description) }
    }
}

/// Two are the same if they are reached in the same way, wherever they came from.
extension PublishedEndpoint: Hashable {
    static func == (left: PublishedEndpoint, right: PublishedEndpoint) -> Bool {
        left.address == right.address && left.port == right.port
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(address)
        hasher.combine(port)
    }
}

extension IPAddress {
    fileprivate func hasSameFamily(as other: IPAddress) -> Bool {
        switch (self, other) {
        case (.v4, .v4), (.v6, .v6): true
        case (.v4, .v6), (.v6, .v4): false
        }
    }
}
