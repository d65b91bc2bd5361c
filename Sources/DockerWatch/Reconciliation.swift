import Registry

/// What the registry must be told so that it says of some containers what it should.
struct Reconciliation: Equatable {
    /// Removals come first, so that a name can move from one container to another in one batch.
    var removed: [ServiceInstance] = []
    var put: [ServiceInstance] = []
    /// Of containers with a HEALTHCHECK that says something new.
    var checksPut: [HealthCheck] = []
    var checksRemoved: [CheckKey] = []
    /// Wanted, but somebody who is no Docker watcher has registered something under the same id, and keeps it.
    var occupied: [InstanceKey] = []

    /// Nothing to be told.
    init() {}

    var changes: [CatalogChange] {
        removed.map { .removeInstance($0.key) } + put.map { .putInstance($0, checks: nil) }
            + checksPut.map { .putCheck($0) } + checksRemoved.map { .removeCheck($0) }
    }

    /// Compares what some containers should be registered as with what is registered.
    ///
    /// - Parameters:
    ///   - wanted: by container id; nothing for one that is gone.
    ///   - keys: where the registry may hold instances of these containers.
    ///   - registered: what the registry holds under a key.
    init(
        wanted: [String: [ServiceInstance]], keys: some Sequence<InstanceKey>,
        registered: (InstanceKey) -> ServiceInstance?
    ) {
        var wantedKeys: Set<InstanceKey> = []
        for (_, instances) in wanted.sorted(by: { $0.key < $1.key }) {
            for instance in instances where wantedKeys.insert(instance.key).inserted {
                let present = registered(instance.key)
                if let present, present.container == nil {
                    occupied.append(instance.key)
                } else if present != instance {
                    put.append(instance)
                }
            }
        }
        for key in Set(keys).subtracting(wantedKeys).sorted(by: { $0.id < $1.id }) {
            // A key may have passed to another container of the same name since.
            guard let present = registered(key), let container = present.container, wanted[container] != nil else {
                continue
            }
            removed.append(present)
        }
    }

    /// Compares what a container's HEALTHCHECK says with what is registered of it. Its output is as of the last time that the
    /// container was looked at: when its health changed.
    ///
    /// - Parameters:
    ///   - health: `nil`: there is no check.
    ///   - instances: the container's.
    mutating func settleHealth(
        _ health: ContainerHealth?, of instances: [ServiceInstance], registered: (CheckKey) -> HealthCheck?
    ) {
        for instance in instances where !occupied.contains(instance.key) {
            let present = registered(CheckKey(node: instance.node, id: ContainerHealth.checkID(of: instance)))
            if let wanted = health?.check(of: instance) {
                if present != wanted { checksPut.append(wanted) }
            } else if let present, present.definition?.source == .container {
                checksRemoved.append(present.key)
            }
        }
    }
}

extension ServiceInstance {
    /// The id of the container that the instance was derived from.
    var container: String? {
        switch owner {
        case .docker(engine: _, let container): container
        case .agent, nil: nil
        }
    }
}
