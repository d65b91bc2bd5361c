import DNS
import Logging
import Registry
import ServiceLifecycle
import Testing

@testable import HealthChecks

/// A checker at work on a registry that forgets.
struct ChecksUnderTest {
    let registry: Registry
    let node: NodeName

    /// Puts an instance with one check that runs every 20 milliseconds.
    func register(
        _ id: InstanceID = "web", probe: CheckDefinition.Probe?, status: HealthStatus = .critical,
        timeout: Duration = .seconds(5), node: NodeName? = nil
    ) async throws {
        try await register(
            id, definition: probe.map { CheckDefinition(probe: $0, interval: .milliseconds(20), timeout: timeout) },
            status: status, node: node)
    }

    func register(
        _ id: InstanceID = "web", definition: CheckDefinition?, status: HealthStatus = .critical, output: String = "",
        node: NodeName? = nil, owner: Owner? = nil
    ) async throws {
        let node = node ?? self.node
        let instance = ServiceInstance(node: node, id: id, name: try ServiceName(id), owner: owner)
        let check = HealthCheck(
            node: node, id: "service:\(id)", name: id, status: status, output: output, instance: id,
            definition: definition)
        try await registry.submit([.putInstance(instance, checks: [check])])
    }

    /// Says of the check what its keeper would.
    func report(_ status: HealthStatus, _ output: String = "") async throws {
        let key = CheckKey(node: node, id: "service:web")
        registry.heartbeats.note(key)
        try await registry.submit([.setStatus(key, status, output: output)])
    }

    var status: HealthStatus { get throws { try check.status } }

    var isRegistered: Bool { registry.snapshot.instance(InstanceKey(node: node, id: "web")) != nil }

    /// The check of an instance of this node.
    func check(_ id: InstanceID) throws -> HealthCheck {
        try #require(registry.snapshot.instance(InstanceKey(node: node, id: id))?.checks.first?.value)
    }

    private var check: HealthCheck { get throws { try check("web") } }

    var output: String { get throws { try check.output } }

    func wait(for status: HealthStatus) async throws {
        try await wait(until: "the check is \(status)") { try check.status == status }
    }

    func wait(until what: String, _ condition: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "waited in vain until \(what)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// Runs a registry and a checker, and at the end stops them gracefully.
func withChecker(
    _ permissions: CheckPermissions = CheckPermissions(), flapDamping: FlapDamping = FlapDamping(),
    _ body: @escaping @Sendable (ChecksUnderTest) async throws -> Void
) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let node = try NodeName("server01")
    let registry = Registry(journal: MemoryJournal(), logger: logger)
    let services = ServiceGroup(
        configuration: .init(
            services: [
                registry,
                HealthChecker(
                    node: node, registry: registry, permissions: permissions, flapDamping: flapDamping, logger: logger),
            ], logger: logger))
    try await withThrowingTaskGroup { group in
        group.addTask { try await services.run() }
        group.addTask {
            defer { Task { await services.triggerGracefulShutdown() } }
            try await registry.submit([.putNode(Node(name: node, id: "", address: Address(.v4(0x7f00_0001))))])
            try await body(ChecksUnderTest(registry: registry, node: node))
        }
        try await group.waitForAll()
    }
}
