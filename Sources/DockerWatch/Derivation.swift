import DNS
import Registry

/// What one container should be registered as, and why: a pure function of what the engine says about it.
struct Derivation: Equatable {
    private(set) var instances: [ServiceInstance] = []
    /// Of the container, and so of all its instances.
    private(set) var health: ContainerHealth?
    private(set) var report: DerivationReport

    /// - Parameters:
    ///   - image: what the container's image sets; see ``ContainerLabels``.
    ///   - engine: the engine's id.
    ///   - agent: the node to register on; its address is what wildcard bindings are published under.
    init(of container: Container, image: ImageSettings? = nil, engine: String, agent: Agent) {
        report = DerivationReport(
            engine: engine, containerID: container.id, containerName: container.name, image: container.image.printable,
            state: container.status.printable, decisions: [], notes: container.oddities)
        guard container.isRunning else {
            skip(nil, "the container is not running: it is \(report.state)")
            return
        }
        health = container.health
        let labels = ContainerLabels(labels: container.labels, environment: container.environment, image: image)
        report.notes += labels.notes
        report.notes += labels.notesOnIdleKeys(ports: container.ports)
        let ports = registrablePorts(of: container, labels, agent: agent)
        for (port, endpoints) in ports {
            register(port, endpoints, of: container, labels, isOneOfSeveral: ports.count > 1, agent: agent)
        }
    }

    /// The ports that are published and not ignored, in order.
    private mutating func registrablePorts(
        of container: Container, _ labels: ContainerLabels, agent: Agent
    ) -> [(ContainerPort, [PublishedEndpoint])] {
        let ports = container.ports.sorted()
        if ports.isEmpty {
            skip(
                nil,
                "the container has no ports: publish one with -p, or name it with EXPOSE or --expose and run with -P")
        }
        var registrable: [(ContainerPort, [PublishedEndpoint])] = []
        for port in ports {
            if let ignore = labels.value(.ignore, port: port), ignore.isTrue {
                skip(port, "\(ignore.key.printable) is \"\(ignore.text.printable)\"")
                continue
            }
            switch PublishedEndpoint.endpoints(of: port, in: container, agent: agent, notes: &report.notes) {
            case .success(let endpoints): registrable.append((port, endpoints))
            case .failure(let unpublished): skip(port, unpublished.reason)
            }
        }
        return registrable
    }

    private mutating func register(
        _ port: ContainerPort, _ endpoints: [PublishedEndpoint], of container: Container, _ labels: ContainerLabels,
        isOneOfSeveral: Bool, agent: Agent
    ) {
        let wanted = DerivedName(of: container, labels, port: port, isOneOfSeveral: isOneOfSeveral)
        guard let name = wanted.serviceName else {
            skip(port, "nothing of the name \"\(wanted.base.printable)\" can be part of a DNS name: set SERVICE_NAME")
            return
        }
        let tags = tags(of: port, labels)
        var meta: [String: String] = [:]
        if !wanted.isGood {
            note(["the name \"\(wanted.text.printable)\" is registered as \"\(name.text)\", which DNS can carry"])
            meta[ServiceName.originalNameKey] = wanted.text.printable
        }
        for endpoint in endpoints {
            let instance = ServiceInstance(
                node: agent.node,
                id: Self.id(port, endpoint, among: endpoints, of: container, node: agent.node), name: name,
                tags: tags.texts, address: Address(endpoint.address), port: endpoint.port,
                transport: port.transport, meta: meta,
                owner: .docker(engine: report.engine, container: container.id))
            instances.append(instance)
            let registration = DerivationReport.Registration(
                key: instance.key, service: name, address: endpoint.address.description, port: endpoint.port,
                sources: .init(name: wanted.source, tags: tags.source, address: endpoint.source.rawValue))
            report.decisions.append(.init(port: port.description, outcome: .registered(registration)))
        }
    }

    /// - Returns: the tags, and where they came from.
    private mutating func tags(of port: ContainerPort, _ labels: ContainerLabels) -> (texts: [String], source: String?)
    {
        var list = TagList("", key: "")
        var sources: [String] = []
        if let value = labels.value(.tags, port: port) {
            list = TagList(value.text, key: value.key.printable)
            note(list.notes)
            sources.append(value.source)
        }
        if port.transport != .tcp {
            list.mark(port.transport)
            sources.append("protocol of the port")
        }
        return (list.tags, sources.isEmpty ? nil : sources.joined(separator: ", "))
    }

    /// `<node>:<container>:<port>[:udp]`, as Registrator makes it; where the port is published more than once, the host's
    /// port follows, and its address too where even that is the same.
    private static func id(
        _ port: ContainerPort, _ endpoint: PublishedEndpoint, among endpoints: [PublishedEndpoint],
        of container: Container,
        node: NodeName
    ) -> InstanceID {
        var id = "\(node.text):\(container.name):\(port.number)"
        if port.transport != .tcp { id += ":\(port.transport.rawValue)" }
        if endpoints.count > 1 {
            if endpoints.count(where: { $0.port == endpoint.port }) > 1 { id += ":\(endpoint.address)" }
            id += ":\(endpoint.port)"
        }
        return id
    }

    private mutating func skip(_ port: ContainerPort?, _ reason: String) {
        report.decisions.append(.init(port: port?.description, outcome: .skipped(reason: reason)))
    }

    /// Two ports often have the same to say.
    private mutating func note(_ notes: [String]) {
        report.notes += notes.filter { !report.notes.contains($0) }
    }

    /// The report on a container that is known from the engine's list alone, because it does not run.
    static func report(on summary: ContainerSummary, engine: String) -> DerivationReport {
        let state = summary.state.printable
        return DerivationReport(
            engine: engine, containerID: summary.id, containerName: summary.name.printable,
            image: summary.image.printable, state: state,
            decisions: [.init(port: nil, outcome: .skipped(reason: "the container is not running: it is \(state)"))],
            notes: [])
    }
}
