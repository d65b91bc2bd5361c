/// An explanation as indented lines.
struct ExplanationText {
    private(set) var lines: [String] = []
    private let colour: Bool

    init(_ explanation: Explanation, colour: Bool) {
        self.colour = colour
        for container in explanation.containers { add(container) }
        if let note = explanation.containersNote { lines.append("containers are shown \(note)") }
        for service in explanation.services { add(service) }
    }

    private mutating func add(_ container: Explanation.Container) {
        let title = Colour.bold.paint("container \(container.name)", if: colour)
        lines.append("\(title) (\(container.id.prefix(12))), image \(container.image), \(container.state)")
        for port in container.registered {
            lines.append(
                "  \(port.containerPort.map { "port \($0)" } ?? "no port"): service \(port.service), instance "
                    + "\(port.instance), at \(port.address):\(port.port)")
            lines.append("    name from \(port.nameFrom)")
            if let tags = port.tagsFrom { lines.append("    tags from \(tags)") }
            lines.append("    address from \(port.addressFrom)")
        }
        for port in container.skipped {
            let what = port.containerPort.map { "port \($0)" } ?? "not registered"
            lines.append("  \(Colour.yellow.paint(what, if: colour)): \(port.reason)")
        }
        lines += container.notes.map { "  \($0)" }
    }

    private mutating func add(_ service: Explanation.Service) {
        lines.append(Colour.bold.paint("service \(service.name)", if: colour))
        for instance in service.instances {
            let tags = instance.tags.isEmpty ? "" : ", tags \(instance.tags.joined(separator: ","))"
            lines.append(
                "  instance \(instance.id) on \(instance.node), at \(instance.address):\(instance.port)\(tags): "
                    + paint(instance.health))
            lines.append("    \(instance.owner)")
            for check in instance.checks {
                let output = check.output.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
                lines.append("    check \(check.id) \(paint(check.status))\(output)")
            }
        }
        let isPublished = service.dns.published
        let word = (isPublished ? Colour.green : .red).paint(isPublished ? "in DNS" : "not in DNS", if: colour)
        lines.append("  \(word)\(service.dns.reason.map { ": \($0)" } ?? "")")
        lines += service.dns.records.map { "    \($0)" }
        lines += service.dns.ask.map { "  try \($0)" }
    }

    private func paint(_ health: String) -> String {
        let colours: [String: Colour] = [
            "passing": .green, "warning": .yellow, "critical": .red, "maintenance": .yellow,
        ]
        return colours[health].map { $0.paint(health, if: colour) } ?? health
    }
}

/// What `/v1/berth/explain` says.
struct Explanation: Decodable {
    let containers: [Container]
    let containersNote: String?
    let services: [Service]

    struct Container: Decodable {
        let name: String
        let id: String
        let image: String
        let state: String
        let registered: [Registered]
        let skipped: [Skipped]
        let notes: [String]
    }

    struct Registered: Decodable {
        let containerPort: String?
        let service: String
        let instance: String
        let address: String
        let port: UInt16
        let nameFrom: String
        let tagsFrom: String?
        let addressFrom: String
    }

    struct Skipped: Decodable {
        let containerPort: String?
        let reason: String
    }

    struct Service: Decodable {
        let name: String
        let instances: [Instance]
        let dns: Published
    }

    struct Instance: Decodable {
        let id: String
        let node: String
        let address: String
        let port: UInt16
        let tags: [String]
        let owner: String
        let health: String
        let checks: [Check]
    }

    struct Check: Decodable {
        let id: String
        let status: String
        let output: String
    }

    struct Published: Decodable {
        let published: Bool
        let reason: String?
        let ask: [String]
        let records: [String]
    }
}
