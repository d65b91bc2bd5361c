/// An explanation as indented lines: the colours are added to what is harmless already.
struct ExplanationText {
    private(set) var lines: [String] = []
    private let terminal: Terminal

    init(_ explanation: Explanation, for terminal: Terminal) {
        self.terminal = terminal
        for container in explanation.containers { add(container) }
        if let note = explanation.containersNote { add("containers are shown \(note)") }
        for service in explanation.services { add(service) }
    }

    private mutating func add(_ container: Explanation.Container) {
        add(
            "", .bold, "container \(container.name)",
            then: " (\(container.id.prefix(12))), image \(container.image), \(container.state)")
        for port in container.registered {
            add(
                "  \(port.containerPort.map { "port \($0)" } ?? "no port"): service \(port.service), instance "
                    + "\(port.instance), at \(port.address):\(port.port)")
            add("    name from \(port.nameFrom)")
            if let tags = port.tagsFrom { add("    tags from \(tags)") }
            add("    address from \(port.addressFrom)")
        }
        for port in container.skipped {
            let what = port.containerPort.map { "port \($0)" } ?? "not registered"
            add("  ", .yellow, what, then: ": \(port.reason)")
        }
        for note in container.notes { add("  \(note)") }
    }

    private mutating func add(_ service: Explanation.Service) {
        add("", .bold, "service \(service.name)")
        for instance in service.instances {
            let tags = instance.tags.isEmpty ? "" : ", tags \(instance.tags.joined(separator: ","))"
            add(
                "  instance \(instance.id) on \(instance.node), at \(instance.address):\(instance.port)\(tags): ",
                Self.colours[instance.health], instance.health)
            add("    \(instance.owner)")
            for check in instance.checks {
                let output = check.output.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
                add("    check \(check.id) ", Self.colours[check.status], check.status, then: output)
            }
        }
        let isPublished = service.dns.published
        add(
            "  ", isPublished ? Colour.green : .red, isPublished ? "in DNS" : "not in DNS",
            then: service.dns.reason.map { ": \($0)" } ?? "")
        for record in service.dns.records { add("    \(record)") }
        for question in service.dns.ask { add("  try \(question)") }
    }

    private static let colours: [String: Colour] = [
        "passing": .green, "warning": .yellow, "critical": .red, "maintenance": .yellow,
    ]

    private mutating func add(_ line: String) { lines.append(terminal.clean(line)) }

    /// Adds one line, of which `word` has the colour.
    private mutating func add(_ start: String, _ colour: Colour?, _ word: String, then rest: String = "") {
        let word = terminal.clean(word)
        let painted = colour.map { $0.paint(word, if: terminal.colour) } ?? word
        lines.append(terminal.clean(start) + painted + terminal.clean(rest))
    }
}
