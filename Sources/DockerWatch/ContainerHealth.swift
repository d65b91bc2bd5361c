import Registry

/// What the engine says of a container's HEALTHCHECK.
struct ContainerHealth: Hashable, Sendable {
    var status: HealthStatus
    /// What the last run said, or why there was none.
    var output: String

    /// - Parameters:
    ///   - word: `healthy`, `unhealthy` or `starting`: not healthy yet.
    ///   - output: of the last run.
    /// - Returns: `nil` for any other word, such as `none`: there is no check.
    init?(_ word: String, output: String) {
        switch word {
        case "healthy": status = .passing
        case "unhealthy": status = .critical
        case "starting": status = .critical
        default: return nil
        }
        let isFirst = output.isEmpty && word == "starting"
        self.output = isFirst ? "the container's HEALTHCHECK has not run yet" : CheckOutput.beginning(of: output)
    }

    /// The check that an instance of the container has.
    func check(of instance: ServiceInstance) -> HealthCheck {
        HealthCheck(
            node: instance.node, id: Self.checkID(of: instance), name: "Docker HEALTHCHECK", status: status,
            output: output, instance: instance.id, definition: CheckDefinition(source: .container))
    }

    static func checkID(of instance: ServiceInstance) -> CheckID { "docker:\(instance.id)" }
}
