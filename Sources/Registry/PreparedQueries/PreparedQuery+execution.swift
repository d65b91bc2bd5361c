extension PreparedQuery.Search {
    /// The service looked for; `nil`: no service can have such a name.
    ///
    /// A name that was rewritten when it was registered is found under the name that its services had before, too.
    package func serviceName(in snapshot: CatalogSnapshot) -> ServiceName? {
        let asItIs = try? ServiceName(service, policy: .allow)
        if let asItIs, snapshot.service(asItIs) != nil { return asItIs }
        return (try? ServiceName(service, policy: .rewrite)) ?? asItIs
    }

    /// The instances that have the tags and the meta asked for, healthy or not, in no order that means anything.
    package func candidates(in snapshot: CatalogSnapshot) -> [InstanceEntry] {
        guard let name = serviceName(in: snapshot), let entry = snapshot.service(name) else { return [] }
        let wanted = tags.filter { !$0.hasPrefix("!") }.map { CaselessText($0) }
        let unwanted = tags.filter { $0.hasPrefix("!") }.map { CaselessText(String($0.dropFirst())) }
        return entry.instances.filter { entry in
            let instance = entry.instance.value
            guard serviceMeta.allSatisfy({ instance.meta[$0.key] == $0.value }), isOnWantedNode(instance, snapshot)
            else { return false }
            guard !wanted.isEmpty || !unwanted.isEmpty else { return true }
            let tags = Set(instance.tags.map { CaselessText($0) })
            return wanted.allSatisfy(tags.contains) && !unwanted.contains(where: tags.contains)
        }
    }

    private func isOnWantedNode(_ instance: ServiceInstance, _ snapshot: CatalogSnapshot) -> Bool {
        guard !nodeMeta.isEmpty, let node = snapshot.node(instance.node)?.node.value else { return nodeMeta.isEmpty }
        return nodeMeta.allSatisfy { node.meta[$0.key] == $0.value }
    }

    /// Whether an instance is well enough to be found.
    package func accepts(_ entry: InstanceEntry, in snapshot: CatalogSnapshot) -> Bool {
        switch snapshot.health(of: entry, ignoring: Set(ignoredChecks)) {
        case .passing: true
        case .warning: !onlyPassing
        case .critical: false
        }
    }

    /// Those found, in random order, those on the node that is to be near before the others.
    ///
    /// - Parameter near: instead of what the query says; `nil`: nothing.
    package func instances(in snapshot: CatalogSnapshot, near: NodeName?) -> [InstanceEntry] {
        let found = candidates(in: snapshot).filter { accepts($0, in: snapshot) }.shuffled()
        guard let near else { return found }
        return found.filter { $0.instance.value.node == near } + found.filter { $0.instance.value.node != near }
    }

    /// The node that ``near`` means; `nil`: none.
    package func nearestNode(agent: NodeName) -> NodeName? { Self.nearestNode(near, agent: agent) }

    /// - Parameter text: a node's name, or `_agent`.
    package static func nearestNode(_ text: String, agent: NodeName) -> NodeName? {
        text == "_agent" ? agent : try? NodeName(text)
    }
}

extension CatalogSnapshot {
    /// The worst status among the checks of the instance and of its node that count; passing without any.
    package func health(of entry: InstanceEntry, ignoring ignored: Set<CheckID>) -> HealthStatus {
        guard !ignored.isEmpty else { return health(of: entry) }
        let checks = [entry.checks, node(entry.instance.value.node)?.checks ?? []].joined()
        return checks.lazy.filter { !ignored.contains($0.value.id) }.map(\.value.status).max() ?? .passing
    }
}
