import ArgumentParser
import Settings

/// The flags of `berth serve`: texts only. What they mean, ``Settings`` says for flags and file alike, so that all
/// mistakes are found at once.
struct ServeFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "YAML file with any of these settings; flags win over it. (default: none)", valueName: "file"))
    var config: String?

    @Option(help: .setting(.listen)) var listen: [String] = []
    @Option(help: .setting(.dnsPort)) var dnsPort: String?
    @Option(help: .setting(.httpPort)) var httpPort: String?
    @Option(help: .setting(.httpConnections)) var httpConnections: String?
    @Option(help: .setting(.httpConnectionsPerClient)) var httpConnectionsPerClient: String?
    @Option(help: .setting(.httpHeaderSize)) var httpHeaderSize: String?
    @Option(name: .customLong("http-uri-size"), help: .setting(.httpURISize)) var httpURISize: String?
    @Option(help: .setting(.httpBodySize)) var httpBodySize: String?
    @Option(help: .setting(.kvValueSize)) var kvValueSize: String?
    @Option(help: .setting(.snapshotSize)) var snapshotSize: String?
    @Option(name: .customLong("dns-udp-size"), help: .setting(.dnsUDPSize)) var dnsUDPSize: String?
    @Option(help: .setting(.dnsAnswerLimit)) var dnsAnswerLimit: String?
    @Option(help: .setting(.dnsRateLimit)) var dnsRateLimit: String?
    @Option(help: .setting(.dnsIdentity)) var dnsIdentity: String?
    @Option(name: .customLong("dns-service-ttl"), help: .setting(.dnsServiceTTL)) var dnsServiceTTL: [String] = []
    @Option(name: .customLong("dns-node-ttl"), help: .setting(.dnsNodeTTL)) var dnsNodeTTL: String?
    @Option(name: .customLong("dns-negative-ttl"), help: .setting(.dnsNegativeTTL)) var dnsNegativeTTL: String?
    @Option(help: .setting(.dnsOrder)) var dnsOrder: [String] = []
    @Option(help: .setting(.dnsSpin)) var dnsSpin: String?
    @Option(help: .setting(.dnsSegments)) var dnsSegments: String?
    @Option(help: .setting(.domain)) var domain: String?
    @Option(help: .setting(.altDomain)) var altDomain: String?
    @Option(help: .setting(.datacenter)) var datacenter: String?
    @Option(help: .setting(.node)) var node: String?
    @Option(help: .setting(.advertise)) var advertise: String?
    @Option(help: .setting(.docker)) var docker: String?
    @Option(help: .setting(.dataDir)) var dataDir: String?
    @Option(help: .setting(.namePolicy)) var namePolicy: String?
    @Option(help: .setting(.checkTargets)) var checkTargets: [String] = []
    @Option(help: .setting(.checkFlapLimit)) var checkFlapLimit: String?
    @Option(help: .setting(.checkFlapWindow)) var checkFlapWindow: String?
    @Option(help: .setting(.enableScriptChecks)) var enableScriptChecks: String?
    @Option(help: .setting(.zones)) var zones: String?
    @Option(help: .setting(.recursor)) var recursor: [String] = []
    @Option(help: .setting(.allowRecursion)) var allowRecursion: [String] = []
    @Option(help: .setting(.transferTo)) var transferTo: [String] = []
    @Option(help: .setting(.notify)) var notify: [String] = []
    @Option(help: .setting(.tsigKey)) var tsigKey: String?
    @Option(help: .setting(.template)) var template: [String] = []
    @Option(help: .setting(.templateCheck)) var templateCheck: String?
    @Option(help: .setting(.logLevel)) var logLevel: String?
    @Option(help: .setting(.logFormat)) var logFormat: String?

    /// Kept for being told together with whatever else is wrong.
    @Argument(parsing: .allUnrecognized, help: .hidden) var unknown: [String] = []

    /// The flags that were given, by their keys.
    var values: [SettingsKey: [String]] {
        SettingsKey.allCases.reduce(into: [:]) { values, key in
            let given = texts(of: key)
            if !given.isEmpty { values[key] = given }
        }
    }

    private func texts(of key: SettingsKey) -> [String] {
        switch key {
        case .listen: listen
        case .dnsPort: one(dnsPort)
        case .httpPort: one(httpPort)
        case .httpConnections: one(httpConnections)
        case .httpConnectionsPerClient: one(httpConnectionsPerClient)
        case .httpHeaderSize: one(httpHeaderSize)
        case .httpURISize: one(httpURISize)
        case .httpBodySize: one(httpBodySize)
        case .kvValueSize: one(kvValueSize)
        case .snapshotSize: one(snapshotSize)
        case .dnsUDPSize: one(dnsUDPSize)
        case .dnsAnswerLimit: one(dnsAnswerLimit)
        case .dnsRateLimit: one(dnsRateLimit)
        case .dnsIdentity: one(dnsIdentity)
        case .dnsServiceTTL: dnsServiceTTL
        case .dnsNodeTTL: one(dnsNodeTTL)
        case .dnsNegativeTTL: one(dnsNegativeTTL)
        case .dnsOrder: dnsOrder
        case .dnsSpin: one(dnsSpin)
        case .dnsSegments: one(dnsSegments)
        case .domain: one(domain)
        case .altDomain: one(altDomain)
        case .datacenter: one(datacenter)
        case .node: one(node)
        case .advertise: one(advertise)
        case .docker: one(docker)
        case .dataDir: one(dataDir)
        case .namePolicy: one(namePolicy)
        case .checkTargets: checkTargets
        case .checkFlapLimit: one(checkFlapLimit)
        case .checkFlapWindow: one(checkFlapWindow)
        case .enableScriptChecks: one(enableScriptChecks)
        case .zones: one(zones)
        case .recursor: recursor
        case .allowRecursion: allowRecursion
        case .transferTo: transferTo
        case .notify: notify
        case .tsigKey: one(tsigKey)
        case .template: template
        case .templateCheck: one(templateCheck)
        case .logLevel: one(logLevel)
        case .logFormat: one(logFormat)
        }
    }

    private func one(_ text: String?) -> [String] { text.map { [$0] } ?? [] }

    /// Reads the file, if one was named, and applies the flags to it.
    ///
    /// - Throws: ``SettingsError``.
    func settings() throws(SettingsError) -> Settings {
        try Settings(file: config, flags: values, unknown: unknown) { settings in
            Recursors(settings).mistakes.map { (.recursor, "\($0)") }
        }
    }
}

extension ArgumentHelp {
    fileprivate static func setting(_ key: SettingsKey) -> ArgumentHelp {
        ArgumentHelp("\(key.summary). (default: \(key.defaultText))", valueName: key.placeholder)
    }
}
