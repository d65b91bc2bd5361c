import AsyncHTTPClient
package import Logging
package import Registry
import ServiceLifecycle
import Synchronization

/// Keeps the registry in step with a Docker engine: every published port of every running container is an instance, and
/// nothing else that came from Docker is.
///
/// It is a reconciler: events only say which container to look at, so lost, repeated and reordered ones do no harm. While
/// the engine is away the registry stays as it is. Whatever else is registered, over HTTP or on other nodes, is left alone;
/// what Docker containers once left on this node belongs to the engine that is watched now, whatever its id was then.
package final class DockerWatcher: Service, DerivationReporting {
    package struct Configuration: Sendable {
        package var endpoint: DockerEndpoint
        /// The node to register on; its address is what ports bound to all addresses are published under.
        package var agent: Agent

        package init(endpoint: DockerEndpoint, agent: Agent) {
            self.endpoint = endpoint
            self.agent = agent
        }
    }

    private let configuration: Configuration
    private let registry: Registry
    private let logger: Logger
    let table = SharedContainerTable()
    private let outage = Mutex(Outage())
    private let hasCaughtUp = Atomic(false)

    private let onCaughtUp: @Sendable () -> Void

    /// - Parameter onCaughtUp: called each time the engine was reached and the registry has everything that it ran then.
    package init(
        configuration: Configuration, registry: Registry, logger: Logger,
        onCaughtUp: @escaping @Sendable () -> Void = {}
    ) {
        self.configuration = configuration
        self.registry = registry
        self.onCaughtUp = onCaughtUp
        var logger = logger
        logger[metadataKey: "docker"] = "\(configuration.endpoint)"
        self.logger = logger
    }

    /// How many attempts in a row the engine has not answered.
    var failedAttempts: Int { outage.withLock { $0.failures } }

    package func reports(matching text: String) -> [DerivationReport] {
        table.withLock { $0.reports(matching: text) }
    }

    package var view: ContainerView {
        guard hasCaughtUp.load(ordering: .relaxed) else { return .unseen }
        return failedAttempts > 0 ? .outdated : .current
    }

    /// Watches until the service group shuts down. An engine that does not answer is tried again for ever.
    package func run() async throws {
        let client = DockerSocket.makeClient()
        let watching: Result<Void, any Error>
        do {
            try await cancelWhenGracefulShutdown { try await self.watch(client) }
            watching = .success(())
        } catch {
            watching = .failure(error)
        }
        try await client.shutdown()
        try watching.get()
    }

    private func watch(_ client: HTTPClient) async throws {
        while !Task.isCancelled {
            do {
                let socket = try await DockerSocket(endpoint: configuration.endpoint, client: client).negotiated()
                let session = DockerSession(
                    socket: socket, engine: try await socket.engine(), agent: configuration.agent, registry: registry,
                    table: table, logger: logger,
                    onListed: { self.outage.withLock { $0.end() } },
                    onCaughtUp: {
                        self.hasCaughtUp.store(true, ordering: .relaxed)
                        self.onCaughtUp()
                    })
                try await session.run()
            } catch {
                if Task.isCancelled { return }
                let (pause, isWorthLogging) = outage.withLock { $0.fail(at: .now) }
                if isWorthLogging {
                    logger.warning(
                        "Docker does not answer: trying again and again, while registrations stay as they are",
                        metadata: ["reason": "\(error)"])
                }
                try? await Task.sleep(for: pause)
            }
        }
    }
}

/// The table, shared by the session that keeps it and those who ask for reports.
final class SharedContainerTable: Sendable {
    private let table = Mutex(ContainerTable())

    func withLock<Result>(_ body: (inout ContainerTable) throws -> Result) rethrows -> Result {
        try table.withLock { try body(&$0) }
    }
}
