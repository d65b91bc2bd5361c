import DNS
import Registry
import Synchronization

/// The services that were asked for last, with what was worked out of them. For all threads that answer.
final class WorkedOutServices: Sendable {
    private let zone: RegistryZone
    private let services = Mutex<[ServiceName: WorkedOutService]>([:])

    private static let capacity = 256
    /// In all services together.
    private static let instanceCapacity = 200_000

    init(_ zone: RegistryZone) { self.zone = zone }

    /// How many instances of these services have been looked at.
    var membersMade: Int { services.withLock { $0.values.reduce(0) { $0 + $1.membersMade } } }

    func service(_ entry: ServiceEntry) -> WorkedOutService {
        services.withLock { services in
            if let known = services[entry.name], known.standsFor(entry) { return known }
            let service = WorkedOutService(entry, zone)
            services[entry.name] = nil
            Self.makeRoom(for: service, &services)
            services[entry.name] = service
            return service
        }
    }

    /// A small service is worked out anew in no time, so it is the first to go.
    private static func makeRoom(for service: WorkedOutService, _ services: inout [ServiceName: WorkedOutService]) {
        var instances = services.values.reduce(service.instanceCount) { $0 + $1.instanceCount }
        while services.count >= capacity || instances > instanceCapacity,
            let smallest = services.min(by: { $0.value.instanceCount < $1.value.instanceCount })
        {
            instances -= smallest.value.instanceCount
            services[smallest.key] = nil
        }
    }

    func forget(_ names: some Sequence<ServiceName>) {
        services.withLock { services in for name in names { services[name] = nil } }
    }
}
