import Foundation

// The engine's JSON is read for what it is worth: what is missing or of a wrong type counts as absent, so that one odd
// field never hides a whole container.

/// A value that is absent instead of wrong.
struct Lenient<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) {
        value = try? Value(from: decoder)
    }
}

extension Lenient: Sendable where Value: Sendable {}

/// An object of texts; entries that are no text are left out.
private typealias Texts = Lenient<[String: Lenient<String>]>

extension Texts? {
    fileprivate var texts: [String: String] { self?.value?.compactMapValues(\.value) ?? [:] }
}

/// `NAME=value` lines as a dictionary. The last of several lines counts, as it does in a process.
private func environment(_ lines: Lenient<[Lenient<String>]>?) -> [String: String] {
    let pairs = (lines?.value ?? []).compactMap(\.value).compactMap { line -> (String, String)? in
        guard let equals = line.firstIndex(of: "=") else { return nil }
        return (String(line[..<equals]), String(line[equals...].dropFirst()))
    }
    return Dictionary(pairs) { $1 }
}

extension Container: Decodable {
    /// Reads the answer to `GET /containers/{id}/json`.
    ///
    /// - Throws: if it has no usable id or no state, without which nothing can be said about the container.
    init(from decoder: any Decoder) throws {
        let wire = try Wire(from: decoder)
        guard ContainerSummary.isID(wire.id) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [Wire.CodingKeys.id], debugDescription: "a container's id has 64 hexadecimal digits"))
        }
        let flags = wire.state
        self.init(
            id: wire.id, name: wire.name.containerName ?? String(wire.id.prefix(12)),
            image: wire.config?.value?.image?.value ?? "", imageID: wire.image?.value ?? "",
            status: flags.status?.value ?? (flags.running ? "running" : "exited"),
            isRunning: flags.running && flags.restarting?.value != true && flags.dead?.value != true,
            networkMode: wire.hostConfig?.value?.networkMode?.value ?? "bridge",
            labels: (wire.config?.value?.labels).texts, environment: DockerWatch.environment(wire.config?.value?.env))
        let health = flags.health?.value
        self.health = ContainerHealth(
            health?.status?.value ?? "", output: (health?.log?.value ?? []).last?.value?.output?.value ?? "")
        readPorts(wire)
    }

    private mutating func readPorts(_ wire: Wire) {
        for text in (wire.config?.value?.exposedPorts?.value ?? [:]).keys.sorted() {
            if let port = ContainerPort(text) {
                exposedPorts.insert(port)
            } else {
                oddities.append("the exposed port \"\(text.printable)\" is not understood")
            }
        }
        for (text, bindings) in (wire.networkSettings?.value?.ports?.value ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let port = ContainerPort(text) else {
                oddities.append("the port \"\(text.printable)\" is not understood")
                continue
            }
            for binding in (bindings?.value ?? []).compactMap(\.value) {
                guard let number = binding.hostPort?.value.flatMap({ UInt16($0) }), number > 0 else {
                    oddities.append("port \(port) is published on something that is not a port")
                    continue
                }
                self.bindings[port, default: []].append(Binding(address: binding.hostIP?.value ?? "", port: number))
            }
        }
    }

    private struct Wire: Decodable {
        var id: String
        var name: Lenient<String>?
        var image: Lenient<String>?
        var state: State
        var config: Lenient<Config>?
        var hostConfig: Lenient<HostConfig>?
        var networkSettings: Lenient<NetworkSettings>?

        enum CodingKeys: String, CodingKey {
            case id = "Id", name = "Name", image = "Image", state = "State", config = "Config"
            case hostConfig = "HostConfig", networkSettings = "NetworkSettings"
        }

        struct State: Decodable {
            var running: Bool
            var status: Lenient<String>?
            var restarting: Lenient<Bool>?
            var dead: Lenient<Bool>?
            var health: Lenient<Health>?

            enum CodingKeys: String, CodingKey {
                case running = "Running", status = "Status", restarting = "Restarting", dead = "Dead"
                case health = "Health"
            }
        }

        struct Health: Decodable {
            var status: Lenient<String>?
            /// The last runs, the newest last.
            var log: Lenient<[Lenient<Run>]>?

            enum CodingKeys: String, CodingKey { case status = "Status", log = "Log" }

            struct Run: Decodable {
                var output: Lenient<String>?

                enum CodingKeys: String, CodingKey { case output = "Output" }
            }
        }

        struct Config: Decodable {
            var image: Lenient<String>?
            var env: Lenient<[Lenient<String>]>?
            var labels: Texts?
            var exposedPorts: Lenient<[String: Lenient<Nothing>]>?

            enum CodingKeys: String, CodingKey {
                case image = "Image", env = "Env", labels = "Labels", exposedPorts = "ExposedPorts"
            }
        }

        struct HostConfig: Decodable {
            var networkMode: Lenient<String>?

            enum CodingKeys: String, CodingKey { case networkMode = "NetworkMode" }
        }

        struct NetworkSettings: Decodable {
            var ports: Lenient<[String: Lenient<[Lenient<Binding>]>?]>?

            enum CodingKeys: String, CodingKey { case ports = "Ports" }
        }

        struct Binding: Decodable {
            var hostIP: Lenient<String>?
            var hostPort: Lenient<String>?

            enum CodingKeys: String, CodingKey { case hostIP = "HostIp", hostPort = "HostPort" }
        }

        struct Nothing: Decodable {}
    }
}

