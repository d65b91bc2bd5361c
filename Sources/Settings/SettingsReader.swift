import DNS
import Registry

/// Takes given values, one key after the other, and keeps everything that is wrong with them.
struct SettingsReader {
    private var settings = Settings()
    private var problems: [SettingsProblem] = []
    /// Where each key was last given, for what can only be judged together.
    private var origins: [SettingsKey: Origin] = [:]

    mutating func note(_ problem: SettingsProblem) { problems.append(problem) }

    /// Takes the value of one key, which replaces whatever was given before.
    mutating func take(_ value: GivenValue, for key: SettingsKey) {
        origins[key] = value.origin
        switch key {
        case .listen: setList(key, \.listen.addresses, value, as: GivenValue.address)
        case .dnsPort: set(key, \.listen.dnsPort, value, as: GivenValue.port)
        case .httpPort: set(key, \.listen.httpPort, value, as: GivenValue.port)
        case .httpConnections: set(key, \.http.connections, value, as: GivenValue.connectionCount)
        case .httpConnectionsPerClient: set(key, \.http.connectionsPerClient, value, as: GivenValue.limit)
        case .httpHeaderSize: set(key, \.http.headerSize, value, as: GivenValue.headerSize)
        case .httpURISize: set(key, \.http.uriSize, value, as: GivenValue.uriSize)
        case .httpBodySize: set(key, \.http.bodySize, value, as: GivenValue.bodySize)
        case .kvValueSize: set(key, \.http.valueSize, value, as: GivenValue.bodySize)
        case .snapshotSize: setOptional(key, \.http.snapshotSize, value, as: GivenValue.snapshotSize)
        case .dnsUDPSize: set(key, \.dns.udpSize, value, as: GivenValue.udpSize)
        case .dnsAnswerLimit: set(key, \.dns.answerLimit, value, as: GivenValue.limit)
        case .dnsRateLimit: set(key, \.dns.rateLimit, value, as: GivenValue.limit)
        case .dnsIdentity: setOptional(key, \.dns.identity, value, as: GivenValue.identity)
        case .dnsServiceTTL: set(key, \.dns.timesToLive.services, value, as: GivenValue.serviceTimesToLive)
        case .dnsNodeTTL: set(key, \.dns.timesToLive.node, value, as: GivenValue.timeToLive)
        case .dnsNegativeTTL: set(key, \.dns.timesToLive.negative, value, as: GivenValue.timeToLive)
        case .dnsOrder: set(key, \.dns.orders, value, as: GivenValue.serviceOrders)
        case .dnsSpin: set(key, \.dns.spin, value, as: GivenValue.word)
        case .dnsSegments: set(key, \.dns.segments, value, as: GivenValue.word)
        case .domain: set(key, \.identity.domain, value, as: GivenValue.domain)
        case .altDomain: setOptional(key, \.identity.alternativeDomain, value, as: GivenValue.domain)
        case .datacenter: set(key, \.identity.datacenter, value, as: GivenValue.label)
        case .node: setOptional(key, \.identity.node, value, as: GivenValue.nodeName)
        case .advertise: setOptional(key, \.identity.advertise, value, as: GivenValue.hostAddress)
        case .docker: set(key, \.docker, value, as: GivenValue.dockerSource)
        case .dataDir: set(key, \.storage, value, as: GivenValue.storage)
        case .namePolicy: set(key, \.namePolicy, value, as: GivenValue.word)
        case .checkTargets: setList(key, \.checks.targets, value, as: GivenValue.network)
        case .checkFlapLimit: set(key, \.checks.flapLimit, value, as: GivenValue.flapLimit)
        case .checkFlapWindow: set(key, \.checks.flapWindow, value, as: GivenValue.flapWindow)
        case .enableScriptChecks: set(key, \.checks.scripts, value, as: GivenValue.word)
        case .zones: set(key, \.zonesDirectory, value, as: GivenValue.folder)
        case .recursor: setList(key, \.recursion.recursors, value, as: GivenValue.recursor)
        case .allowRecursion: setList(key, \.recursion.clients, value, as: GivenValue.clientGroup)
        case .transferTo: setList(key, \.transfer.allowed, value, as: GivenValue.transferPeer)
        case .notify: setList(key, \.transfer.notified, value, as: GivenValue.notifiedPeer)
        case .tsigKey: setOptional(key, \.transfer.keyFile, value, as: GivenValue.keyFile)
        case .template: setList(key, \.templates.files, value, as: GivenValue.templateFile)
        case .templateCheck: setOptional(key, \.templates.check, value, as: GivenValue.command)
        case .logLevel: set(key, \.log.level, value, as: GivenValue.word)
        case .logFormat: set(key, \.log.format, value, as: GivenValue.word)
        }
    }

