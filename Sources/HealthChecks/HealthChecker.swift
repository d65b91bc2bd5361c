import AsyncHTTPClient
package import Logging
package import Registry
import ServiceLifecycle

/// Looks after the checks of one node that have a definition: runs them or waits for reports, and writes what they say into
/// the registry.
package struct HealthChecker: Service {
    /// How many programs may run at the same time.
    private static let programs = 256

    private let node: NodeName
    private let registry: Registry
    private let permissions: CheckPermissions
    private let flapDamping: FlapDamping
    private let connections: Int
    private let engine: ContainerEngine?
    private let logger: Logger

    /// - Parameters:
    ///   - connections: how many probes may wait for an answer at the same time. Those of hosts that are silent wait for all
    ///     of their timeouts.
    ///   - engine: runs programs in containers; `nil`: none does.
    package init(
        node: NodeName, registry: Registry, permissions: CheckPermissions = CheckPermissions(),
        flapDamping: FlapDamping = FlapDamping(), connections: Int = 256, engine: ContainerEngine? = nil, logger: Logger
    ) {
        self.node = node
        self.registry = registry
        self.permissions = permissions
        self.flapDamping = flapDamping
        self.connections = connections
        self.engine = engine
        self.logger = logger
    }

    /// Follows the catalog until graceful shutdown or cancellation. A check starts when it is registered, starts anew
    /// when its definition changes, and stops when it is removed.
    package func run() async throws {
        let feed = ChangeFeed { old, new in
            old.checksIndex != new.checksIndex || old.servicesIndex != new.servicesIndex
        }
        registry.observe(feed)
        let client = ContainerProbe.makeClient()
        let tools = CheckTools(
            registry: registry, permissions: permissions, flapDamping: flapDamping, engine: engine, client: client,
            connections: ProbeSlots(connections), programs: ProbeSlots(Self.programs), logger: logger)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                var roster = CheckRoster()
                var seen: UInt64 = 0
                for await (snapshot, delta) in feed {
                    let started = seen == snapshot.checksIndex ? [] : update(&roster, to: snapshot, touched: delta)
                    seen = snapshot.checksIndex
                    for entry in started {
                        let check = CheckRun(entry, tools: tools)
                        group.addTask { await run(check, until: entry.stop) }
                        entry.tell(snapshot)
                    }
                    roster.tellAliases(of: snapshot, touched: delta)
                }
                group.cancelAll()
            }
        }
        try await client.shutdown()
    }

    /// - Returns: the checks to start.
    private func update(
        _ roster: inout CheckRoster, to snapshot: CatalogSnapshot, touched delta: CatalogDelta
    ) -> [CheckRoster.Entry] {
        var started: [CheckRoster.Entry] = []
        for name in delta.services {
            let checks = snapshot.service(name)?.instances.lazy.flatMap(\.checks).map(\.value).filter(concerns) ?? []
            started += roster.replace(checks, of: .service(name))
        }
        for name in delta.nodes {
            let checks = snapshot.node(name)?.checks.map(\.value).filter(concerns) ?? []
            started += roster.replace(checks, of: .node(name))
        }
        return started
    }

    /// Of other nodes only the checks that nobody there looks after: what becomes of services that are critical for long.
    private func concerns(_ check: HealthCheck) -> Bool {
        guard let definition = check.definition, definition.source != .container else { return false }
        return definition.isKeptHere ? check.node == node : definition.removesInstanceAfter != nil
    }

    private func run(_ check: CheckRun, until stop: AsyncStream<Never>) async {
        await withTaskGroup { group in
            group.addTask { await check.run() }
            for await _ in stop {}
            group.cancelAll()
        }
    }
}
