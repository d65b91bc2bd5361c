import Registry

extension WatchedThing {
    /// All that there is of it.
    func state(in snapshot: CatalogSnapshot, datacenter: String) throws -> WatchedContent {
        var content = WatchedContent()
        switch self {
        case .service(let name):
            let instances = snapshot.service(name)?.instances ?? []
            try content.add("Service", name.text)
            try content.add(
                "Instances",
                instances.compactMap { entry in
                    snapshot.node(entry.instance.value.node).map {
                        HealthEntryJSON(entry, on: $0, datacenter: datacenter)
                    }
                })
        case .key(let key):
            try content.add("Key", key.text)
            try content.add("Entry", snapshot.keys.entry(key).map { KeyJSON($0) })
        case .node(let name):
            try content.add("Node", name.text)
            try content.add("Entry", snapshot.node(name).map { WatchedNodeJSON($0, in: snapshot, datacenter) })
        case .prefix, .checks: return try changes(from: nil, to: snapshot) ?? content
        }
        return content
    }

    /// Of a thing that is a list: what is new and what is gone.
    ///
    /// - Parameter old: what the reader knows; `nil`: nothing, so it is told of all there is.
    /// - Returns: `nil`: nothing has changed.
    func changes(from old: CatalogSnapshot?, to new: CatalogSnapshot) throws -> WatchedContent? {
        var content = WatchedContent()
        switch self {
        case .prefix(let prefix):
            let difference = Difference(
                from: old?.keys.entries(under: prefix) ?? [], to: new.keys.entries(under: prefix), by: \.key,
                version: \.modifyIndex)
            guard !difference.isEmpty || old == nil else { return nil }
            try content.add("Prefix", prefix.text)
            try content.add("Entries", difference.changed.map { KeyJSON($0) })
            try content.add("Removed", difference.removed.map(\.key.text))
        case .checks(let status):
            let difference = Difference(
                from: old.map { Self.checks(status, in: $0) } ?? [], to: Self.checks(status, in: new),
                by: \.key, version: \.check.modifyIndex)
            guard !difference.isEmpty || old == nil else { return nil }
            try content.add("Status", status?.rawValue ?? "any")
            try content.add("Checks", difference.changed.map { HealthCheckJSON($0.check, of: $0.instance) })
            try content.add(
                "Removed", difference.removed.map { ["Node": $0.key.node.text, "CheckID": $0.key.id] })
        case .service, .key, .node: return nil
        }
        try content.add("Whole", old == nil)
        return content
    }

    /// Whether it is told of by what has changed, rather than whole each time.
    var isList: Bool {
        switch self {
        case .prefix, .checks: true
        case .service, .key, .node: false
        }
    }

    private struct CheckedEntry {
        var check: Indexed<HealthCheck>
        var instance: ServiceInstance?
        var key: CheckKey { CheckKey(node: check.value.node, id: check.value.id) }
    }

    private static func checks(_ status: HealthStatus?, in snapshot: CatalogSnapshot) -> [CheckedEntry] {
        snapshot.nodes.flatMap { node in
            let own = node.checks.map { CheckedEntry(check: $0, instance: nil) }
            let others = snapshot.instances(on: node.node.value.name).flatMap { entry in
                entry.checks.map { CheckedEntry(check: $0, instance: entry.instance.value) }
            }
            return (own + others).filter { status == nil || $0.check.value.status == status }
        }
    }
}

/// What was added, altered or removed between two lists.
struct Difference<Element> {
    private(set) var changed: [Element] = []
    private(set) var removed: [Element] = []

    var isEmpty: Bool { changed.isEmpty && removed.isEmpty }

    /// - Parameters:
    ///   - key: by which elements are the same one.
    ///   - version: by which they are as they were.
    init<Key: Hashable>(
        from old: [Element], to new: [Element], by key: (Element) -> Key, version: (Element) -> UInt64
    ) {
        guard !old.isEmpty else {
            changed = new
            return
        }
        let versions = Dictionary(old.map { (key($0), version($0)) }) { $1 }
        changed = new.filter { versions[key($0)] != version($0) }
        let keys = Set(new.map(key))
        removed = old.filter { !keys.contains(key($0)) }
    }
}

/// A node with its checks and its instances with theirs.
private struct WatchedNodeJSON: Encodable {
    var node: NodeJSON
    var checks: [HealthCheckJSON]
    var services: [ServiceJSON]

    enum CodingKeys: String, CodingKey {
        case node = "Node"
        case checks = "Checks"
        case services = "Services"
    }

    init(_ entry: NodeEntry, in snapshot: CatalogSnapshot, _ datacenter: String) {
        node = NodeJSON(entry.node, datacenter: datacenter)
        checks = HealthCheckJSON.checks(on: entry, in: snapshot)
        services = snapshot.instances(on: entry.node.value.name).map { ServiceJSON($0.instance) }
    }
}
