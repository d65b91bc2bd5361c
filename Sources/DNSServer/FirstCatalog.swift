import HashTreeCollections
import Registry

/// What a large registry held at the start, as long as not all of it is published: the first answer need not wait for the
/// last.
struct FirstCatalog {
    /// Services that are not published yet.
    private(set) var services: TreeSet<ServiceName> = []
    /// The catalog as it is now.
    private(set) var latest = CatalogSnapshot()

    init() {}

    init(_ snapshot: CatalogSnapshot) {
        services = snapshot.serviceNames
        latest = snapshot
    }

    var isEmpty: Bool { services.isEmpty }

    /// Follows a change.
    ///
    /// - Returns: what it says of all else: these will be published as they are then.
    mutating func sift(_ delta: CatalogDelta, to new: CatalogSnapshot) -> CatalogDelta {
        guard !isEmpty else { return delta }
        latest = new
        var rest = delta
        rest.services = rest.services.filter { !services.contains($0) }
        return rest
    }

    /// - Returns: the service, if it is to be published now.
    mutating func take(_ service: ServiceName) -> CatalogDelta? {
        services.remove(service).map { CatalogDelta(index: latest.index, services: [$0]) }
    }

    /// - Returns: services to be published now, at most `count`.
    mutating func take(_ count: Int) -> CatalogDelta {
        let due = Set(services.prefix(count))
        for service in due { services.remove(service) }
        return CatalogDelta(index: latest.index, services: due)
    }
}
