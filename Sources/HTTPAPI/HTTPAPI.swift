package import DNS
import Glibc
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import Registry
import ServiceLifecycle
package import Telemetry

/// The HTTP side of the registry: Consul's API, version 1, and Berth's own questions below `/v1/berth`.
package struct HTTPAPI: Service {
    package struct Configuration: Sendable {
        /// At least one address.
        package var listen: [IPAddress]
        /// 0: any free port, the same on every address.
        package var port: UInt16
        package var agent: Agent
        package var namePolicy: NamePolicy
        package var checkPermissions = CheckPermissions()
        /// Where DNS is answered, for the lines that explanations suggest.
        package var dnsPort: UInt16
        package var version: String
        package var limits = RequestLimits()
        /// How often readers that watch hear something at least.
        package var watchKeepAlive = Duration.seconds(15)

        package init(
            listen: [IPAddress], port: UInt16, agent: Agent, namePolicy: NamePolicy, dnsPort: UInt16, version: String
        ) {
            self.listen = listen
            self.port = port
            self.agent = agent
            self.namePolicy = namePolicy
            self.dnsPort = dnsPort
            self.version = version
        }
    }

    private let configuration: Configuration
    private let registry: Registry
    private let containers: (any DerivationReporting)?
    private let answers: @Sendable (DomainName) -> OwnerRecords?
    private let onListening: @Sendable (UInt16) -> Void
    private let bodies: BodyBudget
    let watchers: Watchers
    private let restoring = RestorationTurn()
    let encoded = EncodedAnswers()
    private let ready: ReadyAnswers
    let clients: ClientConnections
    let requests = RequestCounts()
    private let metricSources: [any MetricSource]
    private let log: (any LogSource)?
    private let control: ProcessControl?
    private let start = ContinuousClock.now
    private let logger: Logger

    /// - Parameters:
    ///   - containers: who derives registrations from containers; `nil`: nobody does.
    ///   - answers: what DNS holds at a name.
    ///   - metrics: of the other parts.
    ///   - log: what `/v1/agent/monitor` shows; `nil`: nothing.
    ///   - control: what can be told to the process; `nil`: nothing.
    ///   - onListening: called once, with the port, when every address is listened on.
    package init(
        configuration: Configuration, registry: Registry, containers: (any DerivationReporting)?,
        answers: @escaping @Sendable (DomainName) -> OwnerRecords?, metrics: [any MetricSource] = [],
        log: (any LogSource)? = nil, control: ProcessControl? = nil,
        onListening: @escaping @Sendable (UInt16) -> Void, logger: Logger
    ) {
        self.configuration = configuration
        self.registry = registry
        self.containers = containers
        self.answers = answers
        self.onListening = onListening
        bodies = BodyBudget(largest: configuration.limits.bodySize, largestValue: configuration.limits.valueSize)
        clients = ClientConnections(limit: configuration.limits.connectionsPerClient)
        metricSources = metrics
        self.log = log
        self.control = control
        watchers = Watchers(of: registry)
        ready = ReadyAnswers(of: registry)
        self.logger = logger
    }

    /// Serves until graceful shutdown.
    ///
    /// - Throws: ``HTTPAPIError`` when an address cannot be listened on.
    package func run() async throws {
        try await withThrowingTaskGroup { group in
            var port = configuration.port
            for (index, address) in configuration.listen.enumerated() {
                let (listening, announce) = AsyncStream<UInt16>.makeStream()
                let asked = port
                group.addTask {
                    defer { announce.finish() }
                    try await serve(on: address, port: asked, announce: announce)
                }
                // No port: it failed, which the group knows, or was told to stop before it began.
                guard let bound = await listening.first(where: { _ in true }) else { break }
                port = bound
                if index == configuration.listen.count - 1 { onListening(bound) }
            }
            // Not waitForAll, which would wait for the others where one has failed.
            for try await _ in group {}
        }
    }

    private func serve(
        on address: IPAddress, port: UInt16, announce: AsyncStream<UInt16>.Continuation
    ) async throws {
        var serverLogger = logger
        // Where it listens is ours to say.
        serverLogger.logLevel = max(logger.logLevel, .notice)
        let connections = ConnectionSetup(
            clients: clients, limits: configuration.limits, counts: requests,
            answering: answering(logger: serverLogger))
        let server = connections.server(
            configuration: ServerConfiguration(
                address: .hostname(address.description, port: Int(port)),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.limits.connections)),
            onServerRunning: { channel in
                announce.yield(channel.localAddress?.port.flatMap(UInt16.init) ?? port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: serverLogger)
        do {
            try await server.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw HTTPAPIError.portTaken(address: address, port: port)
        } catch let error as IOError {
            throw HTTPAPIError.cannotListen(address: address, port: port, reason: error.description)
        }
    }

    /// How connections answer requests.
    private func answering(logger: Logger) -> HTTPConnection.Answering {
        let responder = router.buildResponder()
        let date = DateHeader()
        return HTTPConnection.Answering(
            ready: ready, watchers: watchers, date: date, counts: requests,
            make: { request, circumstances, channel in
                var context = APIContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
                context.circumstances = circumstances
                var response: Response
                do {
                    response = try await responder.respond(to: request, context: context)
                } catch {
                    logger.error("a request has no answer", metadata: ["error": "\(error)"])
                    response = Response(status: .internalServerError)
                }
                response.headers[.date] = date.now
                return response
            })
    }

    /// Every endpoint there is.
    var router: Router<APIContext> {
        let agent = configuration.agent
        let policy = configuration.namePolicy
        let permissions = configuration.checkPermissions
        let reads = CatalogReads(
            agent: agent, registry: registry, watchers: watchers, namePolicy: policy, encoded: encoded, ready: ready)
        let router = Router(context: APIContext.self)
        router.add(middleware: requests)
        router.add(middleware: PlainErrors(logger: logger))
        router.add(middleware: URILimit(limit: configuration.limits.uriSize))
        router.add(middleware: SiteGuard(agent: agent))
        router.add(
            StatusRoutes(agent: agent).endpoints
                + CatalogRoutes(reads: reads).endpoints
                + CatalogWriteRoutes(agent: agent, registry: registry, namePolicy: policy, bodies: bodies).endpoints
                + HealthRoutes(reads: reads).endpoints
                + AgentReadRoutes(reads: reads, version: configuration.version, dnsPort: configuration.dnsPort)
                .endpoints
                + AgentHealthRoutes(reads: reads).endpoints
                + MonitorRoutes(log: log).endpoints
                + ProcessRoutes(control: control).endpoints
                + WatchRoutes(reads: reads, keepAlive: configuration.watchKeepAlive).endpoints
                + MetricsRoutes(sources: metricSources + [self], start: start).endpoints
                + AgentServiceRoutes(
                    agent: agent, registry: registry, namePolicy: policy, permissions: permissions, bodies: bodies,
                    logger: logger
                ).endpoints
                + AgentCheckRoutes(
                    agent: agent, registry: registry, permissions: permissions, bodies: bodies, logger: logger
                ).endpoints
                + MaintenanceRoutes(agent: agent, registry: registry).endpoints
                + KeyRoutes(reads: reads, bodies: bodies).endpoints
                + SessionRoutes(reads: reads, bodies: bodies).endpoints
                + TransactionRoutes(reads: reads, bodies: bodies).endpoints
                + PreparedQueryRoutes(reads: reads, bodies: bodies).endpoints
                + SnapshotRoutes(
                    reads: reads, version: configuration.version, restoring: restoring,
                    limit: configuration.limits.snapshotSize, logger: logger
                ).endpoints
                + EventRoutes(reads: reads, bodies: bodies).endpoints
                + CoordinateRoutes(reads: reads).endpoints
                + OperatorRoutes(agent: agent).endpoints
                + UIRoutes(reads: reads).endpoints
                + ExplainRoutes(explainer: explainer).endpoints
                + OpenAPIRoutes(version: configuration.version).endpoints)
        return router
    }

    private var explainer: Explainer {
        let listen = configuration.listen.first { !$0.isUnspecified } ?? .v4(0x7f00_0001)
        return Explainer(
            agent: configuration.agent, digOptions: "@\(listen) -p \(configuration.dnsPort)", registry: registry,
            containers: containers, answers: answers)
    }
}
