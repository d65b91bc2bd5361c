import DNS
import Logging
import Registry
import TestSupport
import Testing

@testable import DockerWatch

/// A registry and a watcher that run while `body` does.
///
/// - Parameter socket: the path of the engine's socket.
func withWatcher<Result: Sendable>(
    on socket: String, journal: any Journal = MemoryJournal(), prepared: [ServiceInstance] = [],
    onCaughtUp: @escaping @Sendable () -> Void = {}, _ body: (Registry, DockerWatcher) async throws -> Result
) async throws -> Result {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let registry = Registry(journal: journal, logger: logger)
    if !prepared.isEmpty {
        let nodes = Set(prepared.map(\.node)).map { name in
            CatalogChange.putNode(Node(name: name, id: Agent.test.nodeID, address: Address(Agent.test.address)))
        }
        try await registry.submit(nodes + prepared.map { .putInstance($0, checks: nil) })
    }
    let watcher = DockerWatcher(
        configuration: .init(endpoint: .unix(path: socket), agent: .test), registry: registry, logger: logger,
        onCaughtUp: onCaughtUp)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await registry.run() }
        group.addTask { try await watcher.run() }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(registry, watcher)) } catch { result = .failure(error) }
        group.cancelAll()
        try await group.waitForAll()
        return try result.get()
    }
}

extension Registry {
    /// `container name port` of every instance on the test's node, sorted.
    var lines: [String] {
        snapshot.instances(on: Agent.test.node).map(\.instance.value).map { instance in
            "\(instance.id) \(instance.address?.text ?? ""):\(instance.port)"
        }.sorted()
    }
}

/// Waits until the registry says this, and says what it said instead.
func expectEventually(
    _ registry: Registry, _ lines: [String], within limit: Duration = .seconds(60),
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    _ = try await eventually(within: limit) { registry.lines == lines.sorted() }
    #expect(registry.lines == lines.sorted(), sourceLocation: sourceLocation)
}
