import DNS
import Registry
import Synchronization

/// Answers for prepared queries, which have names of their own below `query.<apex>`:
///
///     <name>.query     A, AAAA, SRV and so on: what the query finds; dots in its name part labels
///     <id>.query       the same
///
/// What was worked out is kept for whoever asks the same. It is kept by what the query looks for, not by its name: one
/// template has a name for everybody who asks.
final class PreparedQueryAnswers: Sendable {
    private struct Key: Hashable {
        var search: PreparedQuery.Search
        var timeToLive: Duration?
    }

    private struct Known {
        var answer: WorkedOutAnswer
        /// Of the service, when this was worked out.
        var index: UInt64
        var instanceCount: Int
        var start: ContinuousClock.Instant
        var spent: Duration

        /// As with every large service, a fifth of the time is enough for working things out.
        func standsFor(_ index: UInt64) -> Bool {
            if index == self.index { return true }
            guard instanceCount > PreparedQueryAnswers.manyInstances else { return false }
            return start.duration(to: .now) < spent * 5
        }
    }

    private struct State {
        var answers: [Key: Known] = [:]
        /// Of the answers.
        var octets = 0
        var rendered = RenderedQueries()
    }

    private let zone: RegistryZone
    private let state = Mutex(State())

    /// Octets of answers that are kept.
    private static let room = 2 << 20
    private static let capacity = 1000
    private static let manyInstances = 100
    private static let label = Array("query".utf8)

    init(_ zone: RegistryZone) { self.zone = zone }

    /// The query that a name is of, as it is for this name.
    ///
    /// - Parameter labels: those before the domain, in lower case.
    /// - Returns: `nil` for a name that no query answers for.
    func query(_ labels: [[UInt8]], in snapshot: CatalogSnapshot) -> PreparedQuery? {
        guard let name = name(labels), let found = snapshot.queries.find(name) else { return nil }
        guard found.value.template != nil else { return found.value }
        if let known = state.withLock({ $0.rendered.query(name, of: found) }) { return known }
        let query = try? found.value.rendered(for: name)
        state.withLock { $0.rendered.keep(query, for: name, of: found) }
        return query
    }

    /// Whether queries have names below this one, which then exists as well (RFC 8020).
    func isParent(_ labels: [[UInt8]], in snapshot: CatalogSnapshot) -> Bool {
        name(labels).map(snapshot.queries.isParent) ?? false
    }

    private func name(_ labels: [[UInt8]]) -> String? {
        guard labels.count > 1, labels.last == Self.label else { return nil }
        return labels.dropLast().map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }

    func answer(_ query: PreparedQuery, at name: DomainName, in snapshot: CatalogSnapshot) -> WorkedOutAnswer {
        guard let service = query.search.serviceName(in: snapshot).flatMap(snapshot.service) else {
            return WorkedOutAnswer(records(query, at: name, in: snapshot))
        }
        let key = Key(search: query.search, timeToLive: query.timeToLive?.duration)
        let index = service.index
        if let known = state.withLock({ $0.answers[key] }), known.standsFor(index) { return known.answer }
        let start = ContinuousClock.now
        let answer = WorkedOutAnswer(records(query, at: name, in: snapshot))
        let known = Known(
            answer: answer, index: index, instanceCount: service.instances.count, start: start,
            spent: start.duration(to: .now))
        state.withLock { state in
            if state.answers.count >= Self.capacity || state.octets + answer.octets > Self.room {
                (state.answers, state.octets) = ([:], 0)
            }
            state.octets += answer.octets - (state.answers.updateValue(known, forKey: key)?.answer.octets ?? 0)
        }
        return answer
    }

    /// All that a query finds, in records. With nobody found, a note that says why.
    func records(_ query: PreparedQuery, at name: DomainName, in snapshot: CatalogSnapshot) -> OwnerRecords {
        let search = query.search
        let candidates = search.candidates(in: snapshot)
        guard let service = search.serviceName(in: snapshot), !candidates.isEmpty else {
            return OwnerRecords(owner: name, note: "no instance of a service is what this prepared query looks for")
        }
        let near = search.nearestNode(agent: zone.agent.node).flatMap { snapshot.node($0) == nil ? nil : $0 }
        let ignored = Set(search.ignoredChecks)
        let endpoints = candidates.filter { search.accepts($0, in: snapshot) }
            .sorted { $0.instance.value.node == near && $1.instance.value.node != near }
            .compactMap { Endpoint($0, in: snapshot, zone, ignoring: ignored) }
        guard !endpoints.isEmpty else { return OwnerRecords(owner: name, note: note(on: candidates, search, snapshot)) }
        var records = zone.records(at: name, endpoints, of: service)
        for index in records.sets.indices {
            if let duration = query.timeToLive?.duration {
                records.sets[index].timeToLive = UInt32(clamping: Int64(duration / .seconds(1)))
            }
            if near != nil { records.sets[index].order = .stable }
        }
        return records
    }

    private func note(
        on candidates: [InstanceEntry], _ search: PreparedQuery.Search, _ snapshot: CatalogSnapshot
    ) -> String {
        let isCritical = candidates.allSatisfy { snapshot.health(of: $0) == .critical }
        guard search.onlyPassing, !isCritical else {
            return SilentInstance.note(on: candidates.map { SilentInstance($0, in: snapshot) })
        }
        return candidates.count == 1 ? "1 instance, not passing" : "\(candidates.count) instances, none of them passing"
    }
}
