import DNS
import Registry

/// The name of one setting: a key of the file and, after two hyphens, a flag.
package enum SettingsKey: String, CaseIterable, Sendable {
    case listen
    case dnsPort = "dns-port"
    case httpPort = "http-port"
    case httpConnections = "http-connections"
    case httpConnectionsPerClient = "http-connections-per-client"
    case httpHeaderSize = "http-header-size"
    case httpURISize = "http-uri-size"
    case httpBodySize = "http-body-size"
    case kvValueSize = "kv-value-size"
    case snapshotSize = "snapshot-size"
    case dnsUDPSize = "dns-udp-size"
    case dnsAnswerLimit = "dns-answer-limit"
    case dnsRateLimit = "dns-rate-limit"
    case dnsIdentity = "dns-identity"
    case dnsServiceTTL = "dns-service-ttl"
    case dnsNodeTTL = "dns-node-ttl"
    case dnsNegativeTTL = "dns-negative-ttl"
    case dnsOrder = "dns-order"
    case dnsSpin = "dns-spin"
    case dnsSegments = "dns-segments"
    case domain
    case altDomain = "alt-domain"
    case datacenter
    case node
    case advertise
    case docker
    case dataDir = "data-dir"
    case namePolicy = "name-policy"
    case checkTargets = "check-targets"
    case checkFlapLimit = "check-flap-limit"
    case checkFlapWindow = "check-flap-window"
    case enableScriptChecks = "enable-script-checks"
    case zones
    case recursor
    case allowRecursion = "allow-recursion"
    case transferTo = "transfer-to"
    case notify
    case tsigKey = "tsig-key"
    case template
    case templateCheck = "template-check"
    case logLevel = "log-level"
    case logFormat = "log-format"

    /// What the setting is, for the help: a phrase without a final dot.
    package var summary: String {
        switch self {
        case .listen: "Address for DNS and HTTP, IPv4 or IPv6 (:: takes both); repeatable"
        case .dnsPort: "Port for DNS over UDP and TCP; 0: any free port, printed at start"
        case .httpPort: "Port for HTTP; 0: any free port, printed at start"
        case .httpConnections: "Connections over HTTP at once on each address; the next ones wait to be taken"
        case .httpConnectionsPerClient:
            "Connections over HTTP at once from one IP address, the next ones being refused; 0: no limit"
        case .httpHeaderSize: "Octets of the headers of an HTTP request: 8192 to 1048576"
        case .httpURISize: "Octets of the URI of an HTTP request: 1024 to 65536"
        case .httpBodySize: "Octets of the body of an HTTP request: 1024 to 16777216"
        case .kvValueSize: "Octets of a key's value, and of the body of a transaction: 1024 to 16777216"
        case .snapshotSize: "Octets of what a snapshot holds that may be restored: 1048576 or more"
        case .dnsUDPSize: "Octets of the longest DNS reply over UDP: 512 to 4096"
        case .dnsAnswerLimit: "Records of a service or node in one answer at most, the first in its order; 0: all"
        case .dnsRateLimit: "DNS replies of one kind per second to one network, over UDP; 0: no limit"
        case .dnsIdentity: "What NSID and id.server say; version.server then tells the version too"
        case .dnsServiceTTL: "How long DNS answers for a service may be remembered; NAME may end in *; repeatable"
        case .dnsNodeTTL: "How long DNS answers for a node may be remembered"
        case .dnsNegativeTTL: "How long it may be remembered that a name is not there"
        case .dnsOrder: "Order of a service's instances: random, weighted or stable; NAME may end in *; repeatable"
        case .dnsSpin: "Look for DNS queries a while before sleeping, for shorter delays; auto: with 8 cores or more"
        case .dnsSegments: "Hand several replies over UDP to one client to the kernel as one (UDP_SEGMENT)"
        case .domain: "Domain that services are found under"
        case .altDomain: "Second domain that all the same is found under"
        case .datacenter: "Name of this datacenter: one DNS label"
        case .node: "Name of this host in the catalog: one DNS label"
        case .advertise: "Address to publish for ports that Docker binds to a wildcard address"
        case .docker: "Docker's socket, unix:///PATH or tcp://HOST[:PORT]; off: do not watch Docker"
        case .dataDir: "Folder of the journal; memory: keep nothing"
        case .namePolicy: "What registered names that DNS cannot carry safely get: reject, rewrite or allow"
        case .checkTargets: "Network that health checks may connect to, and no other; repeatable"
        case .checkFlapLimit: "Changes of status within check-flap-window that hold a check at its worst; 0: none do"
        case .checkFlapWindow: "How long a held check's status must not change until it counts again"
        case .enableScriptChecks: "Let health checks run programs: whoever reaches the HTTP port then can, too"
        case .zones: "Folder of static zone files, loaded when it exists"
        case .recursor: "DNS server for all other names, or resolv.conf: the host's; asked in order; repeatable"
        case .allowRecursion: "Clients whose other names are resolved: loopback, docker, CIDR; repeatable"
        case .transferTo: "Who may have whole zones, by AXFR and IXFR; with KEY, only if it signs; repeatable"
        case .notify: "Secondary server to tell when a zone has changed; with KEY, signed; repeatable"
        case .tsigKey: "File with the keys that transfer-to and notify name, as tsig-keygen writes them"
        case .template: "Render IN to OUT whenever its services change, then run COMMAND; repeatable"
        case .templateCheck: "Command that validates a rendered file, {}, before it is swapped in"
        case .logLevel: "Least severe messages to log: trace, debug, info, notice, warning or error"
        case .logFormat: "Text for people, json for programs; on standard error"
        }
    }

    /// What stands for the value in the help.
    package var placeholder: String {
        switch self {
        case .listen, .advertise: "addr"
        case .dnsPort, .httpPort, .dnsUDPSize, .dnsAnswerLimit, .dnsRateLimit, .httpConnections,
            .httpConnectionsPerClient,
            .httpHeaderSize, .httpURISize, .httpBodySize, .kvValueSize, .snapshotSize, .checkFlapLimit:
            "n"
        case .dnsIdentity: "text"
        case .dnsSpin: "auto|on|off"
        case .dnsSegments: "on|off"
        case .domain, .altDomain, .datacenter, .node: "name"
        case .docker: "url|off"
        case .dataDir: "dir|memory"
        case .namePolicy: "policy"
        case .checkTargets: "addr[/prefix]"
        case .enableScriptChecks: "on|off"
        case .zones: "dir"
        case .dnsServiceTTL: "name=duration"
        case .dnsNodeTTL, .dnsNegativeTTL, .checkFlapWindow: "duration"
        case .dnsOrder: "[name=]order"
        case .recursor: "addr[:port]|resolv.conf"
        case .allowRecursion: "clients"
        case .transferTo: "addr[/prefix][,key]"
        case .notify: "addr[:port][,key]"
        case .tsigKey: "file"
        case .template: "in:out[:command]"
        case .templateCheck: "command"
        case .logLevel: "level"
        case .logFormat: "text|json"
        }
    }

    /// What holds when the setting is not given, for the help.
    package var defaultText: String {
        switch self {
        case .node: "the host's name, made DNS-safe"
        case .advertise: "the address of the default route's interface"
        case .snapshotSize: "an eighth of the memory"
        case .dnsServiceTTL: "*=1s"
        case .dnsOrder: AnswerOrder.random.rawValue
        case .altDomain, .recursor, .template, .templateCheck, .dnsIdentity, .notify, .tsigKey: "none"
        case .transferTo: "nobody"
        case .checkTargets: "any address"
        default: Settings().texts(of: self).joined(separator: " ")
        }
    }
}

