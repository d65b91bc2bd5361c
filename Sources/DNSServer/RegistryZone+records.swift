import DNS
import Registry

extension RegistryZone {
    /// What is answered at one name for these endpoints of a service, of which there is at least one.
    func records(at owner: DomainName, _ endpoints: [Endpoint], of service: ServiceName) -> OwnerRecords {
        let seconds = timesToLive.seconds(for: service)
        let order = orders[service]
        var services: [[UInt8]] = []
        var weights: [UInt64] = []
        var seen = Set<Endpoint.Identity>(minimumCapacity: endpoints.count)
        var addresses = AddressList()
        var targets = Set<DomainName>(minimumCapacity: endpoints.count)
        var additional: [RRSet] = []
        var bindings: [ServiceBinding] = []
        var leadsBack = false
        for endpoint in endpoints where seen.insert(endpoint.identity).inserted {
            services.append(endpoint.serviceRecord)
            weights.append(UInt64(endpoint.weight))
            bindings += endpoint.bindings
            endpoint.addresses.forEach { addresses.append($0, weight: endpoint.weight) }
            guard targets.insert(endpoint.target).inserted else { continue }
            endpoint.targetAddresses.forEach { additional.append(addressSet(endpoint.target, $0)) }
            leadsBack = leadsBack || endpoint.targetAddresses.isEmpty && endpoint.target.isSubdomain(of: agent.domain)
        }
        var sets = [set(owner, .srv, services, seconds).ordered(order, weights)]
        for (type, octets) in [(RecordType.a, 4), (.aaaa, 16)] {
            let (data, weights) = addresses.ofLength(octets)
            if !data.isEmpty { sets.append(set(owner, type, data, seconds).ordered(order, weights)) }
        }
        // Where there are only host names, whoever asks for an address is sent to the first.
        if sets.count == 1, let target = endpoints.first?.target {
            sets.append(set(owner, .cname, [target.wire], seconds))
        }
        for kind in bindings.isEmpty ? [] : ServiceBinding.Kind.allCases {
            // Their order is in their priorities.
            let data = bindings.filter { $0.kind == kind }.map(\.rdata)
            if !data.isEmpty { sets.append(set(owner, kind.type, data, seconds)) }
        }
        return OwnerRecords(
            owner: owner, sets: sets, additional: additional, unpublished: leadsBack ? .additional : [])
    }
}

/// The addresses of endpoints, each once, with the weights of all endpoints that have it.
private struct AddressList {
    private var addresses: [[UInt8]] = []
    private var weights: [UInt64] = []
    private var places: [IPAddress: Int] = [:]

    mutating func append(_ address: IPAddress, weight: UInt16) {
        let place = places[address] ?? addresses.count
        if place == addresses.count {
            places[address] = place
            addresses.append(address.octets)
            weights.append(0)
        }
        weights[place] += UInt64(weight)
    }

    func ofLength(_ octets: Int) -> (data: [[UInt8]], weights: [UInt64]) {
        let places = addresses.indices.filter { addresses[$0].count == octets }
        return (places.map { addresses[$0] }, places.map { weights[$0] })
    }
}

extension RRSet {
    /// The set in this order, `weights` being its records'.
    fileprivate func ordered(_ order: AnswerOrder, _ weights: [UInt64]) -> RRSet {
        var set = self
        set.order =
            switch order {
            case .random: .random
            case .stable: .stable
            case .weighted: .weighted(weights.map { UInt32(clamping: $0) })
            }
        return set
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
