import Registry

/// What the engine says about one container, as far as services depend on it.
struct Container: Hashable, Sendable {
    /// 64 hexadecimal digits.
    var id: String
    /// Without the leading slash.
    var name: String
    /// The image as the user named it: `nginx:1.27`, `registry:5000/team/web@sha256:...`, an id.
    var image: String
    /// `sha256:` and 64 hexadecimal digits; empty if the engine does not say.
    var imageID = ""
    /// `running`, `exited`, ...
    var status: String
    /// Its process runs, or is paused. Not true between two attempts of a restart policy.
    var isRunning: Bool
    /// `bridge`, `host`, `none`, `container:<id>` or the name of a network.
    var networkMode = "bridge"
    var exposedPorts: Set<ContainerPort> = []
    /// Where the ports are published right now; empty on the host's network.
    var bindings: [ContainerPort: [Binding]] = [:]
    /// Those it offers, published or not.
    var ports: Set<ContainerPort> { exposedPorts.union(bindings.keys) }
    var labels: [String: String] = [:]
    var environment: [String: String] = [:]
    /// `nil`: it has no HEALTHCHECK.
    var health: ContainerHealth?
    /// What the engine said that makes no sense: whole sentences.
    var oddities: [String] = []

    /// One place where a port is published.
    struct Binding: Hashable, Sendable {
        /// An address of the host; empty, `0.0.0.0` and `::` for all.
        var address: String
        var port: UInt16
    }
}

/// A port inside a container.
struct ContainerPort: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 1 to 65535.
    var number: UInt16
    var transport: TransportProtocol

    init(_ number: UInt16, _ transport: TransportProtocol = .tcp) {
        self.number = number
        self.transport = transport
    }

    /// Reads `80/tcp`, or `80`, which is the same.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let number = UInt16(first), number > 0,
            let transport = TransportProtocol(rawValue: parts.count == 2 ? String(parts[1]) : "tcp")
        else { return nil }
        self.init(number, transport)
    }

    static func < (left: ContainerPort, right: ContainerPort) -> Bool {
        (left.number, left.transport) < (right.number, right.transport)
    }

    var description: String { "\(number)/\(transport.rawValue)" }
}

/// What the author of an image set, which whoever runs it may override.
struct ImageSettings: Hashable, Sendable {
    var labels: [String: String] = [:]
    var environment: [String: String] = [:]
}

/// A container as it stands in the engine's list.
struct ContainerSummary: Hashable, Sendable {
    var id: String
    var name: String
    var image: String
    /// `running`, `exited`, ...
    var state: String
    /// The published ports, in a form that is good for comparing.
    var ports: Set<String>
    /// `healthy`, `unhealthy`, ...; empty without a HEALTHCHECK.
    var health = ""

    /// Whether `text` is 64 hexadecimal digits, which is also safe in a request's path.
    static func isID(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

/// What the engine says about itself.
struct EngineInfo: Equatable, Sendable {
    /// The same after a restart of the engine.
    var id: String
    var version: String
    /// Seconds since 1970 by the engine's clock; `nil` if it cannot be read.
    var time: Int?
}