extension Lenient<String>? {
    /// The name without its slash; `nil` if an instance's id could not carry it.
    fileprivate var containerName: String? {
        guard let text = self?.value else { return nil }
        let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
        return name.isEmpty || name.utf8.count > 128 || name != name.printable ? nil : name
    }
}

extension ImageSettings: Decodable {
    /// Reads the answer to `GET /images/{id}/json`.
    init(from decoder: any Decoder) throws {
        let wire = try Wire(from: decoder)
        self.init(
            labels: (wire.config?.value?.labels).texts, environment: DockerWatch.environment(wire.config?.value?.env))
    }

    private struct Wire: Decodable {
        var config: Lenient<Config>?

        enum CodingKeys: String, CodingKey { case config = "Config" }

        struct Config: Decodable {
            var env: Lenient<[Lenient<String>]>?
            var labels: Texts?

            enum CodingKeys: String, CodingKey { case env = "Env", labels = "Labels" }
        }
    }
}

extension ContainerSummary: Decodable {
    /// Reads one entry of the answer to `GET /containers/json`.
    init(from decoder: any Decoder) throws {
        let wire = try Wire(from: decoder)
        let names: [Lenient<String>] = wire.names?.value ?? []
        // A linked container is also listed under its peer: "/peer/alias".
        let name = names.compactMap(\.value).first { !$0.dropFirst().contains("/") }
        self.init(
            id: wire.id, name: String(name?.drop { $0 == "/" } ?? wire.id.prefix(12)), image: wire.image?.value ?? "",
            state: wire.state?.value ?? "",
            ports: Set((wire.ports?.value ?? []).compactMap(\.value).map(\.text)))
        // "Up 3 minutes (healthy)", and not how many minutes.
        if let status = wire.status?.value, status.last == ")", let start = status.lastIndex(of: "(") {
            health = String(status[start...].dropFirst().dropLast())
        }
    }

    private struct Wire: Decodable {
        var id: String
        var names: Lenient<[Lenient<String>]>?
        var image: Lenient<String>?
        var state: Lenient<String>?
        var status: Lenient<String>?
        var ports: Lenient<[Lenient<Port>]>?

        enum CodingKeys: String, CodingKey {
            case id = "Id", names = "Names", image = "Image", state = "State", status = "Status", ports = "Ports"
        }

        struct Port: Decodable {
            var address: String?
            var privatePort: Int?
            var publicPort: Int?
            var transport: String?

            var text: String { "\(address ?? ""):\(publicPort ?? 0):\(privatePort ?? 0)/\(transport ?? "")" }

            enum CodingKeys: String, CodingKey {
                case address = "IP", privatePort = "PrivatePort", publicPort = "PublicPort", transport = "Type"
            }
        }
    }
}

extension EngineInfo: Decodable {
    /// Reads the answer to `GET /info`.
    ///
    /// - Throws: if it has no id, without which nobody could tell whose containers these are.
    init(from decoder: any Decoder) throws {
        let wire = try Wire(from: decoder)
        guard !wire.id.isEmpty, wire.id.utf8.count <= 255, wire.id == wire.id.printable else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [Wire.CodingKeys.id], debugDescription: "the engine does not say its id"))
        }
        self.init(id: wire.id, version: wire.version?.value ?? "", time: wire.time?.value.flatMap(Self.seconds))
    }

    /// Reads RFC 3339 text to the second: `2026-11-23T05:53:15.255775900+01:00`.
    private static func seconds(_ text: String) -> Int? {
        var text = text
        if let dot = text.firstIndex(of: ".") {
            let end = text[dot...].dropFirst().firstIndex { !$0.isNumber } ?? text.endIndex
            text.removeSubrange(dot..<end)
        }
        return (try? Date(text, strategy: .iso8601)).map { Int($0.timeIntervalSince1970) }
    }

    private struct Wire: Decodable {
        var id: String
        var version: Lenient<String>?
        var time: Lenient<String>?

        enum CodingKeys: String, CodingKey { case id = "ID", version = "ServerVersion", time = "SystemTime" }
    }
}
