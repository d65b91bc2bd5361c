import DNS
import Registry
import Synchronization

/// Answers out of the catalog what is asked for seldom and is therefore not published: reverse names, several tags at once,
/// text, and what browsers of services ask (RFC 6763).
final class CatalogSupplement: Sendable {
    private struct State {
        var snapshot = CatalogSnapshot()
        var reverse = ReverseIndex()
    }

    private let zone: RegistryZone
    private let state = Mutex(State())

    init(_ zone: RegistryZone) { self.zone = zone }

    func update(from old: CatalogSnapshot, to new: CatalogSnapshot, _ delta: CatalogDelta) {
        state.withLock { state in
            state.snapshot = new
            state.reverse.update(from: old, to: new, delta)
        }
    }

    /// - Parameter name: a plain spelling in lower case.
    /// - Returns: `nil` if the name does not exist.
    func records(at name: DomainName) -> OwnerRecords? {
        if name.isSubdomain(of: zone.agent.domain) {
            return SupplementaryNames(zone: zone, snapshot: state.withLock { $0.snapshot }).records(at: name)
        }
        return IPAddress(reverse: name).flatMap { pointers(at: name, $0) }
    }

    /// The reverse name of an address: points to the nodes that have it, else to the services whose instances do. What a
    /// name stands for does not depend on health.
    private func pointers(at name: DomainName, _ address: IPAddress) -> OwnerRecords? {
        let (nodes, services) = state.withLock { ($0.reverse.nodes(at: address), $0.reverse.services(at: address)) }
        let targets =
            nodes.isEmpty
            ? services.compactMap { zone.target(of: $0) } : nodes.compactMap { zone.target(of: $0) }
        guard !targets.isEmpty else { return nil }
        return OwnerRecords(owner: name, sets: [zone.set(name, .ptr, targets.map(\.wire))])
    }
}
