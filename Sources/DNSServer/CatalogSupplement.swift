import DNS
import Registry
import Synchronization

/// Answers out of the catalog what is asked for seldom and is therefore not published: reverse names, several tags at once,
/// text, and what browsers of services ask (RFC 6763).
///
///     <service>.service              TXT: what each instance has as meta; PTR: the instances' names
///     <tag>.<tag>.<service>.service  the instances that have all the tags
///     _<service>._udp.service        the instances that speak it, where others do not
///     <id>._<service>._tcp           SRV, TXT: one instance (RFC 6763 4.1); also with _udp
///     _services._dns-sd._udp         PTR: the services
///     <query>.query                  what a prepared query finds
///
/// The threads that answer ask it. What takes time is kept for whoever asks again, so that a flood of such questions costs
/// no more than one of any other.
final class CatalogSupplement: Sendable {
    private struct State {
        var snapshot = CatalogSnapshot()
        var reverse = ReverseIndex()
    }

    /// The list of all services, as it was at an index.
    private struct Listing {
        var answer: WorkedOutAnswer
        var index: UInt64
        var start: ContinuousClock.Instant
        var spent: Duration
    }

    private let zone: RegistryZone
    private let state = Mutex(State())
    private let services: WorkedOutServices
    private let queries: PreparedQueryAnswers
    private let listing = Mutex<Listing?>(nil)

    /// How many services one address points to. A proxy may stand before thousands, and nobody reads that list.
    private static let mostPointers = 100
    /// A list of fewer services is never old.
    private static let manyServices = 100

    init(_ zone: RegistryZone) {
        self.zone = zone
        services = WorkedOutServices(zone)
        queries = PreparedQueryAnswers(zone)
    }

    /// How many instances have been looked at, of services that are still known.
    var membersMade: Int { services.membersMade }

    func update(from old: CatalogSnapshot, to new: CatalogSnapshot, _ delta: CatalogDelta) {
        state.withLock { state in
            state.snapshot = new
            state.reverse.update(from: old, to: new, delta)
        }
        services.forget(delta.services.lazy.filter { new.service($0) == nil })
    }

    /// Takes other zones of files: in those that are of reverse names, the registry's addresses are answered for.
    func setZones(_ zones: [DomainName]) { state.withLock { $0.reverse.setZones(zones) } }

    /// What is answered, the parts that a type needs.
    ///
    /// - Parameter name: a plain spelling in lower case.
    /// - Returns: `nil` if the name does not exist.
    func answer(at name: DomainName, _ type: RecordType) -> WorkedOutAnswer? {
        guard let labels = labels(of: name) else { return pointers(at: name).map(WorkedOutAnswer.init) }
        let snapshot = state.withLock(\.snapshot)
        if let question = BrowsingNames.Question(labels) { return browse(question, at: name, in: snapshot) }
        if let query = queries.query(labels, in: snapshot) { return queries.answer(query, at: name, in: snapshot) }
        if queries.isParent(labels, in: snapshot) { return WorkedOutAnswer(OwnerRecords(owner: name)) }
        guard let question = ServiceQuestion(labels), let entry = snapshot.service(question.service) else { return nil }
        return services.service(entry).answer(question.wanted, ServiceQuestion.Part(type), at: name, in: snapshot)
    }

    /// All that there is at a name, as of this moment. Takes time for all instances of a service.
    ///
    /// - Parameter name: a plain spelling in lower case.
    /// - Returns: `nil` if the name does not exist.
    func records(at name: DomainName) -> OwnerRecords? {
        guard let labels = labels(of: name) else { return pointers(at: name) }
        let snapshot = state.withLock(\.snapshot)
        if let question = BrowsingNames.Question(labels) {
            return BrowsingNames(zone: zone).records(question, at: name, in: snapshot)
        }
        if let query = queries.query(labels, in: snapshot) { return queries.records(query, at: name, in: snapshot) }
        if queries.isParent(labels, in: snapshot) { return OwnerRecords(owner: name) }
        guard let question = ServiceQuestion(labels), let entry = snapshot.service(question.service) else { return nil }
        return WorkedOutService(entry, zone).records(question.wanted, at: name, in: snapshot)
    }

    /// The service that a name belongs to, known or not; `nil` for a name that is no service's.
    ///
    /// - Parameter name: a plain spelling in lower case.
    func service(of name: DomainName) -> ServiceName? { labels(of: name).flatMap(ServiceQuestion.init)?.service }

    /// Those before the domain; `nil` for a name outside it.
    private func labels(of name: DomainName) -> [[UInt8]]? {
        guard name.isSubdomain(of: zone.agent.domain) else { return nil }
        return name.labels.dropLast(zone.agent.domain.labels.count).map(Array.init)
    }

    /// As with a large service, a fifth of the time is enough for making the list.
    private func browse(
        _ question: BrowsingNames.Question, at name: DomainName, in snapshot: CatalogSnapshot
    ) -> WorkedOutAnswer {
        let names = BrowsingNames(zone: zone)
        guard case .services = question else { return WorkedOutAnswer(names.records(question, at: name, in: snapshot)) }
        return listing.withLock { listing in
            let start = ContinuousClock.now
            if let known = listing {
                let isOld =
                    snapshot.serviceCount <= Self.manyServices || known.start.duration(to: start) > known.spent * 5
                if known.index == snapshot.servicesIndex || !isOld { return known.answer }
            }
            let answer = WorkedOutAnswer(names.records(question, at: name, in: snapshot))
            listing = Listing(
                answer: answer, index: snapshot.servicesIndex, start: start, spent: start.duration(to: .now))
            return answer
        }
    }

    /// The reverse name of an address: points to the nodes that have it, else to the services whose instances do. What a
    /// name stands for does not depend on health. A name above it, in a zone of a file, exists as well, without records.
    private func pointers(at name: DomainName) -> OwnerRecords? {
        guard let address = IPAddress(reverse: name) else {
            return state.withLock { $0.reverse.isParent(name) } ? OwnerRecords(owner: name) : nil
        }
        let (nodes, services) = state.withLock { state in
            (
                state.reverse.nodes(at: address, atMost: Self.mostPointers),
                state.reverse.services(at: address, atMost: Self.mostPointers)
            )
        }
        let targets =
            nodes.isEmpty
            ? services.compactMap { zone.target(of: $0) } : nodes.compactMap { zone.target(of: $0) }
        guard !targets.isEmpty else { return nil }
        return OwnerRecords(owner: name, sets: [zone.set(name, .ptr, targets.map(\.wire))])
    }
}
