import DNS
import Registry

extension RegistryZone {
    /// What is answered at one name for these endpoints of a service, of which there is at least one.
    func records(at owner: DomainName, _ endpoints: [Endpoint], of service: ServiceName) -> OwnerRecords {
        let seconds = timesToLive.seconds(for: service)
        let order = orders[service]
        var services: [[UInt8]] = []
        var weights: [UInt64] = []
        var seen = UniqueList<Endpoint.Identity>()
        var addresses = AddressList()
        var targets = UniqueList<DomainName>()
        var additional: [RRSet] = []
        var bindings: [ServiceBinding] = []
        for endpoint in endpoints where seen.append(endpoint.identity) {
            services.append(endpoint.serviceRecord)
            weights.append(UInt64(endpoint.weight))
            bindings += endpoint.bindings
            endpoint.addresses.forEach { addresses.append($0, weight: endpoint.weight) }
            guard targets.append(endpoint.target) else { continue }
            endpoint.targetAddresses.forEach { additional.append(addressSet(endpoint.target, $0)) }
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
        return OwnerRecords(owner: owner, sets: sets, additional: additional)
    }
}

/// The addresses of endpoints, each once, with the weights of all endpoints that have it.
private struct AddressList {
    private var addresses = UniqueList<IPAddress>()
    private var weights: [UInt64] = []

    mutating func append(_ address: IPAddress, weight: UInt16) {
        if addresses.append(address) {
            weights.append(UInt64(weight))
        } else if let place = addresses.place(of: address) {
            weights[place] += UInt64(weight)
        }
    }

    func ofLength(_ octets: Int) -> (data: [[UInt8]], weights: [UInt64]) {
        var data: [[UInt8]] = []
        var weights: [UInt64] = []
        for (address, weight) in zip(addresses.elements, self.weights) where address.length == octets {
            data.append(address.octets)
            weights.append(weight)
        }
        return (data, weights)
    }
}

extension IPAddress {
    /// In octets.
    fileprivate var length: Int { if case .v4 = self { 4 } else { 16 } }
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

/// A list whose elements are all different, in the order of their first appearance. Few are looked through, which is
/// faster than hashing; many have an index.
struct UniqueList<Element: Hashable> {
    private(set) var elements: [Element] = []
    /// Of all elements, where there are many.
    private var places: [Element: Int] = [:]

    private static var few: Int { 8 }

    init(_ elements: [Element] = []) { for element in elements { append(element) } }

    /// - Returns: whether it was not there before.
    @discardableResult
    mutating func append(_ element: Element) -> Bool {
        guard place(of: element) == nil else { return false }
        elements.append(element)
        if elements.count > Self.few {
            for place in places.count..<elements.count { places[elements[place]] = place }
        }
        return true
    }

    func place(of element: Element) -> Int? {
        elements.count > Self.few ? places[element] : elements.firstIndex(of: element)
    }
}
