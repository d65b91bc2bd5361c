import AsyncHTTPClient
import Logging
import Registry

/// One check, looked after until its task is cancelled.
struct CheckRun: Sendable {
    let key: CheckKey
    let instance: InstanceKey?
    let definition: CheckDefinition
    /// Kept up to date from the catalog alone, so that a write that was lost or undone is made again.
    let known: KnownState
    private let news: AsyncStream<CatalogSnapshot>
    let tools: CheckTools

    init(_ entry: CheckRoster.Entry, tools: CheckTools) {
        key = entry.check.key
        instance = entry.check.instance.map { InstanceKey(node: entry.check.node, id: $0) }
        definition = entry.definition
        known = entry.known
        news = entry.news
        self.tools = tools
    }

    func run() async {
        guard let instance, let time = definition.removesInstanceAfter else { return await keepStatus() }
        await withTaskGroup { group in
            group.addTask { await keepStatus() }
            group.addTask { await self.remove(instance, criticalFor: time) }
            await group.waitForAll()
        }
    }

    private func keepStatus() async {
        switch definition.source {
        case .probe(let probe, let interval, let timeout): await self.probe(probe, every: interval, timeout: timeout)
        case .reports(let period): await awaitReports(within: period)
        case .alias(let alias): await follow(alias, news)
        case .container, .elsewhere: break
        }
    }
}

/// What checks share while they run.
struct CheckTools: Sendable {
    let registry: Registry
    let permissions: CheckPermissions
    let flapDamping: FlapDamping
    let engine: ContainerEngine?
    /// Of the engine's.
    let client: HTTPClient
    let connections: ProbeSlots
    let programs: ProbeSlots
    let logger: Logger
}
