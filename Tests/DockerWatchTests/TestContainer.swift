import DNS
import Registry

@testable import DockerWatch

/// Shorthand for what the tests are about.
extension Container {
    static func running(
        _ name: String = "a1", image: String = "web1", imageID: String = "sha256:" + String(repeating: "d", count: 64),
        expose: [String] = [], publish: [String: [Binding]] = [:], network: String = "bridge",
        labels: [String: String] = [:], environment: [String: String] = [:]
    ) -> Container {
        Container(
            id: id(name), name: name, image: image, imageID: imageID, status: "running", isRunning: true,
            networkMode: network, exposedPorts: Set(expose.compactMap { ContainerPort($0) }),
            bindings: Dictionary(
                uniqueKeysWithValues: publish.compactMap { text, bindings in
                    ContainerPort(text).map { ($0, bindings) }
                }),
            labels: labels, environment: environment)
    }

    /// 64 hexadecimal digits that start with those of the name's octets.
    static func id(_ name: String) -> String {
        let digits = name.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return String((digits + String(repeating: "0", count: 64)).prefix(64))
    }
}

extension [Container.Binding] {
    /// What `-p <port>:...` and `-P` give: the port on all addresses of both families.
    static func everywhere(_ port: UInt16) -> Self { at("0.0.0.0", port) + at("::", port) }

    static func at(_ address: String, _ port: UInt16) -> Self { [.init(address: address, port: port)] }
}

extension Agent {
    static let test = Agent(
        node: testNode, nodeID: "8b8f5f0e-8d9c-4d3e-9a52-2f2b7c0a1e11", address: .v4(0x0a0b_61b5), datacenter: "dc1",
        domain: .root)

    private static let testNode: NodeName = {
        do { return try NodeName("vm") } catch { fatalError("\(error)") }
    }()
}

extension Derivation {
    init(_ container: Container, image: ImageSettings? = nil, agent: Agent = .test) {
        self.init(of: container, image: image, engine: "ENGINE", agent: agent)
    }

    /// One line for each instance: `id -> name address:port [tags]`.
    var lines: [String] {
        instances.map { instance in
            let address = instance.address?.text ?? ""
            let shown = address.contains(":") ? "[\(address)]" : address
            let tags = instance.tags.isEmpty ? "" : " [" + instance.tags.joined(separator: "|") + "]"
            return "\(instance.id) -> \(instance.name.text) \(shown):\(instance.port)\(tags)"
        }
    }

    /// What name, tags and address of each instance came from; `-` for nothing.
    var sources: [[String]] {
        report.decisions.compactMap { decision in
            guard case .registered(let registration) = decision.outcome else { return nil }
            let sources = registration.sources
            return [sources.name, sources.tags ?? "-", sources.address]
        }
    }

    /// `port: reason` for what was skipped.
    var reasons: [String] {
        report.decisions.compactMap { decision in
            if case .skipped(let reason) = decision.outcome {
                "\(decision.port ?? "container"): \(reason)"
            } else {
                nil
            }
        }
    }
}
