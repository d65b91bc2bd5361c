import DNS
import DNSServer
import DockerWatch
import HTTPAPI
import HealthChecks
import Logging
import Registry
import Settings
import TemplateRendering

// Which settings each part is given. The parts themselves do not know ``Settings``.
//
// Of the files that may be open, connections get a share that leaves enough for all else: the runtime itself ends the
// process when it cannot open any.

extension DNSServer.Configuration {
    /// - Throws: ``RecursorError``.
    init(_ settings: Settings, _ agent: Agent) throws(RecursorError) {
        self.init(
            listen: settings.listen.addresses, port: settings.listen.dnsPort, agent: agent,
            zonesDirectory: settings.zonesDirectory,
            tcp: TCPLimits(connections: min(1000, ProcessLimits.openFiles / 8)), policy: AnswerPolicy(settings.dns))
        timesToLive = TimesToLive(settings.dns.timesToLive)
        udp = UDPWorker.Options(settings.dns, cores: DNSServer.activeCores)
        // Without an answer of Docker in this time there is probably none.
        learningTime = settings.docker == .off ? .zero : .seconds(10)
        orders = ByService(settings.dns.orders.valueByService(), usual: .random)
        recursors = try Recursors(settings).servers()
        recursionClients = RecursionClients(settings.recursion.clients)
        secondaries = Secondaries(settings.transfer)
    }
}

extension UDPWorker.Options {
    init(_ settings: Settings.DNS, cores: Int) {
        let spins =
            switch settings.spin {
            case .on: true
            // On a small machine the time belongs to others.
            case .auto: cores >= 8
            case .off: false
            }
        self.init(spins: spins ? 200 : 0, sendsSegments: settings.segments == .on)
    }
}

extension AnswerPolicy {
    init(_ settings: Settings.DNS) {
        self.init()
        largestPayload = settings.udpSize
        answerLimit = settings.answerLimit == 0 ? nil : settings.answerLimit
        rateLimit = settings.rateLimit == 0 ? nil : settings.rateLimit
        identity = settings.identity.map { Identity(name: $0, version: "Berth \(Version.current)") }
    }
}

extension TimesToLive {
    fileprivate init(_ settings: Settings.DNS.TimesToLive) {
        self.init(
            services: settings.services.valueByService(), node: settings.node, negative: settings.negative)
    }
}

extension Sequence {
    /// Of a service that is named twice, which no settings do, the last value.
    fileprivate func valueByService<Value>() -> [String: Value] where Element == OfService<Value> {
        Dictionary(map { ($0.service, $0.value) }) { _, last in last }
    }
}

extension RecursionClients {
    private static let loopback = [IPPrefix("127.0.0.0/8"), IPPrefix("::1")].compactMap(\.self)

    convenience init(_ groups: [ClientGroup]) {
        let networks = groups.flatMap { group -> [IPPrefix] in
            switch group {
            case .loopback: Self.loopback
            case .docker: []
            case .network(let network): [network]
            }
        }
        let docker: @Sendable () -> [IPPrefix] = { InterfaceAddress.dockerNetworks() }
        self.init(networks, attached: groups.contains(.docker) ? docker : nil)
    }
}

extension Settings {
    /// Says what is allowed, but will not end well.
    func warnOfTransfers(_ logger: Logger) {
        if let file = transfer.keyFile, file.isOpenToEverybody {
            logger.warning(
                "everybody on this host can read the secrets of the key file; make it readable by its owner alone",
                metadata: ["file": "\(file.path)"])
        }
        if storage == .memory, !transfer.allowed.isEmpty || !transfer.notified.isEmpty {
            logger.warning(
                "without a data directory the zone's serial starts again when Berth does; secondaries will not follow then"
            )
        }
    }
}

extension Secondaries {
    init(_ settings: Settings.Transfer) {
        self.init(
            allowed: settings.allowed.map { TransferRule(addresses: $0.addresses, key: $0.key) },
            notified: settings.notified.map {
                NotifiedServer(address: $0.server.address, port: $0.server.port, key: $0.key)
            },
            keys: settings.keyFile?.keys ?? [])
    }
}

extension HTTPAPI.Configuration {
    init(_ settings: Settings, _ agent: Agent, dnsPort: UInt16) {
        self.init(
            listen: settings.listen.addresses, port: settings.listen.httpPort, agent: agent,
            namePolicy: settings.namePolicy, dnsPort: dnsPort, version: Version.current)
        checkPermissions = CheckPermissions(settings.checks)
        limits = RequestLimits(settings.http, addresses: settings.listen.addresses.count)
    }
}

extension RequestLimits {
    fileprivate init(_ settings: Settings.HTTP, addresses: Int) {
        self.init()
        connections = min(settings.connections, max(1, ProcessLimits.openFiles / 2 / addresses))
        connectionsPerClient = settings.connectionsPerClient == 0 ? nil : settings.connectionsPerClient
        headerSize = settings.headerSize
        uriSize = settings.uriSize
        bodySize = settings.bodySize
        valueSize = settings.valueSize
        // A catalog takes several times the room of its records, and the old one is there meanwhile.
        snapshotSize = settings.snapshotSize ?? max(Settings.HTTP.snapshotSizes.lowerBound, HostMemory.size / 8)
    }
}

extension ContainerEngine {
    /// `nil` where no engine is watched.
    init?(_ source: DockerSource) {
        switch source {
        case .off: return nil
        case .unix(let path): self = .unix(path: path)
        case .tcp(let host, let port): self = .tcp(host: host, port: port)
        }
    }
}

extension CheckPermissions {
    init(_ settings: Settings.Checks) { self.init(targets: settings.targets, scripts: settings.scripts == .on) }
}

extension FlapDamping {
    init(_ settings: Settings.Checks) {
        self.init(limit: settings.flapLimit, window: .seconds(settings.flapWindow))
    }
}

extension DockerWatcher.Configuration {
    /// `nil` where no engine is watched.
    init?(_ settings: Settings, _ agent: Agent) {
        switch settings.docker {
        case .off: return nil
        case .unix(let path): self.init(endpoint: .unix(path: path), agent: agent)
        case .tcp(let host, let port): self.init(endpoint: .tcp(host: host, port: port), agent: agent)
        }
    }
}

extension TemplateRenderer.Configuration {
    init(_ settings: Settings.Templates) {
        self.init(
            templates: settings.files.map {
                Template(source: $0.source, destination: $0.destination, command: $0.command)
            }, check: settings.check)
    }
}
