import DNS
import Registry
import Synchronization

/// A service as it was at one index, with what was worked out of it: each instance is looked at once, and a question that
/// is asked again costs a look-up, however often that is and by however many.
final class WorkedOutService: Sendable {
    private struct State {
        /// By the number of the instance.
        var members: [Member?]
        var tags: TagIndex?
        /// By the label of an instance, in lower case.
        var labels: [[UInt8]: [Int]]?
        var answers: [Key: WorkedOutAnswer] = [:]
        /// Of the answers.
        var octets = 0
        /// On working things out.
        var spent = Duration.zero
        var membersMade = 0
    }

    /// Some of the instances, and how they were asked for as far as that decides what is said of them.
    private struct Selection: Hashable {
        /// In order; `nil`: all.
        var numbers: [Int]?
        var pointers: Pointers
    }

    /// Whose names browsers are given. Combinations of tags are nothing that they ask for.
    private enum Pointers: Hashable {
        case all
        case speaking(TransportProtocol)
        case none
        /// The name is an instance's own.
        case instance
    }

    private struct Key: Hashable {
        var selection: Selection
        var part: ServiceQuestion.Part
    }

    private enum Found {
        case selection(Selection)
        /// Only names below this one exist.
        case partial
        case nothing
    }

    let instanceCount: Int
    private let service: ServiceEntry
    private let zone: RegistryZone
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    /// Octets of answers that are kept.
    private static let room = 2 << 20
    /// Services with more instances may be seen as they were a moment ago.
    private static let manyInstances = 100

    init(_ service: ServiceEntry, _ zone: RegistryZone) {
        self.service = service
        self.zone = zone
        instanceCount = service.instances.count
        state = Mutex(State(members: [Member?](repeating: nil, count: service.instances.count)))
    }

    /// How many instances have been looked at.
    var membersMade: Int { state.withLock(\.membersMade) }

    /// Whether this still stands for the service as it is now: if it is the same, or if so much time went into a large one
    /// that working it out all the time would leave none for others. A fifth of the time is enough.
    func standsFor(_ service: ServiceEntry) -> Bool {
        if service.index == self.service.index { return true }
        guard instanceCount > Self.manyInstances else { return false }
        return start.duration(to: .now) < state.withLock(\.spent) * 5
    }

    /// - Parameter snapshot: of the same service, or a later one.
    /// - Returns: `nil` if the name does not exist.
    func answer(
        _ wanted: ServiceQuestion.Wanted, _ part: ServiceQuestion.Part, at name: DomainName,
        in snapshot: CatalogSnapshot
    ) -> WorkedOutAnswer? {
        state.withLock { state in
            let start = ContinuousClock.now
            defer { state.spent += start.duration(to: .now) }
            switch select(wanted, &state) {
            case .nothing: return nil
            case .partial: return WorkedOutAnswer(OwnerRecords(owner: name))
            case .selection(let selection):
                let key = Key(selection: selection, part: part)
                if let known = state.answers[key] { return known }
                let answer = WorkedOutAnswer(records(of: selection, part, at: name, in: snapshot, &state))
                if state.octets + answer.octets > Self.room {
                    state.answers = [:]
                    state.octets = 0
                }
                state.answers[key] = answer
                state.octets += answer.octets
                return answer
            }
        }
    }

    /// The same in words, which nobody keeps.
    func records(
        _ wanted: ServiceQuestion.Wanted, at name: DomainName, in snapshot: CatalogSnapshot
    ) -> OwnerRecords? {
        state.withLock { state in
            switch select(wanted, &state) {
            case .nothing: nil
            case .partial: OwnerRecords(owner: name)
            case .selection(let selection): records(of: selection, .everything, at: name, in: snapshot, &state)
            }
        }
    }

    // MARK: - Selecting

    private func select(_ wanted: ServiceQuestion.Wanted, _ state: inout State) -> Found {
        switch wanted {
        case .all: return .selection(Selection(numbers: nil, pointers: .all))
        case .transport(let transport):
            let numbers = service.instances.indices.filter {
                service.instances[$0].instance.value.isFound(under: transport)
            }
            return Self.found(numbers, .speaking(transport))
        case .tags(let labels):
            let index = state.tags ?? TagIndex(service.instances)
            state.tags = index
            switch index.match(labels) {
            case .none: return .nothing
            case .partial: return .partial
            case .instances(let numbers):
                return Self.found(numbers, labels == [Self.udp] ? .speaking(.udp) : .none)
            }
        case .instance(let label, let transport):
            guard zone.browsingName(of: service.name, transport) != nil else { return .nothing }
            let labels = state.labels ?? instanceLabels
            state.labels = labels
            let numbers = (labels[label] ?? []).filter {
                service.instances[$0].instance.value.browsingProtocol == transport
            }
            return Self.found(numbers, .instance)
        }
    }

