package import DNS
package import Registry

/// Everything that can be configured: what the flags and the keys of the file set, with the defaults.
///
/// ``SettingsKey`` names each property; `Config/berth.yaml` shows all of them.
package struct Settings: Hashable, Sendable {
    package var listen = Listen()
    package var identity = Identity()
    package var dns = DNS()
    package var http = HTTP()
    package var docker = DockerSource.unix(path: "/var/run/docker.sock")
    package var storage = Storage.directory("berth-data")
    /// What an explicitly registered name that is not DNS-safe gets. `name-policy`.
    package var namePolicy = NamePolicy.reject
    /// What checks may do.
    package var checks = Checks()
    /// The folder of static zone files; it need not exist. `zones`.
    package var zonesDirectory = "zones"
    package var recursion = Recursion()
    package var transfer = Transfer()
    package var templates = Templates()
    package var log = Log()

    package init() {}

    /// Where DNS and HTTP are served.
    package struct Listen: Hashable, Sendable {
        /// One or more, no two alike. `listen`.
        package var addresses: [IPAddress] = [.v4(0x7f00_0001)]
        /// UDP and TCP; 0: any free port. `dns-port`.
        package var dnsPort: UInt16 = 8600
        /// 0: any free port. `http-port`.
        package var httpPort: UInt16 = 8500
    }

    /// The names and the address this process answers under.
    package struct Identity: Hashable, Sendable {
        /// The apex of the registry's zone: DNS-safe labels, at most ``maximumDomainLength`` octets. `domain`.
        package var domain = DomainName.consul
        /// A second name for it, neither above nor below it. `alt-domain`.
        package var alternativeDomain: DomainName?
        /// One DNS label. `datacenter`.
        package var datacenter = "dc1"
        /// `nil`: the host's name, made DNS-safe. `node`.
        package var node: NodeName?
        /// What is published for ports bound to a wildcard address; `nil`: the address of the default route's
        /// interface. `advertise`.
        package var advertise: IPAddress?

        /// Octets of wire form that `<63 octets>.service.<63 octets>.` leaves of a name's 255.
        package static let maximumDomainLength = DomainName.maximumLength - 64 - 8 - 64
    }

    /// What DNS replies are like.
    package struct DNS: Hashable, Sendable {
        /// Who the server says it is, at most 255 octets; `nil`: it does not say. `dns-identity`.
        package var identity: String?
        /// Octets of the longest reply over UDP, in ``udpSizes``. `dns-udp-size`.
        package var udpSize = 1232
        /// Records of a service or node in one answer at most; 0: all. `dns-answer-limit`.
        package var answerLimit = 0
        /// Replies of one kind per second to one network; 0: no limit. `dns-rate-limit`.
        package var rateLimit = 0
        /// `dns-spin`.
        package var spin = Spin.auto
        /// Whether replies to one client leave together (UDP_SEGMENT). `dns-segments`.
        package var segments = Switch.off
        package var timesToLive = TimesToLive()
        /// In which order instances are answered where it is not at random, no service twice. `dns-order`.
        package var orders: [OfService<AnswerOrder>] = []

        package static let udpSizes = 512...4096

        /// How long DNS answers about the registry may be remembered, in seconds up to 2^31 - 1.
        package struct TimesToLive: Hashable, Sendable {
            /// What differs from one second, no service twice. `dns-service-ttl`.
            package var services: [OfService<UInt32>] = []
            /// Of the addresses of nodes. `dns-node-ttl`.
            package var node: UInt32 = 1
            /// Of the absence of names. `dns-negative-ttl`.
            package var negative: UInt32 = 1
        }
    }

    /// What checks may do on this host.
    package struct Checks: Hashable, Sendable {
        /// Where they may connect to; none: anywhere. `check-targets`.
        package var targets: [IPPrefix] = []
        /// Changes of status within ``flapWindow`` that hold a check at its worst, in ``flapLimits``; 0: none do.
        /// `check-flap-limit`.
        package var flapLimit = 0
        /// In seconds, at least 1. `check-flap-window`.
        package var flapWindow: UInt32 = 300
        /// Whether they may run programs. `enable-script-checks`.
        package var scripts = Switch.off

        package static let flapLimits = 0...100
    }

    /// Where registrations are kept. `data-dir`.
    package enum Storage: Hashable, Sendable {
        /// Nowhere: they are gone when the process ends.
        case memory
        /// The journal's folder, made if it is missing.
        case directory(String)
    }

    /// Who answers for names outside all zones, and for whom.
    package struct Recursion: Hashable, Sendable {
        /// Asked in this order; none: such names are refused. `recursor`.
        package var recursors: [RecursorSource] = []
        /// `allow-recursion`.
        package var clients: [ClientGroup] = [.loopback, .docker]
    }

    /// Which files are rendered.
    package struct Templates: Hashable, Sendable {
        /// No two write the same file. `template`.
        package var files: [TemplateFile] = []
        /// Run before a rendered file replaces the old one, with `{}` as its name. `template-check`.
        package var check: String?
    }

    /// What is logged, and how.
    package struct Log: Hashable, Sendable {
        /// `log-level`.
        package var level = LogLevel.info
        /// `log-format`.
        package var format = LogFormat.text
    }
}

/// Whether a thread looks for datagrams for a while before it sleeps.
package enum Spin: String, CaseIterable, Sendable {
    /// Where there are processors to spare.
    case auto
    case on, off
}

package enum Switch: String, CaseIterable, Sendable {
    case on, off
}

/// The least severe messages that are logged.
package enum LogLevel: String, CaseIterable, Sendable {
    case trace, debug, info, notice, warning, error
}

/// How a log line looks.
package enum LogFormat: String, CaseIterable, Sendable {
    /// For people: time, level, message, `key=value`.
    case text
    /// For programs: one object a line.
    case json
}

extension DomainName {
    fileprivate static let consul: DomainName = {
        guard let name = DomainName("consul") else { preconditionFailure("consul is a domain name") }
        return name
    }()
}