    /// - Parameter objections: what else speaks against settings, and of which keys.
    /// - Throws: ``SettingsError`` with all that was noted, and with what does not fit together.
    consuming func finish(
        _ objections: (Settings) -> [(key: SettingsKey, reason: String)]
    ) throws(SettingsError) -> Settings {
        checkTogether()
        for (key, reason) in objections(settings) { refuse(key, reason) }
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
        return settings
    }

    private typealias Meaning<Value> = (GivenValue) -> () throws(Refusal) -> Value

    private mutating func set<Value>(
        _ key: SettingsKey, _ path: WritableKeyPath<Settings, Value>, _ value: GivenValue, as meaning: Meaning<Value>
    ) {
        if let parsed = parsed(value, for: key, as: meaning) { settings[keyPath: path] = parsed }
    }

    /// Sets what may also be left open, by a key with nothing behind it.
    private mutating func setOptional<Value>(
        _ key: SettingsKey, _ path: WritableKeyPath<Settings, Value?>, _ value: GivenValue, as meaning: Meaning<Value>
    ) {
        if case .nothing = value.form {
            settings[keyPath: path] = nil
        } else if let parsed = parsed(value, for: key, as: meaning) {
            settings[keyPath: path] = parsed
        }
    }

    /// Sets a list from a list, or from its one element.
    private mutating func setList<Value>(
        _ key: SettingsKey, _ path: WritableKeyPath<Settings, [Value]>, _ value: GivenValue, as meaning: Meaning<Value>
    ) {
        let elements = if case .list(let elements) = value.form { elements } else { [value] }
        settings[keyPath: path] = elements.compactMap { parsed($0, for: key, as: meaning) }
    }

    private mutating func parsed<Value>(_ value: GivenValue, for key: SettingsKey, as meaning: Meaning<Value>) -> Value?
    {
        do {
            return try meaning(value)()
        } catch {
            for reason in error.reasons {
                note(SettingsProblem(origin: reason.origin ?? value.origin, key: key.rawValue, reason: reason.text))
            }
            return nil
        }
    }

    /// What no value says alone.
    private mutating func checkTogether() {
        checkListen()
        let domain = settings.identity.domain
        if let other = settings.identity.alternativeDomain,
            other.isSubdomain(of: domain) || domain.isSubdomain(of: other)
        {
            refuse(.altDomain, "must be a domain beside \(domain), neither above nor below it")
        }
        checkKeys()
        checkOnce(.dnsServiceTTL, settings.dns.timesToLive.services)
        checkOnce(.dnsOrder, settings.dns.orders)
        var writers: Set<String> = []
        for file in settings.templates.files where !writers.insert(file.destination).inserted {
            refuse(.template, "two templates write \(file.destination.shown); each file needs one of its own")
        }
    }

    /// Of each service one thing is said.
    private mutating func checkOnce<Value>(_ key: SettingsKey, _ values: [OfService<Value>]) {
        var services: Set<String> = []
        for value in values where !services.insert(value.service.lowercased()).inserted {
            refuse(key, "\(value.service.shown) is given twice; keep one of them")
        }
    }

    private mutating func checkListen() {
        let listen = settings.listen
        if listen.dnsPort == listen.httpPort, listen.dnsPort != 0 {
            refuse(.httpPort, "must differ from dns-port, which is \(listen.dnsPort) too")
        }
        let addresses = listen.addresses
        if addresses.isEmpty, !problems.contains(where: { $0.key == SettingsKey.listen.rawValue }) {
            refuse(.listen, "must name at least one address")
        }
        for (position, address) in addresses.enumerated() {
            if addresses[..<position].contains(address) {
                refuse(.listen, "\(address) is listed twice")
            } else if address.isUnspecified,
                // The IPv6 wildcard takes IPv4 too.
                let covered = addresses.first(where: { $0 != address && ($0.isV4 || !address.isV4) })
            {
                refuse(.listen, "\(address) covers \(covered) already; keep one of them")
            }
        }
    }

    /// Keys that are named must be there, unless their file is refused already.
    private mutating func checkKeys() {
        guard !problems.contains(where: { $0.key == SettingsKey.tsigKey.rawValue }) else { return }
        let known = settings.transfer.keyFile?.keys.map(\.name) ?? []
        let named =
            settings.transfer.allowed.map { (SettingsKey.transferTo, $0.key) }
            + settings.transfer.notified.map { (SettingsKey.notify, $0.key) }
        for case (let setting, let name?) in named where !known.contains(name) {
            refuse(setting, "no key \(name) is known; name the file that has it with tsig-key")
        }
    }

    private mutating func refuse(_ key: SettingsKey, _ reason: String) {
        note(SettingsProblem(origin: origins[key] ?? origins[.dnsPort] ?? .flag, key: key.rawValue, reason: reason))
    }
}

extension IPAddress {
    fileprivate var isV4: Bool { if case .v4 = self { true } else { false } }
}
