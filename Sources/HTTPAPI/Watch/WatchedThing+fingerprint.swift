import Registry

extension WatchedThing {
    /// The same for as long as nothing has changed that is told of this thing, which is no list: by the indexes of all that
    /// it is made from, without encoding any of it.
    func fingerprint(in snapshot: CatalogSnapshot) -> Int {
        var hasher = Hasher()
        switch self {
        case .service(let name):
            for entry in snapshot.service(name)?.instances ?? [] {
                hasher.combine(entry)
                hasher.combine(snapshot.node(entry.instance.value.node))
            }
        case .key(let key): hasher.combine(snapshot.keys.entry(key)?.modifyIndex)
        case .node(let name):
            hasher.combine(snapshot.node(name))
            for entry in snapshot.instances(on: name) { hasher.combine(entry) }
        case .prefix, .checks: break
        }
        return hasher.finalize()
    }
}

extension Hasher {
    fileprivate mutating func combine(_ entry: InstanceEntry) {
        combine(entry.instance.value.id)
        combine(entry.instance.modifyIndex)
        combine(entry.checks)
    }

    fileprivate mutating func combine(_ entry: NodeEntry?) {
        combine(entry?.node.modifyIndex)
        combine(entry?.checks ?? [])
    }

    private mutating func combine(_ checks: [Indexed<HealthCheck>]) {
        combine(checks.count)
        for check in checks {
            combine(check.value.id)
            combine(check.modifyIndex)
        }
    }
}
