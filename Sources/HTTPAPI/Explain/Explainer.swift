import DNS
import Registry

/// Answers "why is this not in DNS?" from what the parts say of themselves.
struct Explainer: Sendable {
    var agent: Agent
    /// `@127.0.0.1 -p 8600`
    var digOptions: String
    var registry: Registry
    var containers: (any DerivationReporting)?
    var answers: @Sendable (DomainName) -> OwnerRecords?

    /// - Parameter subject: a service's name, also as it was before it was rewritten; an instance's id; a container's name
    ///   or id.
    /// - Returns: `nil` if nothing goes by the name of `subject`.
    func explanation(of subject: String) -> ExplanationJSON? {
        let snapshot = registry.snapshot
        var names = services(withInstance: subject, in: snapshot)
        if let name = try? ServiceName(subject, policy: .allow), snapshot.service(name) != nil { names.insert(name) }
        let reports = reports(on: [subject] + names.map(\.text))
        for case .registered(let registration) in reports.flatMap(\.decisions).map(\.outcome) {
            names.insert(registration.service)
        }
        guard !names.isEmpty || !reports.isEmpty else { return nil }
        return ExplanationJSON(
            subject: subject, containers: reports.map(ExplanationJSON.ContainerJSON.init),
            containersNote: containersNote,
            services: names.sorted().map { service($0, in: snapshot) })
    }

    /// The services of the instances with this id or original name. Costs a pass over the catalog.
    private func services(withInstance subject: String, in snapshot: CatalogSnapshot) -> Set<ServiceName> {
        let wanted = CaselessText(subject)
        let services = snapshot.services.filter { service in
            service.instances.contains { entry in
                let instance = entry.instance.value
                return instance.id == subject || instance.originalName.map { CaselessText($0) } == wanted
            }
        }
        return Set(services.map(\.name))
    }

    /// The reports on the containers that any of `texts` names, each once.
    private func reports(on texts: [String]) -> [DerivationReport] {
        var seen: Set<String> = []
        return texts.flatMap { containers?.reports(matching: $0) ?? [] }
            .filter { seen.insert($0.containerID).inserted }
    }

    /// The sentence for a subject that nobody knows.
    func nothingKnown(of subject: String) -> String {
        let nearest = NearestNames.to(subject, among: registry.snapshot.services.map(\.name.text))
        let hint = nearest.isEmpty ? "" : "; the nearest names are \(nearest.map(quoted).joined(separator: ", "))"
        return "no service \(quoted(subject)) is registered and \(nothingKnownOfContainers)\(hint)"
    }

    private var nothingKnownOfContainers: String {
        switch containers?.view {
        case nil: "containers are not watched"
        case .unseen: Self.nothingSeen
        case .outdated: "no container went by that name when Docker last answered, which it does not now"
        case .current: "no container goes by that name"
        }
    }

    private var containersNote: String? {
        switch containers?.view {
        case nil, .current: nil
        case .unseen: Self.nothingSeen
        case .outdated: "as they were when Docker last answered, which it does not now"
        }
    }

    private static let nothingSeen =
        "nothing is known of containers, because Docker has not answered since Berth was started"

    private func service(_ name: ServiceName, in snapshot: CatalogSnapshot) -> ExplanationJSON.ServiceJSON {
        let entry = snapshot.service(name)
        return ExplanationJSON.ServiceJSON(
            name: entry?.name.text ?? name.text,
            instances: (entry?.instances ?? []).map { ExplanationJSON.InstanceJSON($0, in: snapshot) },
            dns: dns(name, entry, in: snapshot))
    }

    private func dns(
        _ name: ServiceName, _ entry: ServiceEntry?, in snapshot: CatalogSnapshot
    ) -> ExplanationJSON.DNSJSON {
        guard let owner = domainName(name) else {
            return ExplanationJSON.DNSJSON(
                published: false, reason: "the name does not fit below \(agent.domain)", ask: [], records: [])
        }
        let sets = answers(owner)?.sets ?? []
        let ask = ["A", "SRV"].map { "dig \(digOptions) \(owner.description.dropLast()) \($0)" }
        guard sets.isEmpty else {
            return ExplanationJSON.DNSJSON(
                published: true, reason: nil, ask: ask, records: sets.flatMap(\.presentation))
        }
        return ExplanationJSON.DNSJSON(
            published: false, reason: reasonForSilence(entry, in: snapshot), ask: ask, records: [])
    }

    private func reasonForSilence(_ entry: ServiceEntry?, in snapshot: CatalogSnapshot) -> String {
        guard let entry else { return "no instance is registered any more" }
        guard entry.instances.contains(where: { snapshot.health(of: $0) != .critical }) else {
            return entry.instances.count == 1
                ? "its only instance is critical; see the output of its checks"
                : "all \(entry.instances.count) instances are critical; see the output of their checks"
        }
        return "no instance has an address that DNS can publish"
    }

    private func domainName(_ name: ServiceName) -> DomainName? {
        guard let service = try? DomainName(labels: [Array(name.folded.utf8), Array("service".utf8)]) else {
            return nil
        }
        return try? service.appending(agent.domain)
    }
}
