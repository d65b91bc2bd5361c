package import DNS

/// Who this process is: the node that local registrations belong to, and the names it answers for.
package struct Agent: Hashable, Sendable {
    package var node: NodeName
    /// A UUID in lower-case text form, the same after a restart with the same data directory.
    package var nodeID: String
    /// What the node's address records say.
    package var address: IPAddress
    /// One DNS label, such as `dc1`.
    package var datacenter: String
    /// The apex of the registry's zone, such as `consul.`.
    package var domain: DomainName
    /// A second name for it, neither above nor below it; `nil`: it has none.
    package var alternativeDomain: DomainName?

    package init(
        node: NodeName, nodeID: String, address: IPAddress, datacenter: String, domain: DomainName,
        alternativeDomain: DomainName? = nil
    ) {
        self.node = node
        self.nodeID = nodeID
        self.address = address
        self.datacenter = datacenter
        self.domain = domain
        self.alternativeDomain = alternativeDomain
    }
}
