import DNS
import Registry

/// The names of the registry's zone that are worked out from the catalog when they are asked for:
///
///     <service>.service              TXT: what each instance has as meta; PTR: the instances' names
///     <tag>.<tag>.<service>.service  the instances that have all the tags
///     _<service>._udp.service        the instances that speak it, where others do not
///     <id>._<service>._tcp           SRV, TXT: one instance (RFC 6763 4.1); also with _udp
///     _services._dns-sd._udp         PTR: the services (RFC 6763 9)
///     b._dns-sd._udp                 PTR: where to browse, which is here (RFC 6763 11)
struct SupplementaryNames {
    let zone: RegistryZone
    let snapshot: CatalogSnapshot

    /// How many services a list of all names: more than a reply over TCP has room for.
    private static let longestList = 3000

    func records(at name: DomainName) -> OwnerRecords? {
        let labels = name.labels.dropLast(zone.agent.domain.labels.count).map(Array.init)
        guard let last = labels.last, labels.count > 1 else { return nil }
        let first = labels[0]
        switch last {
        case Self.service:
            if labels.count == 3, first.first == Self.underscore, let transport = Self.transport(labels[1]) {
                return service(Array(first.dropFirst()), .transport(transport), at: name)
            }
            let tags = Array(labels.dropLast(2))
            return service(labels[labels.count - 2], tags.isEmpty ? .all : .tags(TagQuery(tags)), at: name)
        case Self.udp where labels.count == 3 && labels[1] == Self.serviceDiscovery:
            return browse(first, at: name)
        case _ where labels.count == 3 && labels[1].first == Self.underscore:
            guard let transport = Self.transport(last) else { return nil }
            return instance(first, of: Array(labels[1].dropFirst()), transport, at: name)
        default: return nil
        }
    }

    private static let service = Array("service".utf8)
    private static let udp = Array("_udp".utf8)
    private static let serviceDiscovery = Array("_dns-sd".utf8)
    private static let underscore = UInt8(ascii: "_")

    /// `_udp`
    private static func transport(_ label: [UInt8]) -> TransportProtocol? {
        label.first == underscore
            ? TransportProtocol(rawValue: String(decoding: label.dropFirst(), as: UTF8.self)) : nil
    }

    // MARK: - Services

    /// Which instances of a service are asked for.
    private enum Wanted {
        case all
        case tags(TagQuery)
        case transport(TransportProtocol)

        mutating func match(_ instance: ServiceInstance) -> TagQuery.Match {
            switch self {
            case .all: return .whole
            case .transport(let transport): return instance.isFound(under: transport) ? .whole : .none
            case .tags(var query):
                // Nothing else holds what it remembers while that grows.
                self = .all
                defer { self = .tags(query) }
                return query.match(instance.foundTags)
            }
        }

        /// Whether browsers are told of an instance that is found so. Combinations of tags are nothing that they ask for.
        func isBrowsed(_ instance: ServiceInstance) -> Bool {
            switch self {
            case .all: true
            case .transport(let transport): instance.browsingProtocol == transport
            case .tags(let query): query.isProtocol && instance.browsingProtocol == .udp
            }
        }
    }

    private func service(_ label: [UInt8], _ wanted: Wanted, at name: DomainName) -> OwnerRecords? {
        guard let service = entry(label) else { return nil }
        var wanted = wanted
        var members = FoundMembers()
        var isPartial = false
        for entry in service.instances {
            switch wanted.match(entry.instance.value) {
            case .whole: members.append(entry, snapshot, zone)
            case .partial: isPartial = true
            case .none: break
            }
        }
        guard !members.isEmpty else { return isPartial ? OwnerRecords(owner: name) : nil }
        guard !members.endpoints.isEmpty else { return OwnerRecords(owner: name, note: members.note) }
        var records = zone.records(at: name, members.endpoints, of: service.name)
        let texts = members.entries.lazy.map(\.instance.value.meta).filter { !$0.isEmpty }.map(TextRecord.attributes)
        append(.txt, Array(texts), of: service.name, to: &records)
        let browsed = members.entries.lazy.map(\.instance.value).filter(wanted.isBrowsed)
        append(.ptr, browsed.compactMap { instanceName($0)?.wire }, of: service.name, to: &records)
        return records
    }

