import DNS
import Foundation
import Logging
import Registry
import ServiceLifecycle
import Testing

@testable import DNSServer

/// A server on loopback and a free port, with a registry of its own that by default forgets everything.
struct RunningServer: Sendable {
    let server: DNSServer
    let registry: Registry
    /// Holds the zone files.
    let zones: URL

    var port: UInt16 { server.port }

    /// Runs `body` beside a server that has `changes` in its registry and `zones` in its folder, by file name.
    ///
    /// - Parameters:
    ///   - held: is in the registry before there is a server.
    ///   - zonesDirectory: a folder that outlives the server; `nil`: one of its own.
    static func with<Result: Sendable>(
        _ changes: [CatalogChange] = [], holding held: [CatalogChange] = [], zones: [String: String] = [:],
        zonesDirectory: URL? = nil, journal: any Journal = MemoryJournal(), agent: Agent? = nil,
        listen: [IPAddress] = [.v4(0x7f00_0001)],
        tcp: TCPLimits = TCPLimits(), policy: AnswerPolicy = AnswerPolicy(), timesToLive: TimesToLive = TimesToLive(),
        orders: ByService<AnswerOrder> = ByService(usual: .random), alternativeDomain: DomainName? = nil,
        recursors: [ServerAddress] = [],
        recursionClients: RecursionClients = RecursionClients(
            [IPPrefix("127.0.0.0/8"), IPPrefix("::1")].compactMap(\.self)),
        secondaries: Secondaries = Secondaries(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        body: @Sendable @escaping (RunningServer) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "berth-dns-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in zones { try Data(text.utf8).write(to: folder.appending(path: name)) }
        defer {
            do {
                try FileManager.default.removeItem(at: folder)
            } catch {
                Issue.record("cannot remove \(folder.path): \(error)")
            }
        }
        let registry = Registry(journal: journal, logger: logger)
        if !held.isEmpty { try await registry.submit(held) }
        var agent = try agent ?? Example.agent()
        agent.alternativeDomain = alternativeDomain ?? agent.alternativeDomain
        var configuration = DNSServer.Configuration(
            listen: listen, port: 0, agent: agent, zonesDirectory: (zonesDirectory ?? folder).path, tcp: tcp,
            policy: policy)
        configuration.timesToLive = timesToLive
        configuration.orders = orders
        configuration.recursors = recursors
        configuration.recursionClients = recursionClients
        configuration.secondaries = secondaries
        let server = try DNSServer(configuration: configuration, registry: registry, logger: logger)
        let group = ServiceGroup(services: [registry, server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Swift.Result<Result, any Error>
            do {
                if !changes.isEmpty { try await registry.submit(changes) }
                outcome = .success(try await body(RunningServer(server: server, registry: registry, zones: folder)))
            } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    /// Asks with dig as a person would; `arguments` are its own words.
    func dig(_ arguments: String..., address: String = "127.0.0.1") async throws -> DigReply {
        try await DigReply(asking: arguments, address: address, port: port)
    }
}
