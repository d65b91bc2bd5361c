import Registry

/// What a rendering has read of the catalog: only a change to this can alter its result.
struct Dependencies: Hashable, Sendable {
    var services: Set<ServiceName> = []
    var nodes: Set<NodeName> = []
    /// The list of all services, or of all nodes, was read.
    var allServices = false
    var allNodes = false
    /// A question about a service found no instance.
    var hasGaps = false

    func isTouched(by delta: CatalogDelta) -> Bool {
        allServices && !delta.services.isEmpty || allNodes && !delta.nodes.isEmpty
            || !services.isDisjoint(with: delta.services) || !nodes.isDisjoint(with: delta.nodes)
    }

    /// Whether nothing can be missing from what was read if the catalog knows these services alone.
    func areMet(by known: Set<ServiceName>) -> Bool { !hasGaps && !allServices && services.isSubset(of: known) }
}
