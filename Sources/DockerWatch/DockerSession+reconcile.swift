import DNS
import Logging
import Registry
import Synchronization

extension DockerSession {
    func listed() async -> Result<[ContainerSummary], DockerError> {
        do {
            return .success(try await socket.containers())
        } catch {
            return .failure(error)
        }
    }

    /// Looks at one container as it is now.
    func inspect(_ id: String) async -> Inbox.Inspection {
        do {
            guard let container = try await socket.container(id) else { return .gone }
            return .found(
                Derivation(
                    of: container, image: await imageSettings(of: container), engine: engine.id, agent: agent))
        } catch {
            return .failed(error)
        }
    }

    /// What the container's image sets: asked for only where it decides between a label and a variable.
    private func imageSettings(of container: Container) async -> ImageSettings? {
        guard ContainerLabels.disagree(labels: container.labels, environment: container.environment),
            container.imageID.hasPrefix("sha256:"), ContainerSummary.isID(String(container.imageID.dropFirst(7)))
        else { return nil }
        do {
            return try await socket.image(container.imageID)
        } catch {
            logger.debug("cannot ask for an image, so labels count", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// - Returns: the containers to look at, now that all were listed.
    func survey(_ summaries: [ContainerSummary], isFirst: Bool) -> Set<String> {
        let registered = registry.snapshot.instances(on: agent.node).map(\.instance.value)
        let suspects = table.withLock {
            $0.survey(summaries, registered: registered, engine: engine.id, all: isFirst)
        }
        if isFirst {
            logger.info(
                "watching Docker",
                metadata: [
                    "engine": "\(engine.id)", "version": "\(engine.version.printable)",
                    "containers": "\(summaries.count)",
                ])
            onListed()
        }
        return suspects
    }

    /// Makes the registry say what was found.
    ///
    /// - Parameter isRetry: whether a container failed before, so that it is not logged over and over.
    /// - Returns: the containers that must be looked at again.
    func settle(_ inspected: [String: Inbox.Inspection], isRetry: (String) -> Bool) async -> Set<String> {
        var derivations: [String: Derivation?] = [:]
        var failed: Set<String> = []
        for (id, inspection) in inspected {
            switch inspection {
            case .found(let derivation): derivations[id] = .some(derivation)
            case .gone: derivations[id] = .some(nil)
            case .failed(let error):
                failed.insert(id)
                logger.log(
                    level: isRetry(id) ? .debug : .warning,
                    "cannot look at a container; its registrations stay as they are",
                    metadata: ["container": "\(id.prefix(12))", "reason": "\(error)"])
                // Perhaps the engine itself is gone: a listing will tell.
                if error.isUnreachable { inbox.markAll() }
            }
        }
        let reconciliation: Reconciliation
        do {
            reconciliation = try await reconcile(derivations)
        } catch {
            logger.log(
                level: derivations.keys.allSatisfy(isRetry) ? .debug : .warning,
                "cannot register containers yet; trying again", metadata: ["reason": "\(error)"])
            return failed.union(derivations.keys)
        }
        report(derivations, reconciliation)
        table.withLock { $0.settle(derivations, occupied: reconciliation.occupied) }
        return failed
    }

    /// Decides within the registry's turn, so that what somebody registers meanwhile is neither lost nor taken over.
    private func reconcile(_ derivations: [String: Derivation?]) async throws(RegistryError) -> Reconciliation {
        let decided = Mutex(Reconciliation())
        try await registry.submit { catalog in
            let reconciliation = table.withLock {
                $0.reconciliation(
                    of: derivations, registered: { catalog.instance($0)?.instance.value },
                    checks: { catalog.check($0)?.value })
            }
            decided.withLock { $0 = reconciliation }
            guard !reconciliation.changes.isEmpty, catalog.node(agent.node) == nil else {
                return reconciliation.changes
            }
            return [.putNode(Node(name: agent.node, id: agent.nodeID, address: Address(agent.address)))]
                + reconciliation.changes
        }
        return decided.withLock { $0 }
    }

    private func report(_ derivations: [String: Derivation?], _ reconciliation: Reconciliation) {
        for case let (id, derivation?) in derivations {
            let known = table.withLock { $0.report(on: id)?.notes ?? [] }
            for note in derivation.report.notes where !known.contains(note) {
                logger.warning(
                    "about a container",
                    metadata: ["container": "\(derivation.report.containerName)", "note": "\(note)"])
            }
        }
        for instance in reconciliation.put { logger.info("registered", metadata: metadata(of: instance)) }
        for instance in reconciliation.removed { logger.info("deregistered", metadata: metadata(of: instance)) }
        for check in reconciliation.checksPut {
            logger.info(
                "a container's health", metadata: ["instance": "\(check.instance ?? "")", "status": "\(check.status)"])
        }
    }

    private func metadata(of instance: ServiceInstance) -> Logger.Metadata {
        [
            "service": "\(instance.name.text)", "instance": "\(instance.id)",
            "address": "\(instance.address?.text ?? "")", "port": "\(instance.port)",
            "container": "\(instance.container?.prefix(12) ?? "")",
        ]
    }
}
