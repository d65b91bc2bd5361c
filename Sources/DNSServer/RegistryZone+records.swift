import DNS
import Registry

extension RegistryZone {
    /// What is answered at one name for these endpoints of a service, of which there is at least one.
    func records(at owner: DomainName, _ endpoints: [Endpoint], of service: ServiceName) -> OwnerRecords {
        let seconds = timesToLive.seconds(for: service)
        var services: [[UInt8]] = []
        var seen = Set<Endpoint.Identity>(minimumCapacity: endpoints.count)
        var addresses = UniqueList<IPAddress>()
        var targets = Set<DomainName>(minimumCapacity: endpoints.count)
        var additional: [RRSet] = []
        for endpoint in endpoints where seen.insert(endpoint.identity).inserted {
            services.append(endpoint.serviceRecord)
            guard let address = endpoint.address else { continue }
            addresses.append(address)
            if targets.insert(endpoint.target).inserted {
                additional.append(addressSet(endpoint.target, address))
            }
        }
        let octets = addresses.elements.map(\.octets)
        let (v4, v6) = (octets.filter { $0.count == 4 }, octets.filter { $0.count == 16 })
        var sets = [set(owner, .srv, services, seconds)]
        if !v4.isEmpty { sets.append(set(owner, .a, v4, seconds)) }
        if !v6.isEmpty { sets.append(set(owner, .aaaa, v6, seconds)) }
        // Where there are only host names, whoever asks for an address is sent to the first.
        if sets.count == 1, let target = endpoints.first?.target {
            sets.append(set(owner, .cname, [target.wire], seconds))
        }
        return OwnerRecords(owner: owner, sets: sets, additional: additional)
    }
}

/// A list whose elements are all different, in the order of their first appearance.
struct UniqueList<Element: Hashable> {
    private(set) var elements: [Element] = []
    private var known: Set<Element> = []

    init(_ elements: [Element] = []) { for element in elements { append(element) } }

    mutating func append(_ element: Element) {
        if known.insert(element).inserted { elements.append(element) }
    }
}
