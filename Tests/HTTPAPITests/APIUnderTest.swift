import DNS
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Registry
import Telemetry
import Testing

@testable import HTTPAPI

/// The API over a real registry that forgets, without sockets.
struct APIUnderTest {
    let registry: Registry
    let client: any TestClientProtocol

    static func agent() throws -> Agent {
        Agent(
            node: try NodeName("server01"), nodeID: "76b17f02-18ed-7653-f6d0-c78fdc157c5c",
            address: .v4(0x0a0b_61b5), datacenter: "dc1", domain: try DomainName(text: "consul."))
    }

    static let nodeAddress = "10.11.97.181"

    static func api(
        registry: Registry, namePolicy: NamePolicy = .reject, checkPermissions: CheckPermissions = CheckPermissions(),
        containers: (any DerivationReporting)? = nil,
        answers: @escaping @Sendable (DomainName) -> OwnerRecords? = { _ in nil },
        limits: RequestLimits = RequestLimits(), metrics: [any MetricSource] = [],
        log: (any LogSource)? = nil, control: ProcessControl? = nil, keepAlive: Duration = .seconds(15),
        listen: [IPAddress] = [.v4(0x7f00_0001)],
        port: UInt16 = 0, onListening: @escaping @Sendable (UInt16) -> Void = { _ in }, logger: Logger = quiet
    ) throws -> HTTPAPI {
        var configuration = HTTPAPI.Configuration(
            listen: listen, port: port, agent: try agent(), namePolicy: namePolicy, dnsPort: 8600, version: "0.1.0")
        configuration.checkPermissions = checkPermissions
        configuration.limits = limits
        configuration.watchKeepAlive = keepAlive
        return HTTPAPI(
            configuration: configuration,
            registry: registry, containers: containers, answers: answers, metrics: metrics, log: log, control: control,
            onListening: onListening, logger: logger)
    }

    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// Runs a registry that knows the local node.
    static func withRegistry<Result: Sendable>(
        _ body: @escaping @Sendable (Registry) async throws -> Result
    ) async throws -> Result {
        let registry = Registry(journal: MemoryJournal(), logger: quiet)
        let agent = try agent()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                do { try await registry.run() } catch is CancellationError {}
                return nil
            }
            group.addTask {
                let node = Node(name: agent.node, id: agent.nodeID, address: Address(agent.address))
                try await registry.submit([.putNode(node)])
                return try await body(registry)
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    static func run<Result: Sendable>(
        namePolicy: NamePolicy = .reject, checkPermissions: CheckPermissions = CheckPermissions(),
        containers: (any DerivationReporting)? = nil,
        answers: @escaping @Sendable (DomainName) -> OwnerRecords? = { _ in nil }, logger: Logger = quiet,
        _ body: @escaping @Sendable (APIUnderTest) async throws -> Result
    ) async throws -> Result {
        try await withRegistry { registry in
            let api = try api(
                registry: registry, namePolicy: namePolicy, checkPermissions: checkPermissions, containers: containers,
                answers: answers, logger: logger)
            let application = Application(router: api.router, logger: quiet)
            return try await application.test(.router) { client in
                try await body(APIUnderTest(registry: registry, client: client))
            }
        }
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await client.execute(uri: path, method: .get, headers: headers)
    }

    @discardableResult
    func put(_ path: String, _ body: String = "", headers: HTTPFields = [:]) async throws -> TestResponse {
        try await client.execute(uri: path, method: .put, headers: headers, body: ByteBuffer(string: body))
    }

    @discardableResult
    func register(_ body: String, query: String = "") async throws -> TestResponse {
        try await put("/v1/agent/service/register\(query)", body)
    }

    /// All that is registered, by id.
    var instances: [InstanceEntry] {
        get throws { registry.snapshot.instances(on: try Self.agent().node) }
    }

    func instance(_ id: String) throws -> InstanceEntry {
        try #require(try instances.first { $0.instance.value.id == id }, "no instance \(id)")
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    /// The body with its members in the order of their names and its indexes as `N`, which depend on the journal.
    var withoutIndexes: String { text.replacing(/"(Create|Modify)Index":\d+/) { "\"\($0.1)Index\":N" } }
}
