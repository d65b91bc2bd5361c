/// How a check's status comes about, and what follows from it.
package struct CheckDefinition: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// The node's own Berth asks, again after each interval of at least one second.
        case probe(Probe, interval: Duration, timeout: Duration)
        /// Somebody reports it; it is critical when nobody has for this long, which is more than nothing.
        case reports(within: Duration)
        /// As good as others are.
        case alias(Alias)
        /// The engine runs the HEALTHCHECK of the container that the instance stands for, and who watches it tells.
        case container
        /// Somebody else asks, this often, and sets the status; Berth keeps what that is for whoever wants to know.
        /// `nil`: nobody said what.
        case elsewhere(Probe?, interval: Duration, timeout: Duration)
    }

    package var source: Source
    package var thresholds = Thresholds()
    /// Octets of output that are kept: 1 to ``CheckOutput/maximum``.
    package var outputLimit = CheckOutput.maximum
    /// How long a check is critical before the instance it belongs to is removed; `nil`: it stays. Containers stay.
    package var removesInstanceAfter: Duration?

    package init(source: Source) { self.source = source }

    /// Whether the node's own Berth finds the status out, or hears of it, or times those who report it.
    package var isKeptHere: Bool {
        if case .elsewhere = source { false } else { true }
    }

    package init(probe: Probe, interval: Duration, timeout: Duration = .seconds(10)) {
        source = .probe(probe, interval: interval, timeout: timeout)
    }

    /// How many results in a row it takes until they count; each at least 1.
    package struct Thresholds: Hashable, Sendable {
        /// Results that are passing or warning.
        package var successesBeforePassing = 1
        /// Failures, at most ``failuresBeforeCritical`` of them; the check is then a warning.
        package var failuresBeforeWarning = 1
        package var failuresBeforeCritical = 1

        package init() {}
    }
}

extension CheckDefinition {
    /// What is asked.
    package enum Probe: Hashable, Sendable {
        case http(HTTPProbe)
        /// A connection to this host and port is enough.
        case tcp(host: Address, port: UInt16)
        /// A datagram to this host and port must be answered by one.
        case udp(host: Address, port: UInt16)
        case grpc(GRPCProbe)
        /// A program and its arguments, never empty. Exit code 0 is passing, 1 warning, any other critical.
        case script([String])
        /// The same in a container of the engine's, which has this name or id.
        case docker(container: String, [String])
    }

    /// What gRPC's health service is asked for. SERVING is passing, anything else critical.
    ///
    /// - SeeAlso: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
    package struct GRPCProbe: Hashable, Sendable {
        package var host: Address
        package var port: UInt16
        /// Empty: the server as a whole.
        package var service: String
        package var usesTLS: Bool
        package var skipsTLSVerification: Bool
        /// The name that the server's certificate must be for; empty: the host.
        package var tlsServerName: String

        package init(
            host: Address, port: UInt16, service: String = "", usesTLS: Bool = false,
            skipsTLSVerification: Bool = false, tlsServerName: String = ""
        ) {
            self.host = host
            self.port = port
            self.service = service
            self.usesTLS = usesTLS
            self.skipsTLSVerification = skipsTLSVerification
            self.tlsServerName = tlsServerName
        }
    }

    /// Whose checks count: those of a node, and of one instance on it.
    package struct Alias: Hashable, Sendable {
        /// `nil`: the node of the check itself.
        package var node: NodeName?
        /// `nil`: the node alone.
        package var instance: InstanceID?

        package init(node: NodeName? = nil, instance: InstanceID? = nil) {
            self.node = node
            self.instance = instance
        }
    }

    /// What an HTTP check asks. 2xx is passing, 429 warning, anything else critical.
    package struct HTTPProbe: Hashable, Sendable {
        /// `http` or `https`, with a host.
        package var url: String
        package var method: String
        package var headers: [String: [String]]
        package var body: String
        package var skipsTLSVerification: Bool
        /// The name that the server's certificate must be for; empty: the URL's host.
        package var tlsServerName: String

        package init(
            url: String, method: String = "GET", headers: [String: [String]] = [:], body: String = "",
            skipsTLSVerification: Bool = false, tlsServerName: String = ""
        ) {
            self.url = url
            self.method = method
            self.headers = headers
            self.body = body
            self.skipsTLSVerification = skipsTLSVerification
            self.tlsServerName = tlsServerName
        }
    }
}
