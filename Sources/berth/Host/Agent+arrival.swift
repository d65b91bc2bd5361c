import Registry

extension Agent {
    /// What the catalog must learn when this process starts, as one submission:
    ///
    /// - the node itself, as it is now;
    /// - registrations made under this host's former name: they move to the new one;
    /// - instances that came from Docker, when Docker is not watched any more: nobody would ever remove them.
    func arrival(in catalog: CatalogSnapshot, watchesDocker: Bool) -> [CatalogChange] {
        let former = Self.formerNode(of: node, in: catalog)
        var changes: [CatalogChange] = [.putNode(Node(self))]
        let derived = watchesDocker ? [] : catalog.derivedInstances(on: node)
        for entry in former.map(catalog.instances(on:)) ?? derived {
            let instance = entry.instance.value
            if instance.source != nil, !watchesDocker {
                changes.append(.removeInstance(instance.key))
            } else if former != nil {
                changes.append(Self.moved(entry, to: node))
            }
        }
        if let former {
            changes += (catalog.node(former)?.checks ?? []).map { Self.moved($0.value, to: node) }.map { .putCheck($0) }
            changes.append(.removeNode(former))
        }
        return changes
    }

    /// The id this host has in the catalog already, under its name or its former one.
    static func knownID(of node: NodeName, in catalog: CatalogSnapshot) -> String? {
        catalog.node(formerNode(of: node, in: catalog) ?? node)?.node.value.id
    }

    /// This host's only other name in its own catalog. Nodes that somebody else has registered mostly have no id; of several
    /// with one it cannot be told which one it was.
    private static func formerNode(of node: NodeName, in catalog: CatalogSnapshot) -> NodeName? {
        let hosts = catalog.nodes.lazy.map(\.node.value).filter { !$0.id.isEmpty }.prefix(2)
        guard hosts.count == 1, let only = hosts.first?.name, only != node else { return nil }
        return only
    }

    private static func moved(_ entry: InstanceEntry, to node: NodeName) -> CatalogChange {
        var instance = entry.instance.value
        instance.node = node
        return .putInstance(instance, checks: entry.checks.map { moved($0.value, to: node) })
    }

    private static func moved(_ check: HealthCheck, to node: NodeName) -> HealthCheck {
        var check = check
        check.node = node
        return check
    }
}
