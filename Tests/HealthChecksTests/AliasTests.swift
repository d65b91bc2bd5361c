import DNS
import Registry
import Testing

@testable import HealthChecks

@Suite(.timeLimit(.minutes(1))) struct `Checks that are as good as others are` {
    private func alias(node: NodeName? = nil, _ instance: InstanceID? = nil) -> CheckDefinition {
        CheckDefinition(source: .alias(.init(node: node, instance: instance)))
    }

    @Test func `of a service: its worst check, and that it is there at all`() async throws {
        try await withChecker { checks in
            try await checks.register(definition: alias("db"))
            try await checks.wait(until: "it is told") { try !checks.output.isEmpty }
            #expect(try checks.output == "Service db could not be found on node server01")

            try await checks.register("db", definition: nil, status: .passing)
            try await checks.wait(for: .passing)
            #expect(try checks.output == "All checks passing.")
            let key = CheckKey(node: checks.node, id: "service:db")
            try await checks.registry.submit([.setStatus(key, .warning, output: "slow")])
            try await checks.wait(for: .warning)
            #expect(try checks.output == #"Aliased check "db" failing: slow"#)
            try await checks.registry.submit([.setStatus(key, .critical, output: "down")])
            try await checks.wait(for: .critical)
            try await checks.registry.submit([.removeCheck(key)])
            try await checks.wait(for: .passing)
            #expect(try checks.output == "No checks found.")
            try await checks.registry.submit([.removeInstance(InstanceKey(node: checks.node, id: "db"))])
            try await checks.wait(for: .critical)
        }
    }

    @Test func `of a node: its own checks, not those of its services`() async throws {
        try await withChecker { checks in
            let other = try NodeName("other")
            try await checks.registry.submit([.putNode(Node(name: other, id: "", address: Address(.v4(1))))])
            try await checks.register("down", definition: nil, status: .critical, node: other)
            try await checks.register(definition: alias(node: other))
            try await checks.wait(for: .passing)
            let disk = HealthCheck(node: other, id: "disk", name: "disk", status: .warning, output: "full")
            try await checks.registry.submit([.putCheck(disk)])
            try await checks.wait(for: .warning)
            try await checks.registry.submit([.removeNode(other)])
            try await checks.wait(for: .passing)
        }
    }

    @Test func `of the service that it belongs to: itself left out`() async throws {
        try await withChecker { checks in
            try await checks.register(definition: alias("web"))
            try await checks.wait(for: .passing)
            #expect(try checks.output == "No checks found.")
        }
    }

    @Test func `of a service go on when the one they belong to gets another name`() async throws {
        try await withChecker { checks in
            try await checks.register("db", definition: nil, status: .passing)
            let target = CheckKey(node: checks.node, id: "service:db")
            for number in 0..<8 {
                let instance = ServiceInstance(node: checks.node, id: "web", name: try ServiceName("web\(number)"))
                let check = HealthCheck(
                    node: checks.node, id: "service:web", name: "web", instance: "web", definition: alias("db"))
                try await checks.registry.submit([.putInstance(instance, checks: [check])])
                for status in [HealthStatus.warning, .passing] {
                    try await checks.registry.submit([.setStatus(target, status, output: "\(number)")])
                    try await checks.wait(for: status)
                }
            }
        }
    }
}
