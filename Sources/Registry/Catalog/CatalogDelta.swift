/// What one or more changes touched: the names whose readers must look again.
package struct CatalogDelta: Hashable, Sendable {
    /// The catalog's index after the change.
    package var index: UInt64
    /// Services with an instance added, removed or altered, or whose health or node's address may have changed.
    package var services: Set<ServiceName>
    package var nodes: Set<NodeName>

    package init(index: UInt64, services: Set<ServiceName> = [], nodes: Set<NodeName> = []) {
        self.index = index
        self.services = services
        self.nodes = nodes
    }

    package var isEmpty: Bool { services.isEmpty && nodes.isEmpty }

    /// Both deltas in one, for a reader that missed the first.
    package mutating func merge(_ later: CatalogDelta) {
        index = max(index, later.index)
        services.formUnion(later.services)
        nodes.formUnion(later.nodes)
    }
}