    private func entry(_ label: [UInt8]) -> ServiceEntry? {
        guard let name = try? ServiceName(String(decoding: label, as: UTF8.self), policy: .allow) else { return nil }
        return snapshot.service(name)
    }

    private func append(
        _ type: RecordType, _ data: [[UInt8]], of service: ServiceName, to records: inout OwnerRecords
    ) {
        let data = UniqueList(data).elements
        // Nothing stands beside a CNAME (RFC 1034 3.6.2).
        guard !data.isEmpty, !records.sets.contains(where: { $0.type == .cname }) else { return }
        records.sets.append(zone.set(records.owner, type, data, zone.timesToLive.seconds(for: service)))
    }

    // MARK: - Browsing

    private func browse(_ label: [UInt8], at name: DomainName) -> OwnerRecords? {
        let targets: [DomainName]
        switch String(decoding: label, as: UTF8.self) {
        case "_services":
            targets = snapshot.someServices(Self.longestList).flatMap { service in
                browsingProtocols(of: service).compactMap { zone.browsingName(of: service, $0) }
            }
        case "b", "db", "lb": targets = [zone.agent.domain]
        default: return nil
        }
        let sets = targets.isEmpty ? [] : [zone.set(name, .ptr, targets.map(\.wire))]
        return OwnerRecords(owner: name, sets: sets)
    }

    /// In order, each once.
    private func browsingProtocols(of service: ServiceName) -> [TransportProtocol] {
        let instances = snapshot.service(service)?.instances ?? []
        return Set(instances.lazy.compactMap(\.instance.value.browsingProtocol)).sorted()
    }

    /// One instance, or those of several nodes that have the same id.
    private func instance(
        _ label: [UInt8], of service: [UInt8], _ transport: TransportProtocol, at name: DomainName
    ) -> OwnerRecords? {
        guard let service = entry(service), zone.browsingName(of: service.name, transport) != nil else { return nil }
        var members = FoundMembers()
        for entry in service.instances {
            let instance = entry.instance.value
            guard instance.browsingProtocol == transport, Self.folded(Self.label(of: instance)) == label else {
                continue
            }
            members.append(entry, snapshot, zone)
        }
        guard !members.isEmpty else { return nil }
        guard !members.endpoints.isEmpty else { return OwnerRecords(owner: name, note: members.note) }
        var records = zone.records(at: name, members.endpoints, of: service.name)
        records.sets.removeAll { $0.type != .srv }
        append(
            .txt, members.entries.map { TextRecord.attributes($0.instance.value.meta) }, of: service.name, to: &records)
        return records
    }

    private func instanceName(_ instance: ServiceInstance) -> DomainName? {
        guard let parent = zone.browsingName(of: instance.name, instance.browsingProtocol) else { return nil }
        return try? DomainName(labels: [Self.label(of: instance)]).appending(parent)
    }

    /// An instance's label is its id as it stands, dots and all, cut where it is longer than a label may be.
    private static func label(of instance: ServiceInstance) -> [UInt8] {
        Array(instance.id.prefix(octets: DomainName.maximumLabelLength).utf8)
    }

    private static func folded(_ label: [UInt8]) -> [UInt8] {
        label.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}

/// The instances found under a name: those that are handed out, and those that are not.
private struct FoundMembers {
    private(set) var entries: [InstanceEntry] = []
    private(set) var endpoints: [Endpoint] = []
    private var silent: [SilentInstance] = []

    var isEmpty: Bool { endpoints.isEmpty && silent.isEmpty }
    var note: String { SilentInstance.note(on: silent) }

    mutating func append(_ entry: InstanceEntry, _ snapshot: CatalogSnapshot, _ zone: RegistryZone) {
        switch Member(entry, in: snapshot, zone) {
        case .endpoint(let endpoint):
            entries.append(entry)
            endpoints.append(endpoint)
        case .silent(let instance): silent.append(instance)
        }
    }
}
