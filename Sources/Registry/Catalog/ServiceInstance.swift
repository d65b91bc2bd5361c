/// One running copy of a service: an address and a port on a node.
package struct ServiceInstance: Hashable, Sendable {
    package var node: NodeName
    /// Unique on its node; no control characters, 1 to 255 octets.
    package var id: InstanceID
    package var name: ServiceName
    /// As registered, in order.
    package var tags: [String]
    /// `nil`: the node's address.
    package var address: Address?
    /// 0: none.
    package var port: UInt16
    /// What is spoken there, as far as it is known: Docker knows it, who registers over HTTP cannot say it.
    package var transport: TransportProtocol?
    package var meta: [String: String]
    package var taggedAddresses: [String: TaggedAddress]
    package var weights: Weights
    package var enableTagOverride: Bool
    /// Who keeps this registration up to date; `nil`: whoever wrote it into the catalog.
    package var owner: Owner?

    package init(
        node: NodeName, id: InstanceID, name: ServiceName, tags: [String] = [], address: Address? = nil,
        port: UInt16 = 0, transport: TransportProtocol? = nil,
        meta: [String: String] = [:], taggedAddresses: [String: TaggedAddress] = [:], weights: Weights = Weights(),
        enableTagOverride: Bool = false, owner: Owner? = nil
    ) {
        self.node = node
        self.id = id
        self.name = name
        self.tags = tags
        self.address = address
        self.port = port
        self.transport = transport
        self.meta = meta
        self.taggedAddresses = taggedAddresses
        self.weights = weights
        self.enableTagOverride = enableTagOverride
        self.owner = owner
    }

    package var key: InstanceKey { InstanceKey(node: node, id: id) }

    /// What the registration is derived from, comes with and goes with; `nil`: somebody has registered it.
    package var source: Owner? {
        switch owner {
        case .docker: owner
        case .agent, nil: nil
        }
    }
}

/// Two ids that look the same are the same: they are compared by canonical equivalence (Unicode 3.7), not by octets.
package typealias InstanceID = String

/// Names one instance in the whole catalog.
package struct InstanceKey: Hashable, Sendable {
    package var node: NodeName
    package var id: InstanceID

    package init(node: NodeName, id: InstanceID) {
        self.node = node
        self.id = id
    }
}

/// An address and port that an instance is reached under in some role, such as `lan` or `wan`.
package struct TaggedAddress: Hashable, Sendable {
    package var address: Address
    package var port: UInt16

    package init(address: Address, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// SRV weights by health (RFC 2782).
package struct Weights: Hashable, Sendable {
    package var passing: UInt16
    package var warning: UInt16

    package init(passing: UInt16 = 1, warning: UInt16 = 1) {
        self.passing = passing
        self.warning = warning
    }
}

/// Whom a registration belongs to: only through it do others alter it.
package enum Owner: Hashable, Sendable {
    /// Whoever registers with the agent of the node.
    case agent
    /// A container, by the engine's id and the container's (64 hexadecimal digits).
    case docker(engine: String, container: String)
}