extension Settings {
    /// A setting's value as the texts it is made of; empty where none is set.
    package func texts(of key: SettingsKey) -> [String] {
        switch key {
        case .listen: listen.addresses.map(\.description)
        case .dnsPort: [String(listen.dnsPort)]
        case .httpPort: [String(listen.httpPort)]
        case .httpConnections: [String(http.connections)]
        case .httpConnectionsPerClient: [String(http.connectionsPerClient)]
        case .httpHeaderSize: [String(http.headerSize)]
        case .httpURISize: [String(http.uriSize)]
        case .httpBodySize: [String(http.bodySize)]
        case .kvValueSize: [String(http.valueSize)]
        case .snapshotSize: [http.snapshotSize].compactMap { $0.map { String($0) } }
        case .dnsUDPSize: [String(dns.udpSize)]
        case .dnsAnswerLimit: [String(dns.answerLimit)]
        case .dnsRateLimit: [String(dns.rateLimit)]
        case .dnsIdentity: [dns.identity].compactMap(\.self)
        case .dnsServiceTTL: dns.timesToLive.services.map { "\($0.service)=\($0.value)s" }
        case .dnsNodeTTL: ["\(dns.timesToLive.node)s"]
        case .dnsNegativeTTL: ["\(dns.timesToLive.negative)s"]
        case .dnsOrder: dns.orders.map { "\($0.service)=\($0.value.rawValue)" }
        case .dnsSpin: [dns.spin.rawValue]
        case .dnsSegments: [dns.segments.rawValue]
        case .domain: [String(identity.domain.description.dropLast())]
        case .altDomain: [identity.alternativeDomain].compactMap { $0.map { String($0.description.dropLast()) } }
        case .datacenter: [identity.datacenter]
        case .node: [identity.node?.text].compactMap(\.self)
        case .advertise: [identity.advertise?.description].compactMap(\.self)
        case .docker: [docker.description]
        case .dataDir: [storage.description]
        case .namePolicy: [namePolicy.rawValue]
        case .checkTargets: checks.targets.map(\.description)
        case .checkFlapLimit: [String(checks.flapLimit)]
        case .checkFlapWindow: ["\(checks.flapWindow)s"]
        case .enableScriptChecks: [checks.scripts.rawValue]
        case .zones: [zonesDirectory]
        case .recursor: recursion.recursors.map(\.description)
        case .allowRecursion: recursion.clients.map(\.description)
        case .transferTo: transfer.allowed.map(\.description)
        case .notify: transfer.notified.map(\.description)
        case .tsigKey: [transfer.keyFile?.path].compactMap(\.self)
        case .template: templates.files.flatMap { [$0.source, $0.destination, $0.command ?? ""] }
        case .templateCheck: [templates.check].compactMap(\.self)
        case .logLevel: [log.level.rawValue]
        case .logFormat: [log.format.rawValue]
        }
    }

    /// The keys whose values differ.
    package func differences(from other: Settings) -> [SettingsKey] {
        SettingsKey.allCases.filter { texts(of: $0) != other.texts(of: $0) }
    }
}

extension Settings.Storage: CustomStringConvertible {
    package var description: String {
        switch self {
        case .memory: "memory"
        case .directory(let path): path
        }
    }
}
