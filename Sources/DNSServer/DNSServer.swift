package import DNS
package import Logging
package import Registry
import ServiceLifecycle
import Synchronization
package import ZoneFiles

/// Answers DNS over UDP and TCP: the registry's zone, and the zones of a folder of master files.
///
/// It is bound, and its answers are those of the registry, as soon as it is made; queries wait until it runs. What a large
/// registry holds is published while it runs.
package final class DNSServer: Service {
    package struct Configuration: Sendable {
        /// At least one. The same port is bound on each.
        package var listen: [IPAddress]
        /// 0: any that is free for UDP and TCP on all addresses, and that the system gives to no client.
        package var port: UInt16
        package var agent: Agent
        package var timesToLive = TimesToLive()
        package var orders = ByService(usual: AnswerOrder.random)
        /// A folder that need not exist; `nil`: no zone files.
        package var zonesDirectory: String?
        /// Threads for UDP, on each address; at least 1.
        package var workers: Int
        package var tcp: TCPLimits
        package var policy: AnswerPolicy
        /// Who is asked for names outside the zones, in this order; none: such queries are refused.
        package var recursors: [ServerAddress] = []
        /// Whose queries they are asked for.
        package var recursionClients = RecursionClients([])
        package var udp = UDPWorker.Options()
        /// How long after the start services may still come to be known that were there all along, unless
        /// ``knowsAllNames()`` ends it: until then SERVFAIL is answered in place of NXDOMAIN.
        package var learningTime = Duration.zero
        /// Who may have whole zones, and who is told of their changes.
        package var secondaries = Secondaries()

        package init(
            listen: [IPAddress], port: UInt16, agent: Agent, zonesDirectory: String? = nil,
            workers: Int = DNSServer.activeCores, tcp: TCPLimits = TCPLimits(), policy: AnswerPolicy = AnswerPolicy()
        ) {
            self.listen = listen
            self.port = port
            self.agent = agent
            self.zonesDirectory = zonesDirectory
            self.workers = workers
            self.tcp = tcp
            self.policy = policy
            self.policy.idleTimeout = tcp.idleTimeout
        }
    }

    /// The port that is bound, never 0.
    package let port: UInt16
    private let configuration: Configuration
    /// Locked while the folder is read, so that what was read last is what is published last.
    private let zoneFolder: Mutex<ZoneFolder?>
    let publisher: AnswerPublisher
    let workers: [UDPWorker]
    let tcpCounters = TCPCounters()
    private let listener: TCPListener
    private let recursion: Recursion?
    private let registry: Registry
    private let notifier: Notifier
    private let logger: Logger

    /// Binds every address, loads the zone files and begins to follow the registry.
    ///
    /// - Throws: ``DNSServerError``, with nothing left bound.
    package init(
        configuration: Configuration, registry: Registry, logger: Logger
    ) throws(DNSServerError) {
        let agent = configuration.agent
        let secondaries = configuration.secondaries
        let notifier = Notifier(secondaries, listen: configuration.listen, logger: logger)
        let transfers = secondaries.isEmpty ? nil : TransferZones(changed: notifier.changed)
        do {
            let zone = try RegistryZone(
                agent: agent, timesToLive: configuration.timesToLive, orders: configuration.orders)
            var policy = configuration.policy
            policy.keys = secondaries.keys
            publisher = AnswerPublisher(zone, policy: policy, transfers: transfers, logger: logger)
        } catch {
            throw .badDomain(agent.domain, error)
        }
        let table = publisher.table
        recursion = try Self.recursion(configuration, logger)
        var answer = table.answering(recursion)
        if let transfers { answer = TransferResponder(secondaries, transfers, logger: logger).answering(else: answer) }
        let bound = try Self.bind(configuration, tcpCounters.counting(answer), logger)
        self.notifier = notifier
        port = bound.listener.port
        listener = bound.listener
        workers = try Self.workers(for: bound.sockets, table, recursion, configuration.udp, logger)
        let domains = [agent.domain, agent.alternativeDomain].compactMap(\.self)
        zoneFolder = Mutex(configuration.zonesDirectory.map { ZoneFolder(path: $0, domains: domains) })
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
        table.isAwaitingNames = configuration.learningTime > .zero
        // First, so that static records are known to be newer than the index that the registry starts with.
        registry.observe(publisher)
        reloadZones()
    }

    /// From now on, what is not in the registry does not exist.
    package func knowsAllNames() { publisher.table.isAwaitingNames = false }

    /// Answers until the task is cancelled or asked to shut down, then lets open connections finish: under a second.
    package func run() async throws {
        defer {
            // What is still open is answered before the sockets go.
            recursion?.stop()
            for worker in workers { worker.stop() }
        }
        try recursion?.start()
        for worker in workers { try worker.start() }
        try await listener.start()
        logger.info(
            "answering DNS",
            metadata: [
                "addresses": "\(configuration.listen)", "port": "\(port)", "workers": "\(workers.count)",
                "recursors": "\(configuration.recursors)",
            ])
        try await withThrowingDiscardingTaskGroup { tasks in
            tasks.addTask { [publisher] in await publisher.run() }
            tasks.addTask { [self] in await advanceIndex() }
            tasks.addTask { [self] in
                // Cut short only where nobody asks any more.
                try? await Task.sleep(for: configuration.learningTime)
                knowsAllNames()
            }
            tasks.addTask { [notifier] in await notifier.run() }
            // Cancelled is as good a reason to stop as being asked to.
            try? await gracefulShutdown()
            tasks.cancelAll()
            try await listener.stop()
        }
    }

    /// Has the registry count on whenever static records of its zone were changed, so that the zone's serial grows, and does
    /// so for good: those who saw the greater one would take no smaller one after a restart.
    private func advanceIndex() async {
        for await _ in publisher.wantsIndex {
            do {
                try await registry.submit([.advance])
            } catch {
                logger.warning(
                    "the zone's serial does not tell of changed static records before the registry's next change",
                    metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Reads the zone files again. A file with an error is reported; the zone it held before stays as it was, and the other
    /// zones are served as they are now.
    ///
    /// - Returns: what is wrong, and with which file.
    @discardableResult
    package func reloadZones() -> [ZoneFileError] {
        zoneFolder.withLock { folder in
            guard let errors = folder?.reload(), let files = folder?.files, let additions = folder?.additions else {
                return []
            }
            let unnoticed = publisher.replaceZoneFiles(files, additions)
            for error in errors { report(error) }
            for warning in files.flatMap(\.warnings) { report(warning) }
            for zone in unnoticed {
                logger.warning(
                    "a zone file has changed, but its serial has not grown; secondaries keep what they have",
                    metadata: ["zone": "\(zone)"])
            }
            logger.info(
                "zone files read",
                metadata: [
                    "zones": "\(files.map(\.zone.apex))", "additions": "\(additions.map(\.owners.count).reduce(0, +))",
                    "errors": "\(errors.count)",
                ])
            return errors
        }
    }

    private func report(_ error: ZoneFileError) {
        var metadata: Logger.Metadata = ["file": "\(error.file)", "reason": "\(error.reason)"]
        metadata["line"] = error.line.map { "\($0)" }
        if error.keepsZone {
            logger.error("zone file not loaded; the zone loaded before stays", metadata: metadata)
        } else {
            logger.error("zone file not loaded", metadata: metadata)
        }
    }

    private func report(_ warning: ZoneFileWarning) {
        var metadata: Logger.Metadata = ["file": "\(warning.file)", "reason": "\(warning.reason)"]
        metadata["line"] = warning.line.map { "\($0)" }
        logger.warning("zone file loaded, but others may not find its names", metadata: metadata)
    }

    /// What is answered at `name`; `nil` if the name does not exist here. For diagnosis.
    package func records(at name: DomainName) -> OwnerRecords? {
        publisher.publishNow(name)
        return publisher.table.records(at: name)
    }
}
