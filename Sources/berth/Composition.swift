import DNS
import DNSServer
import DockerWatch
import Foundation
import HTTPAPI
import HealthChecks
import Logging
import Registry
import ServiceLifecycle
import Settings
import Telemetry
import TemplateRendering
import UnixSignals

/// The parts of a running Berth, joined. They know the registry, never each other.
struct Composition {
    /// In the order of dependence.
    private let parts: [(name: String, service: any Service)]
    private let logger: Logger

    /// Builds all parts. When this returns, the catalog is read back and DNS has its port and its answers.
    ///
    /// - Throws: the error of the part that cannot start; its description is a sentence.
    init(settings: Settings, flags: ServeFlags, log: Log) async throws {
        let logger = log.logger("berth")
        let registry = Registry(journal: try Self.journal(settings.storage), logger: log.logger("registry"))
        settings.warnOfTransfers(logger)
        let agent = Agent(settings.identity, known: registry.snapshot, logger: logger)
        let dns = try DNSServer(
            configuration: try DNSServer.Configuration(settings, agent), registry: registry, logger: log.logger("dns"))
        try await registry.submit(agent.arrival(in: registry.snapshot, watchesDocker: settings.docker != .off))

        let (surveys, survey) = AsyncStream<Void>.makeStream()
        let docker = DockerWatcher.Configuration(settings, agent).map {
            DockerWatcher(
                configuration: $0, registry: registry, logger: log.logger("docker"),
                onCaughtUp: {
                    survey.finish()
                    dns.knowsAllNames()
                })
        }
        let dockerSurvey: @Sendable () async -> Void = { for await _ in surveys {} }
        let templates = TemplateRenderer(
            configuration: TemplateRenderer.Configuration(settings.templates), agent: agent, registry: registry,
            logger: log.logger("templates"), dockerSurvey: docker == nil ? nil : dockerSurvey)
        let checks = HealthChecker(
            node: agent.node, registry: registry, permissions: CheckPermissions(settings.checks),
            flapDamping: FlapDamping(settings.checks), connections: min(4096, ProcessLimits.openFiles / 4),
            engine: ContainerEngine(settings.docker),
            logger: log.logger("checks"))
        let reloader = Reloader(
            original: settings, flags: flags,
            apply: { new in
                log.threshold.set(new.log.level)
                templates.reload(TemplateRenderer.Configuration(new.templates))
                return dns.reloadZones().map { "\($0)" }
            }, logger: logger)
        let listening = Gate()
        let leaving = Gate()
        let http = HTTPAPI(
            configuration: HTTPAPI.Configuration(settings, agent, dnsPort: dns.port), registry: registry,
            containers: docker, answers: { dns.records(at: $0) },
            metrics: Self.metricSources(registry, dns, docker, templates), log: log.readers,
            control: ProcessControl(reload: { await reloader.reload() }, leave: { leaving.open() }),
            onListening: { port in
                listening.open()
                let service = Self.answeredService(in: registry.snapshot, agent, dns)
                Banner(settings, agent, dnsPort: dns.port, httpPort: port, service: service).show()
            }, logger: log.logger("http"))

        // A port that is taken must end the process before it has promised or changed anything outside.
        func gated(_ part: (any Service)?) -> (any Service)? { part.map { Gated(part: $0, gate: listening) } }
        let all: [(String, (any Service)?)] = [
            ("registry", registry), ("dns", gated(dns)), ("http", http), ("templates", gated(templates)),
            ("checks", gated(checks)), ("docker", gated(docker)), ("reloader", reloader),
            ("departure", Departure(gate: leaving)),
        ]
        parts = all.compactMap { name, service in service.map { (name, $0) } }
        self.logger = logger
    }

    /// Runs all parts until SIGTERM, SIGINT or a request to leave, or until one fails. They stop in backward order: who writes stops first,
    /// the registry last.
    func run() async throws {
        var configuration = ServiceGroupConfiguration(
            services: parts.map { part in
                .init(
                    service: part.service,
                    successTerminationBehavior: part.service is Departure ? .gracefullyShutdownGroup : .cancelGroup,
                    serviceName: part.name)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // Whatever does not end by itself is cancelled then.
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Whoever has figures of itself, beside the HTTP side.
    private static func metricSources(_ sources: (any MetricSource)?...) -> [any MetricSource] {
        [ProcessFigures()] + sources.compactMap(\.self)
    }

    private static func journal(_ storage: Settings.Storage) throws -> any Journal {
        switch storage {
        case .memory: return MemoryJournal()
        case .directory(let path):
            do {
                return try SQLiteJournal(directory: path)
            } catch JournalError.inaccessible(let path, let reason) where !FileManager.default.fileExists(atPath: path)
            {
                throw MissingDataDirectory(path: path, reason: reason)
            }
        }
    }

    /// A service that DNS has an answer for, the first where there are not very many; `nil` if there is none yet.
    private static func answeredService(in snapshot: CatalogSnapshot, _ agent: Agent, _ dns: DNSServer) -> String? {
        snapshot.someServices(1000).sorted().lazy.map(\.text).first { name in
            DomainName("\(name).service.\(agent.domain)").flatMap(dns.records)?.sets.isEmpty == false
        }
    }
}

/// The data directory is not there and cannot be made.
struct MissingDataDirectory: Error, CustomStringConvertible {
    var path: String
    /// The operating system's.
    var reason: String

    var description: String {
        "the data directory \(path) is not there and cannot be made (\(reason)); choose another with --data-dir"
    }
}