    private static let udp = Array(TransportProtocol.udp.rawValue.utf8)

    private static func found(_ numbers: [Int], _ pointers: Pointers) -> Found {
        numbers.isEmpty ? .nothing : .selection(Selection(numbers: numbers, pointers: pointers))
    }

    private var instanceLabels: [[UInt8]: [Int]] {
        Dictionary(grouping: service.instances.indices) {
            Array(CaselessText(service.instances[$0].instance.value.label).folded.utf8)
        }
    }

    // MARK: - Records

    private func records(
        of selection: Selection, _ part: ServiceQuestion.Part, at name: DomainName, in snapshot: CatalogSnapshot,
        _ state: inout State
    ) -> OwnerRecords {
        var instances: [ServiceInstance] = []
        var endpoints: [Endpoint] = []
        var silent: [SilentInstance] = []
        for number in selection.numbers ?? Array(service.instances.indices) {
            switch member(number, in: snapshot, &state) {
            case .endpoint(let endpoint):
                endpoints.append(endpoint)
                instances.append(service.instances[number].instance.value)
            case .silent(let instance): silent.append(instance)
            }
        }
        guard !endpoints.isEmpty else { return OwnerRecords(owner: name, note: SilentInstance.note(on: silent)) }
        if selection.pointers == .instance {
            var records = zone.records(at: name, endpoints, of: service.name)
            records.sets.removeAll { $0.type != .srv }
            append(.txt, instances.map { TextRecord.attributes($0.meta) }, to: &records)
            return records
        }
        let hasAddress = endpoints.contains { !$0.addresses.isEmpty }
        var records =
            part == .everything || !hasAddress
            ? zone.records(at: name, endpoints, of: service.name) : OwnerRecords(owner: name)
        // Nothing stands beside a CNAME (RFC 1034 3.6.2).
        if hasAddress, part == .text || part == .everything {
            append(.txt, instances.lazy.map(\.meta).filter { !$0.isEmpty }.map(TextRecord.attributes), to: &records)
        }
        if hasAddress, part == .pointers || part == .everything {
            append(.ptr, pointers(to: instances, selection.pointers), to: &records)
        }
        // What there is of other types decides what is said of this one.
        return records.sets.isEmpty ? zone.records(at: name, endpoints, of: service.name) : records
    }

    private func member(_ number: Int, in snapshot: CatalogSnapshot, _ state: inout State) -> Member {
        if let known = state.members[number] { return known }
        let member = Member(service.instances[number], in: snapshot, zone)
        state.members[number] = member
        state.membersMade += 1
        return member
    }

    private func pointers(to instances: [ServiceInstance], _ pointers: Pointers) -> [[UInt8]] {
        instances.compactMap { instance in
            switch pointers {
            case .speaking(instance.browsingProtocol), .all: zone.instanceName(instance)?.wire
            default: nil
            }
        }
    }

    private func append(_ type: RecordType, _ data: some Sequence<[UInt8]>, to records: inout OwnerRecords) {
        let data = UniqueList(Array(data)).elements
        guard !data.isEmpty else { return }
        records.sets.append(zone.set(records.owner, type, data, zone.timesToLive.seconds(for: service.name)))
    }
}

extension RegistryZone {
    /// `<id>._<service>._tcp.<apex>` (RFC 6763 4.1).
    func instanceName(_ instance: ServiceInstance) -> DomainName? {
        guard let parent = browsingName(of: instance.name, instance.browsingProtocol) else { return nil }
        return try? DomainName(labels: [Array(instance.label.utf8)]).appending(parent)
    }
}

extension ServiceInstance {
    /// An instance's label is its id as it stands, dots and all, cut where it is longer than a label may be.
    fileprivate var label: String { id.prefix(octets: DomainName.maximumLabelLength) }
}
