import GoTemplate
import Registry
import Synchronization

/// The catalog as one rendering sees it. Remembers what was read.
final class TemplateData: Sendable {
    private let snapshot: CatalogSnapshot
    /// `nil` where the functions are only asked for their types.
    private let agent: Agent?
    private let read = Mutex(Dependencies())

    init(snapshot: CatalogSnapshot, agent: Agent?) {
        self.snapshot = snapshot
        self.agent = agent
    }

    /// What was read so far.
    var dependencies: Dependencies { read.withLock { $0 } }

    /// The functions that read the catalog. One entry for each is all that a new one takes.
    var functions: FunctionTable {
        FunctionTable([
            "scratch": Scratch().function,
            "service": Function(variadic: .string) { arguments in
                try self.service(arguments.map { "\($0.text)" }.joined(separator: "|"))
            },
        ])
    }

    /// All functions that a file's template can call, for reading templates before there is data.
    static let signatures = FunctionTable.consulTemplate.merging(environment).merging(
        TemplateData(snapshot: CatalogSnapshot(), agent: nil).functions)

    private func service(_ text: String) throws -> Value {
        guard !text.isEmpty else { return ServiceReading.list([]) }
        let query = try ServiceQuery(text)
        if let datacenter = query.datacenter, datacenter != agent?.datacenter {
            throw FunctionError("health.service(\(text)): no path to datacenter \"\(datacenter)\"")
        }
        // A name that no service can have, such as one that is too long, has no instances and never will.
        guard let name = try? ServiceName(query.name, policy: .allow) else { return ServiceReading.list([]) }
        read.withLock { _ = $0.services.insert(name) }
        var instances: [ServiceReading] = []
        for entry in snapshot.service(name)?.instances ?? [] {
            if let tag = query.tag, !entry.instance.value.tags.contains(tag) { continue }
            guard let instance = ServiceReading(entry, in: snapshot), query.statuses.contains(instance.status) else {
                continue
            }
            instances.append(instance)
        }
        if let near = query.near {
            let node = near == "_agent" ? agent?.node.folded : near.lowercased()
            let isNear = { (instance: ServiceReading) in instance.node.name.folded == node }
            instances = instances.filter(isNear) + instances.filter { !isNear($0) }
        }
        if instances.isEmpty { read.withLock { $0.hasGaps = true } }
        return ServiceReading.list(instances)
    }
}
